# talk2me. `make run` starts a server; `make test` runs every test; `make help` lists the rest.

PYTHON ?= python3
BIN := .venv/bin
NODE_PATH_OF = $$($(BIN)/python scripts/node_path.py)

.DEFAULT_GOAL := help
.PHONY: help run cluster client set-up set-up-cluster set-up-tests set-up-bench env test test-python test-js test-e2e test-malicious attack verify-host pictures operators-path faults soak fifty check format bench locks clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: set-up ## start a server on http://127.0.0.1:8000 (everything it needs is installed here)
	@$(BIN)/python manage.py serve

set-up:
	@command -v $(PYTHON) >/dev/null || { echo "talk2me: needs Python 3.11 or newer, and found no $(PYTHON)"; exit 1; }
	@$(PYTHON) scripts/set_up.py

cluster: set-up-cluster ## start PostgreSQL, Valkey, Caddy with TLS, several workers and the jobs: https://localhost:8443
	@exec $(BIN)/python -m cluster

client: ## make the talk2me command ready, bin/talk2me (docs/command_line.md)
	@command -v $(PYTHON) >/dev/null || { echo "talk2me: needs Python 3.11 or newer, and found no $(PYTHON)"; exit 1; }
	@$(PYTHON) scripts/set_up.py --client

set-up-cluster:
	@command -v $(PYTHON) >/dev/null || { echo "talk2me: needs Python 3.11 or newer, and found no $(PYTHON)"; exit 1; }
	@$(PYTHON) scripts/set_up.py --cluster

set-up-bench:
	@command -v $(PYTHON) >/dev/null || { echo "talk2me: needs Python 3.11 or newer, and found no $(PYTHON)"; exit 1; }
	@$(PYTHON) scripts/set_up.py --bench

set-up-tests:
	@command -v $(PYTHON) >/dev/null || { echo "talk2me: needs Python 3.11 or newer, and found no $(PYTHON)"; exit 1; }
	@$(PYTHON) scripts/set_up.py --tests

test: set-up-tests test-js ## run every test: JavaScript in Node, Python, browser
	@$(BIN)/python scripts/side_by_side.py test-python,test-malicious test-e2e

test-js:
	@PATH="$(NODE_PATH_OF):$$PATH" npm test --silent

test-python:
	@$(BIN)/python scripts/run_pytest.py python tests --ignore=tests/e2e --ignore=tests/malicious

test-e2e:
	@$(BIN)/python scripts/run_pytest.py e2e tests/e2e

test-malicious:
	@$(BIN)/python scripts/run_pytest.py malicious tests/malicious

attack: set-up-tests ## try every attack that SECURITY.md lists and print what came out (ROW=8: one of them)
	@PATH="$(NODE_PATH_OF):$$PATH" $(BIN)/python -m tests.malicious.report $(if $(ROW),--row $(ROW))

pictures: set-up-tests ## take the reference pictures and those of the docs anew, then look at what git says has changed
	@RENEW_PICTURES=1 $(BIN)/python -m pytest tests/e2e/pictures -q -p no:cacheprovider

operators-path: set-up-tests ## walk an operator's way on port 8000, from nothing to the update from BEFORE=commit, for docs/operators_path.md
	@$(BIN)/python -m tests.e2e.operators_path "$(BEFORE)"

verify-host: set-up ## compare a host with this checkout or a release: URL=https://... (RELEASE=manifest, KEY=, CA=)
ifdef RELEASE
	@$(BIN)/python scripts/verify_host.py "$(URL)" --manifest "$(RELEASE)" $(if $(KEY),--key "$(KEY)") $(if $(CA),--ca "$(CA)")
else
	@$(BIN)/python manage.py manifest | $(BIN)/python scripts/verify_host.py "$(URL)" --manifest - $(if $(CA),--ca "$(CA)")
endif

faults: set-up-tests ## kill, pause and fill up servers under load, in full, three times in a row
	@for turn in 1 2 3; do echo "turn $$turn of 3"; FAULTS=full $(BIN)/python -m pytest tests/faults -s || exit 1; done

soak: set-up-tests ## three accounts with three devices each write 10,000 messages in bad weather (MESSAGES=, SEED=, MINUTES=)
	@PATH="$(NODE_PATH_OF):$$PATH" node --experimental-websocket tests/js/soak/main.js

fifty: set-up-tests ## a group of fifty people on a real server (MEMBERS=)
	@PATH="$(NODE_PATH_OF):$$PATH" MEMBERS=$(or $(MEMBERS),50) node --experimental-websocket --test tests/js/session/groups/many_people.test.js

check: set-up-tests ## lint, format, types and layer contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@PATH="$(NODE_PATH_OF):$$PATH" npm run --silent lint
	@PATH="$(NODE_PATH_OF):$$PATH" npm run --silent types

format: set-up-tests ## let ruff format the Python code
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

bench: set-up-bench ## measure everything, beside its peers in the same run (forty minutes; QUICK=1: nine)
	@$(BIN)/python -m benchmarks $(if $(QUICK),--quick)

locks: set-up-tests ## compile the hashed locks from the .in files
	@for name in requirements requirements-dev requirements-node requirements-cluster requirements-bench requirements-s3; do \
	  $(BIN)/uv pip compile --quiet --generate-hashes --no-header --universal --python-version 3.11 $$name.in -o $$name.txt; done

clean: ## remove what was installed and built; keeps .env and var/ (the data)
	@rm -rf .venv node_modules static/vendor built .mypy_cache .ruff_cache .pytest_cache .hypothesis
