"""The project history: who did what when, one entry for each thing done."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sandbox.kobo.asking.search import Predicate, unknown_field
from sandbox.kobo.stored.state import REVIEW_LABELS, ProjectState
from sandbox.pilot.model import Event

ANONYMOUS = "AnonymousUser"
KEPT_DAYS = 744
ACTIONS = {
    "add": "add-submission",
    "edit": "modify-submission",
    "review": "modify-submission",
    "delete": "delete-submission",
}
COMPARISONS = {
    "date_created": "__eq__",
    "date_created__gt": "__gt__",
    "date_created__gte": "__ge__",
    "date_created__lt": "__lt__",
    "date_created__lte": "__le__",
}
SEARCHED_METADATA = (
    "metadata__submission__root_uuid",
    "metadata__submission__submitted_by",
    "metadata__submission__status",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the project history.

    Attributes:
        at: UTC, whole seconds.
        username: Who did it.
        action: Such as `modify-submission`.
        details: What the metadata says beyond that which is the same for all.
        submission_id: The submission to which something happened; not shown.
    """

    at: datetime
    username: str
    action: str
    details: Mapping[str, Any]
    submission_id: int | None = None


def entries(state: ProjectState, owner: str, noted: Iterable[Entry]) -> list[Entry]:
    """Return the whole history of a project, newest first.

    Args:
        state: The project.
        owner: Username of the one who deploys and does what events name nobody for.
        noted: What no event of the project tells, such as views of its data.
    """
    found = [*_deployments(state, owner), *_submissions(state, owner), *noted]
    # Of one second, what was written later comes first.
    return sorted(found, key=lambda entry: entry.at)[::-1]


def failed_deletion(
    state: ProjectState, number: int, moment: datetime, username: str
) -> Entry:
    """Return the entry of a deletion that did not happen, or not then."""
    event = Event(moment, "delete", number, by=username)
    entry = _submission_entry(state, username, event)
    return replace(entry, submission_id=None)  # it is about nothing that happened


def term(field: str | None, value: str) -> Predicate[Entry]:
    """Return the test of one term of `q`.

    Raises:
        RefusedError: 400, the field may not be searched.
    """
    if field == "action":
        return lambda entry: entry.action == value
    if field in COMPARISONS:
        return _date_term(COMPARISONS[field], value)
    if field in SEARCHED_METADATA:
        name = field.rpartition("__")[2]
        return lambda entry: entry.details.get("submission", {}).get(name) == value
    raise unknown_field()


def user_uid(username: str) -> str:
    """Return the lasting uid of a user."""
    return "u" + hashlib.sha256(username.encode()).hexdigest()[:21]


def _date_term(compare: str, value: str) -> Predicate[Entry]:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return lambda _entry: False
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return lambda entry: getattr(entry.at, compare)(moment) is True


def _deployments(state: ProjectState, owner: str) -> Iterator[Entry]:
    for number, version in enumerate(state.versions):
        uids = {
            "latest_version_uid": version.uid,
            "latest_deployed_version_uid": version.uid,
        }
        action = "redeploy" if number else "deploy"
        yield Entry(_second(version.deployed_at), owner, action, uids)


def _submissions(state: ProjectState, owner: str) -> Iterator[Entry]:
    for event in state.events:
        yield _submission_entry(state, owner, event)


def _submission_entry(state: ProjectState, owner: str, event: Event) -> Entry:
    number = event.submission_id
    first = state.records_as_added[number]
    sender = first.get("_submitted_by") or ANONYMOUS
    submission = {
        **_review(event),
        "root_uuid": first["meta/rootUuid"].removeprefix("uuid:"),
        "submitted_by": sender,
    }
    username = event.by or (sender if event.kind == "add" else owner)
    details = {"submission": submission}
    return Entry(_second(event.at), username, ACTIONS[event.kind], details, number)


def _review(event: Event) -> dict[str, str]:
    """Return what only a review's entry carries; a status taken back reads "None"."""
    if event.kind != "review":
        return {}
    return {"status": REVIEW_LABELS[event.review] if event.review else "None"}


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
