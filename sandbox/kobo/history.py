"""The project history: who did what when, one entry for each thing done."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.kobo.search import Predicate, unknown_field
from sandbox.kobo.state import REVIEW_LABELS, ProjectState
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
    """

    at: datetime
    username: str
    action: str
    details: Mapping[str, Any]


def entries(
    state: ProjectState, owner: str, views: Iterable[Entry], now: datetime
) -> list[Entry]:
    """Return the history of a project, newest first, as far back as it is kept.

    Args:
        state: The project.
        owner: Username of the one who deploys, edits, reviews and deletes.
        views: What looking at the data has left in the history.
        now: The server's time.
    """
    found = [*_deployments(state, owner), *_submissions(state, owner), *views]
    earliest = now - timedelta(days=KEPT_DAYS)
    kept = [entry for entry in found if entry.at >= earliest]
    # Of one second, what was written later comes first.
    return sorted(kept, key=lambda entry: entry.at)[::-1]


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
        first = state.records_as_added[event.submission_id]
        sender = first.get("_submitted_by") or ANONYMOUS
        submission = {
            **_review(event),
            "root_uuid": first["meta/rootUuid"].removeprefix("uuid:"),
            "submitted_by": sender,
        }
        username = sender if event.kind == "add" else owner
        yield Entry(
            _second(event.at), username, ACTIONS[event.kind], {"submission": submission}
        )


def _review(event: Event) -> dict[str, str]:
    """Return what only a review's entry carries; a status taken back reads "None"."""
    if event.kind != "review":
        return {}
    return {"status": REVIEW_LABELS[event.review] if event.review else "None"}


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
