"""From an adapter to raw: forms and the registry, each run recorded and counted."""

from ingestion.landing.approvals import waiting_deletions
from ingestion.landing.attachments import (
    AttachmentReport,
    fetch_attachments,
    forms_with_files,
)
from ingestion.landing.bookkeeping.reconciliation import LandingReport
from ingestion.landing.drops.importing import ImportReport, import_file
from ingestion.landing.land_form import all_forms, find_form, land_form
from ingestion.landing.land_registry import land_registry

__all__ = [
    "AttachmentReport",
    "ImportReport",
    "LandingReport",
    "all_forms",
    "fetch_attachments",
    "find_form",
    "forms_with_files",
    "import_file",
    "land_form",
    "land_registry",
    "waiting_deletions",
]
