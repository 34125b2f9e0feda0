"""When submissions changed, by what Central remembers of it.

A deletion's time is in the trash, for 30 days. An edit's time is on the row itself
until someone reviews it; then it is in the submission's history, at one request each.
"""

import logging
from collections.abc import Collection, Iterator
from datetime import datetime
from urllib.parse import quote

from ingestion.errors import SourceUnavailableError
from ingestion.sources.base import Changes, Submission
from ingestion.sources.http import HttpRefusalError
from ingestion.sources.odk.central import (
    MARK_FIELDS,
    MARKS_AT_ONCE,
    NOT_FOUND,
    CentralForm,
    Params,
    literal,
)
from ingestion.sources.odk.records import (
    ServerIds,
    has_id,
    read_instant,
    review_taken_back_at,
    root_id,
)

LOG = logging.getLogger(__name__)
HISTORIES_AT_MOST = 1_000

Moment = tuple[str, datetime]


class History:
    """What one run needs to know about the past of a form's submissions.

    Args:
        form: The form.
        ids: The submissions' ids as the server spells them.
    """

    def __init__(self, form: CentralForm, ids: ServerIds) -> None:
        self._form = form
        self._ids = ids
        self._undated_edits: set[str] = set()
        self._reviews_taken_back: dict[str, datetime] = {}

    def note(self, submission: Submission) -> None:
        """Note what the row of a submission does, or does not, tell of its past."""
        root = submission.mark.submission_id
        if submission.was_edited and submission.edited_at is None:
            self._undated_edits.add(root)
        taken_back = review_taken_back_at(submission.payload)
        if taken_back is not None:
            self._reviews_taken_back[root] = taken_back

    def changes(self, root_ids: Collection[str], since: datetime | None) -> Changes:
        """Return when these changed; what the server refuses to tell is left out."""
        if not root_ids:
            return Changes()
        edited: dict[str, datetime] = {}
        deleted: dict[str, datetime] = {}
        try:
            deleted.update(self._deletions(root_ids, since))
            edited.update(self._edits(root_ids))
        except (HttpRefusalError, SourceUnavailableError) as error:
            LOG.warning(
                "When submissions of %s changed is left out, so changes are dated by "
                "this run where the submissions do not say when: %s",
                self._form.name,
                error,
            )
        taken_back = {
            root: at
            for root, at in self._reviews_taken_back.items()
            if root in root_ids
        }
        return Changes(edited, taken_back, deleted)

    def _deletions(
        self, root_ids: Collection[str], since: datetime | None
    ) -> Iterator[Moment]:
        when = "ne null" if since is None else f"ge {literal(since)}"
        trash: Params = {
            "$filter": f"__system/deletedAt {when}",
            "$select": MARK_FIELDS,
            "$top": MARKS_AT_ONCE,
        }
        for page in self._form.pages(trash):
            for record in filter(has_id, page["value"]):
                at = read_instant(record["__system"].get("deletedAt"))
                if root_id(record) in root_ids and at is not None:
                    yield root_id(record), at

    def _edits(self, root_ids: Collection[str]) -> Iterator[Moment]:
        asked = sorted(self._undated_edits.intersection(root_ids))
        if len(asked) > HISTORIES_AT_MOST:
            LOG.info(
                "The histories of %d submissions of %s are not asked for, so their "
                "edits are dated by this run.",
                len(asked) - HISTORIES_AT_MOST,
                self._form.name,
            )
        for root in asked[:HISTORIES_AT_MOST]:
            at = self._edited_at(root)
            if at is not None:
                yield root, at

    def _edited_at(self, root: str) -> datetime | None:
        instance_id = quote(self._ids.of(root), safe="")
        try:
            versions = self._form.get(f"/submissions/{instance_id}/versions")
        except HttpRefusalError as refusal:
            if refusal.status == NOT_FOUND:
                return None  # deleted since
            raise
        times = [read_instant(one.get("createdAt")) for one in versions]
        known = sorted(at for at in times if at is not None)
        # The first is the submission itself.
        return known[-1] if len(known) > 1 else None
