"""`make bench`: everything that is measured, in one run. benchmarks/README.md says what and beside what."""

import json

from benchmarks import durable_envelopes, first_visit

durable_envelopes.main()
figures = first_visit.main()
target = durable_envelopes.ROOT / "var/bench/first_visit.json"
target.write_text(json.dumps(figures, indent=2) + "\n")
