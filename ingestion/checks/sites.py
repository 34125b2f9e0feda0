"""Sites that nothing is computed for, however well their forms land."""

from ingestion.checks.problems import Problem
from ingestion.registry import Registry


def sites_without_cohort(registry: Registry) -> list[Problem]:
    """Return a problem if families of a site would be in no mart; else nothing.

    A cohort says from when to when journals are expected. Of a family without one
    nothing is, so it counts nowhere, and nobody is told.
    """
    with_cohort = {
        site for cohort in registry.cohorts.values() for site in cohort.sites
    }
    without = [code for code in registry.sites if code not in with_cohort]
    if not without:
        return []
    message = (
        f"No cohort of {registry.path} has {', '.join(without)}, so no journal is "
        "expected of the families there and they are in no mart: add one under "
        "`cohorts`."
    )
    return [Problem("sites_without_cohort", message)]
