"""Submissions on their way to becoming a form server's events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from sandbox.pilot.chance import happens
from sandbox.pilot.model import Event, Record

CUTOFF = datetime(2021, 9, 30, 23, 59, 59, tzinfo=UTC)
FIRST_ID = 1_001
HOLE_SHARE = 0.01  # ids burned by refused submissions: a hole is no deletion
REVIEW_HOURS = (1, 44)


@dataclass(slots=True)
class Submission:
    """One submission and what happens to it on the server.

    Attributes:
        role: The form's role.
        record: As first received, without `_id`.
        received_at: UTC.
        review: State after review; None: never reviewed.
        edited_record: As it stands after an edit.
        edited_at: When it was edited.
        deleted_at: When it was deleted.
    """

    role: str
    record: Record
    received_at: datetime
    review: str | None = "approved"
    edited_record: Record | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None

    @property
    def root_uuid(self) -> str:
        """The identity that survives edits."""
        return str(self.record["meta/rootUuid"]).removeprefix("uuid:")


def events_by_role(submissions: Iterable[Submission]) -> dict[str, tuple[Event, ...]]:
    """Number the submissions in the order of their arrival and list their events."""
    rng = Random("server")
    events: dict[str, list[Event]] = {}
    next_id = FIRST_ID
    for submission in sorted(submissions, key=_arrival):
        events.setdefault(submission.role, []).extend(_events(submission, next_id, rng))
        next_id += 2 if happens(rng, HOLE_SHARE) else 1
    return {
        role: tuple(sorted(listed, key=lambda event: (event.at, event.submission_id)))
        for role, listed in events.items()
    }


def _arrival(submission: Submission) -> tuple[datetime, str]:
    return submission.received_at, submission.root_uuid


def _events(submission: Submission, number: int, rng: Random) -> list[Event]:
    numbered = {"_id": number, **submission.record}
    added = Event(submission.received_at, "add", number, record=numbered)
    events = [added]
    reviewed_at = _reviewed_at(submission.received_at, rng)
    if submission.review is not None:
        events.append(Event(reviewed_at, "review", number, review=submission.review))
    if submission.edited_record is not None and submission.edited_at is not None:
        edited = {"_id": number, **submission.edited_record}
        events.append(Event(submission.edited_at, "edit", number, record=edited))
    if submission.deleted_at is not None:
        events.append(Event(submission.deleted_at, "delete", number))
    return events


def _reviewed_at(received_at: datetime, rng: Random) -> datetime:
    """Return a time within two days; before the cut-off for what came before it."""
    reviewed_at = received_at + timedelta(
        hours=rng.randint(*REVIEW_HOURS), seconds=rng.randrange(3_600)
    )
    if received_at <= CUTOFF < reviewed_at:
        halfway = received_at + (CUTOFF - received_at) / 2
        return halfway.replace(microsecond=0)
    return reviewed_at
