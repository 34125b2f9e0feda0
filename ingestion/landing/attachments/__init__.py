"""Files of submissions, fetched once and kept as long as the record they belong to."""

from ingestion.landing.attachments.fetching import fetch_attachments, forms_with_files
from ingestion.landing.attachments.report import AttachmentReport
from ingestion.landing.attachments.store import AttachmentStore, open_store

__all__ = [
    "AttachmentReport",
    "AttachmentStore",
    "fetch_attachments",
    "forms_with_files",
    "open_store",
]
