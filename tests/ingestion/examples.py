"""How many examples Hypothesis tries, and whether they are the same every time."""

from hypothesis import HealthCheck, Phase, settings

# Timing is never asserted, and no example is remembered between runs.
MANY = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
# The same ones on every machine; a failing one is shown as it was drawn.
SAME = settings(MANY, derandomize=True, phases=[Phase.explicit, Phase.generate])
