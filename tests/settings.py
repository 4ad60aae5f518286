"""Settings of the tests: nothing of the developer's own `.env` matters."""

import os
import subprocess
import tempfile

os.environ.update(
    SECRET_KEY="tests only, tests only, tests only, 1",
    FRANKING_KEY="tests only, tests only, tests only, 2",
    KEYLOG_KEY="tests only, tests only, tests only, 3",
    DEBUG="false",
    ORIGIN="http://127.0.0.1:8000",
    ALLOWED_HOSTS="127.0.0.1,localhost,testserver",
    REGISTRATION="open",
    # Tests of the work set their own.
    REGISTRATION_WORK="0",
    REDIS_URL="",
    # Tests of limits set their own; elsewhere hundreds of requests come from one address in seconds.
    RATE_ACCOUNTS="",
    RATE_EVENTS="",
    RATE_SIGN_IN="",
    RATE_LINK="",
    RATE_RECOVERY="",
    RATE_LOOKUP="",
    RATE_CLAIM="",
    RATE_CLAIM_PAIR="",
    RATE_ADD="",
    RATE_ADD_PAIR="",
    RATE_STORED="",
    RATE_ADMIN="",
    RATE_ADMIN_NAME="",
    RATE_API="",
    RATE_FRAMES="",
)
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="talk2me-tests-"))
os.environ.setdefault("DATABASE_URL", f"sqlite:///{os.environ['DATA_DIR']}/talk2me.sqlite3")

from scripts.set_up import ROOT, find_node
from talk2me import built_page

if not built_page.is_current():
    # Somebody has changed the page's sources since the last `make`.
    subprocess.run([find_node() / "node", "scripts/build_page.js"], cwd=ROOT, check=True)

from talk2me.settings import *  # noqa: F403
