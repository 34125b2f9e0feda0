"""What a project holds at a moment: its events up to then, played in order."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from sandbox.kobo.stored.content import repeat_paths
from sandbox.pilot.model import Event, Form, FormVersion, Record

# Attachment links name the host; rows are serialised before the host is known.
HOST_MARK = "http://host.invalid"
REVIEW_LABELS = {
    "approved": "Approved",
    "not_approved": "Not Approved",
    "on_hold": "On Hold",
}
# What identifies a submission, and so no edit may change.
LASTING_KEYS = ("_id", "meta/rootUuid", "_submission_time", "_submitted_by")


class FormDataError(Exception):
    """A form's events could not have happened on a real server."""


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A submission as the server keeps it, and the same as JSON."""

    record: Record
    body: bytes


@dataclass(frozen=True, slots=True)
class ProjectState:
    """A project at a moment.

    Attributes:
        form: The project with its whole life.
        versions: Deployed by then, oldest first.
        rows: Live submissions by `_id`, in that order.
        events: What happened up to then.
        records_as_added: Every submission that ever arrived, by `_id`.
    """

    form: Form
    versions: tuple[FormVersion, ...]
    rows: Mapping[int, StoredRow]
    events: tuple[Event, ...]
    records_as_added: Mapping[int, Record] = field(repr=False)

    @property
    def is_deployed(self) -> bool:
        """Return whether any version had been deployed."""
        return bool(self.versions)

    @property
    def latest_version(self) -> FormVersion:
        """Return the version that is shown: the deployed one, else the first draft."""
        return self.versions[-1] if self.versions else self.form.versions[0]


def state_at(form: Form, moment: datetime, reviewer: str) -> ProjectState:
    """Return the state of `form` at `moment`.

    Args:
        form: The project.
        moment: Events later than this have not happened.
        reviewer: Username in `_validation_status.by_whom` where an event names none.

    Raises:
        FormDataError: An event contradicts those before it.
    """
    events = tuple(event for event in form.events if event.at <= moment)
    played = _Played(form, reviewer)
    for event in events:
        played.play(event)
    rows = {number: _stored(played.live[number]) for number in sorted(played.live)}
    versions = tuple(one for one in form.versions if one.deployed_at <= moment)
    return ProjectState(form, versions, rows, events, played.added)


def check_form(form: Form) -> None:
    """Refuse a form whose events could not have happened.

    Raises:
        FormDataError: Names the form, the submission and what is wrong.
    """
    moments = [event.at for event in form.events]
    if moments != sorted(moments):
        raise FormDataError(f"The events of {form.uid} are not in order of time.")
    if moments:
        state_at(form, moments[-1], "nobody")


class _Played:
    """The submissions of a form after some of its events.

    Attributes:
        live: The submissions that are there, by `_id`.
        added: Every submission that ever arrived, as it did.
    """

    def __init__(self, form: Form, reviewer: str) -> None:
        self.live: dict[int, Record] = {}
        self.added: dict[int, Record] = {}
        self._form = form
        self._reviewer = reviewer
        self._removed = list(_removed_repeats(form))

    def play(self, event: Event) -> None:
        """Let one more event happen."""
        number = event.submission_id
        is_there = number in self.live
        if is_there == (event.kind == "add"):
            raise self._error(event, "it is there already" if is_there else "absent")
        if event.kind == "delete":
            del self.live[number]
        elif event.kind == "review":
            self.live[number] = self._reviewed(event, self.live[number])
        elif event.kind == "edit":
            self.live[number] = self._edited(event, self.live[number])
        else:
            record = _with_status(self._record_of(event), {})
            self.live[number] = self.added[number] = record

    def _edited(self, event: Event, before: Record) -> Record:
        record = self._record_of(event)
        for key in LASTING_KEYS:
            if record.get(key) != before.get(key):
                raise self._error(event, f"an edit changes {key}")
        if record["_uuid"] == before["_uuid"]:
            raise self._error(event, "an edit keeps _uuid")
        if record.get("meta/deprecatedID") != before["meta/instanceID"]:
            raise self._error(event, "meta/deprecatedID is not the instanceID before")
        parsed = self._parsed_again(event.at, record)
        return _with_status(parsed, before["_validation_status"])

    def _reviewed(self, event: Event, before: Record) -> Record:
        parsed = before if event.is_bulk else self._parsed_again(event.at, before)
        if event.review is None:  # a reviewer took the status back
            return _with_status(parsed, {})
        status = {
            "timestamp": int(event.at.timestamp()),
            "uid": f"validation_status_{event.review}",
            "by_whom": event.by or self._reviewer,
            "label": REVIEW_LABELS[event.review],
        }
        return _with_status(parsed, status)

    def _parsed_again(self, moment: datetime, record: Record) -> Record:
        """Return the record as a re-save leaves it: parsed with the form of `moment`.

        A repeat that a redeploy removed is no longer known as one: with one item it
        turns flat, with several it stays an array.
        """
        removed: frozenset[str] = frozenset()
        for deployed_at, paths in self._removed:
            if deployed_at <= moment:
                removed = paths
        return _flattened(record, removed) if removed else record

    def _record_of(self, event: Event) -> Record:
        record = event.record
        if record is None or record.get("_id") != event.submission_id:
            raise self._error(event, "its record is missing or has another _id")
        for key in ("_uuid", "meta/instanceID", "meta/rootUuid", "_submission_time"):
            if not record.get(key):
                raise self._error(event, f"its record has no {key}")
        return record

    def _error(self, event: Event, reason: str) -> FormDataError:
        return FormDataError(
            f"Form {self._form.uid}: {event.kind} of submission {event.submission_id} "
            f"at {event.at.isoformat()} is impossible: {reason}."
        )


def _removed_repeats(form: Form) -> Iterator[tuple[datetime, frozenset[str]]]:
    """Yield, for each deployment, the repeats that were there before it only."""
    ever: frozenset[str] = frozenset()
    for version in form.versions:
        now = repeat_paths(version.content)
        ever |= now
        yield version.deployed_at, ever - now


def _with_status(record: Record, status: Mapping[str, Any]) -> Record:
    """Return the record with `_validation_status` where the real server puts it."""
    copy = {key: value for key, value in record.items() if key != "_validation_status"}
    last = {"_submitted_by": copy.pop("_submitted_by", None)}
    return {**copy, "_validation_status": dict(status), **last}


def _flattened(record: Record, removed: Collection[str]) -> Record:
    flat: Record = {}
    for key, value in record.items():
        if key in removed and isinstance(value, list) and len(value) == 1:
            flat |= _flattened(value[0], removed)
        elif isinstance(value, list) and not key.startswith("_"):
            flat[key] = [_flattened(item, removed) for item in value]
        else:
            flat[key] = value
    return flat


def _stored(record: Record) -> StoredRow:
    if record.get("_attachments"):
        record = {
            **record,
            "_attachments": [_hostless(file) for file in record["_attachments"]],
        }
    return StoredRow(record, orjson.dumps(record))


def _hostless(attachment: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: re.sub(r"^https?://[^/]+|^(?=/)", HOST_MARK, value)
        if key.startswith("download_")
        else value
        for key, value in attachment.items()
    }
