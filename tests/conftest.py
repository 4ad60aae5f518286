"""What holds for every test."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from operators import append_only

# A machine that does other things too is slow, and slowness is no failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that commit empty every table after themselves: the audit list must let them."""
    with django_db_blocker.unblock():
        append_only.unprotect(connection)
