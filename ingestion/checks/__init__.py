"""Whether a form could be landed, and if not, what a person should do about it."""

from ingestion.checks.forms import Checker, FormCheck
from ingestion.checks.problems import Problem
from ingestion.checks.sites import sites_without_cohort

__all__ = ["Checker", "FormCheck", "Problem", "sites_without_cohort"]
