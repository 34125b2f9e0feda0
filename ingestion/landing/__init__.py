"""From an adapter to raw: forms and the registry, each run recorded and counted."""

from ingestion.landing.forms import all_forms, find_form, land_form
from ingestion.landing.reconciliation import LandingReport
from ingestion.landing.registry import land_registry

__all__ = ["LandingReport", "all_forms", "find_form", "land_form", "land_registry"]
