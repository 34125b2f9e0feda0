"""The adapter of KoboToolbox servers."""

from ingestion.sources.kobo.media import KoboMedia
from ingestion.sources.kobo.source import KoboSource

__all__ = ["KoboMedia", "KoboSource"]
