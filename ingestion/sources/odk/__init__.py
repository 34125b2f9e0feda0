"""The adapter of ODK Central servers."""

from ingestion.sources.odk.answers import read_answers
from ingestion.sources.odk.media import OdkMedia
from ingestion.sources.odk.session import SessionAuth
from ingestion.sources.odk.source import OdkSource

__all__ = ["OdkMedia", "OdkSource", "SessionAuth", "read_answers"]
