"""`make bench`: everything that is measured, in one run. benchmarks/README.md says what and beside what."""

import json

from benchmarks import durable_envelopes, first_visit
from benchmarks.servers.running import ROOT

durable_envelopes.main()
figures = first_visit.main()
target = ROOT / "var/bench/first_visit.json"
target.parent.mkdir(parents=True, exist_ok=True)
target.write_text(json.dumps(figures, indent=2) + "\n")
