"""From the warehouse back to the form servers: the lists that forms read."""

from ingestion.media.publishing import (
    MediaReport,
    forms_with_media,
    publish_media,
)

__all__ = ["MediaReport", "forms_with_media", "publish_media"]
