"""What holds for every test."""

from hypothesis import HealthCheck, settings

# A machine that does other things too is slow, and slowness is no failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
