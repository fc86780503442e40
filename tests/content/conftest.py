"""How the properties of the text are tried."""

from hypothesis import HealthCheck, settings

# Machines that build are slow and shared: a property fails for what it says, never for its time.
settings.register_profile(
    "content", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("content")
