"""Make the peer's database: `python -m benchmarks.tutorial_peer.prepare <number of people>`."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.tutorial_peer.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - needs loaded apps

from benchmarks.tutorial_peer.models import Member  # noqa: E402
from benchmarks.wires.wire import conversations  # noqa: E402

call_command("migrate", run_syncdb=True, verbosity=0)
Member.objects.bulk_create(
    Member(room=f"{one}-{other}", person=f"person{person}")
    for one, other in conversations(int(sys.argv[1]))
    for person in (one, other)
)
