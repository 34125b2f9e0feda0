"""What of KoboToolbox's project history can be believed about the time of a change.

Entries come newest first. Some are missing, and some tell of deletions that failed, so
an entry only dates a change where no later one about the same submission speaks against
it; and none makes a change.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from ingestion.sources.base import Changes
from ingestion.sources.kobo.records import read_instant

Moments = dict[str, datetime]
TAKEN_BACK = "None"  # the status in the entry of a review that was taken back


def read_changes(
    entries: Iterable[Mapping[str, Any]], root_ids: Collection[str]
) -> Changes:
    """Return when these submissions changed last.

    Args:
        entries: Of the project history, newest first.
        root_ids: Entries about other submissions are passed over.
    """
    edited: Moments = {}
    deleted: Moments = {}
    latest_review: dict[str, tuple[str, datetime]] = {}
    for entry in entries:
        about = (entry.get("metadata") or {}).get("submission") or {}
        root_id = about.get("root_uuid")
        at = read_instant(entry.get("date_created"))
        if not root_id or root_id not in root_ids or at is None:
            continue
        if entry.get("action") == "delete-submission":
            # Whatever was changed later had not been deleted.
            if root_id not in edited and root_id not in latest_review:
                deleted.setdefault(root_id, at)
        elif "status" in about:
            latest_review.setdefault(root_id, (str(about["status"]), at))
        else:
            edited.setdefault(root_id, at)
    # A review that stands tells its time itself; only one taken back does not.
    taken_back = {
        root_id: at
        for root_id, (status, at) in latest_review.items()
        if status == TAKEN_BACK
    }
    return Changes(edited, taken_back, deleted)
