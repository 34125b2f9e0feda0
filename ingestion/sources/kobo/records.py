"""How KoboToolbox writes a submission, and what of it is ours to compare.

Every answer is text. `_id` and `meta/rootUuid` survive an edit, `_uuid` does not; times
of the server have no zone and are UTC.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import msgspec

from ingestion.sources.base import Json, Mark, Rejected, ReviewState, Submission
from ingestion.sources.json_text import RecordText, read_record_text
from ingestion.sources.kobo.attachments import count_files
from ingestion.sources.storable import is_unstorable

Kind = TypeVar("Kind", Mark, Submission)

REVIEW_STATES: dict[str, ReviewState] = {
    "validation_status_approved": "approved",
    "validation_status_not_approved": "not_approved",
    "validation_status_on_hold": "on_hold",
}
# What the server changes by itself; everything else changes only when people edit.
VOLATILE = frozenset(
    {
        "_validation_status",
        "_attachments",  # its links carry host and owner; see `_content`
        "_uuid",
        "meta/instanceID",
        "meta/deprecatedID",
        "_tags",  # sent by older servers only
        "_notes",
    }
)


class _Head(msgspec.Struct, rename={"key": "_id"}):
    key: Any = None


_HEAD = msgspec.json.Decoder(_Head)
ATTACHMENT_FACTS = ("media_file_basename", "question_xpath", "is_deleted")


def has_id(record: Json) -> bool:
    """Return whether `record` is an object with a usable `_id`."""
    return isinstance(record, dict) and type(record.get("_id")) is int


def id_of(record: Json | RecordText) -> int | None:
    """Return the `_id`, or None where the record has no usable one."""
    if not isinstance(record, RecordText):
        return int(record["_id"]) if has_id(record) else None
    try:
        key = _HEAD.decode(record).key
    except msgspec.MsgspecError:  # no object
        return None
    return key if type(key) is int else None


def read_text(
    record: Json | RecordText, reader: Callable[..., Submission]
) -> Submission | Rejected:
    """Return what `reader` makes of a record, which may still be text."""
    if isinstance(record, RecordText):
        whole, text = read_record_text(record)
        return read_record(whole, partial(reader, text=text))
    return read_record(record, reader)


def read_record(
    record: Json, reader: Callable[[dict[str, Any]], Kind]
) -> Kind | Rejected:
    """Return what `reader` makes of `record`, or why it cannot be read."""
    if not has_id(record):
        return Rejected(None, "it has no id", json.dumps(record))
    try:
        return reader(record)
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        reason = f"{type(error).__name__.removesuffix('Error').lower()} error: {error}"
        return Rejected(str(record["_id"]), reason, json.dumps(record))


def read_mark(record: Mapping[str, Any], *, with_attachments: bool = False) -> Mark:
    """Return what tells whether the submission was edited or reviewed.

    Args:
        record: The submission, or the fields of it that a sweep asks for.
        with_attachments: Whether a file that comes late or is removed is an edit too;
            the server gives no new `_uuid` for it.
    """
    review = _review(record)
    mark = f"{review.get('uid', '')} {review.get('timestamp', '')}".strip()
    edit = _stored_text("_uuid", record["_uuid"])
    return Mark(
        submission_id=str(record["_id"]),
        edit_mark=f"{edit} {count_files(record)}" if with_attachments else edit,
        review_mark=_stored_text("_validation_status", mark),
    )


def read_submission(
    record: dict[str, Any], *, with_attachments: bool = False, text: str | None = None
) -> Submission:
    """Return the submission.

    Args:
        record: All of it.
        with_attachments: As for `read_mark`.
        text: The record as it came, where it can be kept so.

    Raises:
        KeyError, ValueError, TypeError, OverflowError, OSError: It lacks what every
            submission has.
    """
    review = _review(record)
    received = datetime.fromisoformat(record["_submission_time"])
    reviewed = review.get("timestamp")
    version = record.get("__version__")
    return Submission(
        mark=read_mark(record, with_attachments=with_attachments),
        root_id=_stored_text(
            "meta/rootUuid", record.get("meta/rootUuid") or record["_uuid"]
        ).removeprefix("uuid:"),
        form_version_id=None
        if version is None
        else _stored_text("__version__", version),
        # Kobo leaves the offset out; it is always UTC.
        received_at=(
            received.astimezone(UTC)
            if received.tzinfo
            else received.replace(tzinfo=UTC)
        ),
        review_state=REVIEW_STATES.get(str(review.get("uid")), "none"),
        reviewed_at=datetime.fromtimestamp(reviewed, UTC) if reviewed else None,
        payload=record,
        content=_content(record),
        was_edited="meta/deprecatedID" in record,
        text=text,
    )


def _review(record: Mapping[str, Any]) -> Mapping[str, Any]:
    review = record.get("_validation_status") or {}
    if not isinstance(review, dict):
        raise TypeError("_validation_status is not an object")
    return review


def _stored_text(name: str, value: object) -> str:
    """Return `value`, which goes to a column of its own and must fit there as it is."""
    if not isinstance(value, str):
        raise TypeError(f"{name} is not text")
    if is_unstorable(value):
        raise ValueError(f"{name} holds characters that cannot be stored")
    return value


def _content(record: Mapping[str, Any]) -> dict[str, Any]:
    content = dict(record)
    for key in VOLATILE:
        content.pop(key, None)
    attachments = record.get("_attachments")
    if attachments:
        if not isinstance(attachments, list) or not all(
            isinstance(attachment, dict) for attachment in attachments
        ):
            raise TypeError("_attachments is not a list of objects")
        content["_attachments"] = [
            {fact: attachment.get(fact) for fact in ATTACHMENT_FACTS}
            for attachment in attachments
        ]
    return content


def read_instant(value: object) -> datetime | None:
    """Return an instant as the server writes it, or None."""
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
