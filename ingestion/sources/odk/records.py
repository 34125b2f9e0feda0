"""How ODK Central writes a submission, and what of it is ours to compare.

`__id` survives an edit, `meta/instanceID` does not; `submissionDate` never changes;
`updatedAt` is when a submission was edited or reviewed last, whichever came later.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from ingestion.sources.base import Json, Mark, Rejected, ReviewState, Submission
from ingestion.sources.odk.answers import version_answered
from ingestion.sources.storable import is_unstorable

Kind = TypeVar("Kind", Mark, Submission)

ID_PREFIX = "uuid:"
EDITED = "edited"  # the review state that an edit leaves behind
REVIEW_STATES: dict[str, ReviewState] = {
    "approved": "approved",
    "rejected": "not_approved",
    "hasIssues": "on_hold",
}


def has_id(record: Json) -> bool:
    """Return whether `record` is an object with a usable `__id`."""
    return (
        isinstance(record, dict)
        and isinstance(record.get("__id"), str)
        and not is_unstorable(record["__id"])
    )


def read_record(
    record: Json, reader: Callable[[dict[str, Any]], Kind]
) -> Kind | Rejected:
    """Return what `reader` makes of `record`, or why it cannot be read."""
    if not has_id(record):
        return Rejected(None, "it has no id", json.dumps(record))
    try:
        return reader(record)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        reason = f"{type(error).__name__.removesuffix('Error').lower()} error: {error}"
        return Rejected(root_id(record), reason, json.dumps(record))


def root_id(record: Mapping[str, Any]) -> str:
    """Return the submission's identity, which edits leave alone."""
    return str(record["__id"]).removeprefix(ID_PREFIX)


class ServerIds:
    """Submissions' ids as the server spells them, which is with a prefix or without.

    Where it has the same id both with and without, the row that it lists first is the
    submission. Only the rare ids without are remembered, so that a large form's need
    not fit into our memory: one of these is known to come second if the row with the
    prefix is on the same page.
    """

    def __init__(self) -> None:
        self._without_prefix: set[str] = set()
        self._seconds: set[str] = set()

    def note(self, page: Iterable[Json]) -> None:
        """Note how the ids of these rows, in the order of the list, are spelled."""
        with_prefix: set[str] = set()
        for record in filter(has_id, page):
            spelled, root = record["__id"], root_id(record)
            if spelled in self._seconds:
                continue
            is_bare = spelled == root
            if root in (with_prefix if is_bare else self._without_prefix):
                self._seconds.add(spelled)
            else:
                (self._without_prefix if is_bare else with_prefix).add(root)

    def is_second(self, record: Json) -> bool:
        """Return whether an earlier row, of those noted, has the same id."""
        return has_id(record) and record["__id"] in self._seconds

    def of(self, submission_id: str) -> str:
        """Return the `__id`; one that no row has shown yet has the prefix."""
        is_bare = submission_id in self._without_prefix
        return submission_id if is_bare else f"{ID_PREFIX}{submission_id}"

    def spellings(self, submission_id: str) -> list[str]:
        """Return what the `__id` may be, the likeliest first."""
        return list(dict.fromkeys((self.of(submission_id), submission_id)))


def read_mark(record: Mapping[str, Any]) -> Mark:
    """Return what tells whether the submission was edited or reviewed.

    An attachment that comes late moves no time, so their number is part of the mark.
    """
    system = record["__system"]
    edit_mark = (
        f"{system['submissionDate']} {system['edits']} {system['attachmentsPresent']}"
    )
    review_mark = f"{system['reviewState'] or ''} {system['updatedAt'] or ''}".strip()
    return Mark(
        submission_id=root_id(record),
        edit_mark=_stored_text("__system", edit_mark),
        review_mark=_stored_text("__system", review_mark),
    )


def read_submission(record: dict[str, Any]) -> Submission:
    """Return the submission.

    Its content, which is hashed to see edits, is the id of the version of it that
    stands now and the number of its attachments, and not its answers: Central gives
    every version an id of its own, while what OData shows of an old submission changes
    whenever the form is published anew, and that is no edit.

    Raises:
        KeyError, ValueError, TypeError, OverflowError: It lacks what every submission
            has, or it is encrypted.
    """
    mark = read_mark(record)
    system = record["__system"]
    if system.get("status"):
        raise ValueError(
            f"the server holds it encrypted or in part ({system['status']})"
        )
    version, state = version_answered(record), system["reviewState"]
    updated_at = read_instant(system["updatedAt"])
    received_at = read_instant(system["submissionDate"])
    if received_at is None:
        raise ValueError("submissionDate is no date")
    was_edited = system["edits"] > 0
    is_edit_latest = was_edited and state == EDITED
    review_state = REVIEW_STATES.get(str(state), "none")
    return Submission(
        mark=mark,
        root_id=mark.submission_id,
        form_version_id=None if version is None else _stored_text("version", version),
        received_at=received_at,
        review_state=review_state,
        reviewed_at=None if review_state == "none" else updated_at,
        payload=record,
        content=_content(record, system),
        was_edited=was_edited,
        edited_at=updated_at if is_edit_latest else None,
    )


def review_taken_back_at(record: Mapping[str, Any]) -> datetime | None:
    """Return when the review of a submission that has none now was taken back."""
    system = record["__system"]
    return None if system["reviewState"] else read_instant(system["updatedAt"])


def _content(record: Mapping[str, Any], system: Mapping[str, Any]) -> dict[str, Any]:
    meta = record.get("meta")
    instance_id = meta.get("instanceID") if isinstance(meta, dict) else None
    return {
        # A form may leave the block of identifiers out; then the count must do.
        "instance_id": instance_id or f"{record['__id']} {system['edits']}",
        "attachments_present": system["attachmentsPresent"],
    }


def _stored_text(name: str, value: object) -> str:
    """Return `value`, which goes to a column of its own and must fit there as it is."""
    if not isinstance(value, str):
        raise TypeError(f"{name} is not text")
    if is_unstorable(value):
        raise ValueError(f"{name} holds characters that cannot be stored")
    return value


def read_instant(value: object) -> datetime | None:
    """Return an instant as the server writes it, or None."""
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
