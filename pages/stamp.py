"""Whether pages say that their data are synthetic."""

import os

VARIABLE = "DASHBOARDS_SYNTHETIC"


def says_synthetic() -> bool:
    """Return whether the data are synthetic, going by the environment.

    Real data shown as synthetic are a nuisance; synthetic data shown as real would be a
    lie. So the stamp is there unless somebody took it off by name.
    """
    return os.environ.get(VARIABLE, "true").strip().lower() != "false"
