"""Forms made of recorded exchanges of a real server, for the stand-in to serve again.

The recordings lie outside this repository and tests skip without them. What was
recorded is served literally: rows, form contents, and the moments of every change,
which the recorded project history tells. Only what no recording holds is made up: the
content of the second project's forms, written after its rows.

Set the clock to one of the moments below; between them, any other moment works too.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.kobo.access.accounts import OWNER_PERMISSIONS, Account
from sandbox.kobo.history import ACTIONS
from sandbox.kobo.stored.state import REVIEW_LABELS
from sandbox.pilot.model import Event, Form, FormVersion, Record

JOURNAL_UID = "aerPJP7UnHhBJbkFRcVNXG"
REPEAT_UID = "ap2eMbuywFwmdGjPatDz6o"
ALL_TYPES_UID = "aCqcMj4kdrW4nY52MGzMwx"

# Moments in the life of the journal project.
DEPLOYED = datetime(2026, 2, 20, 9, 10, tzinfo=UTC)  # version 1, nothing sent in yet
THIRTY_ROWS = datetime(2026, 5, 31, 6, 0, tzinfo=UTC)  # three months, ten families
EDITED = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)  # _id 13 twice, 14 and 18 once
REVIEWED = datetime(2026, 6, 2, 8, 30, tzinfo=UTC)  # 1 to 3; 4 and back again
ONE_DELETED = datetime(2026, 6, 2, 9, 30, tzinfo=UTC)  # _id 16
REDEPLOYED = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)  # version 2
END_OF_STORY = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)  # 36 rows, 27 edited in v2

# The one submission of the project with every type of question has arrived.
ALL_TYPES_SENT = datetime(2026, 7, 2, 9, 15, tzinfo=UTC)

# Moments in the life of the project whose repeat a redeploy removes.
REPEAT_SENT = datetime(2026, 7, 3, 9, 0, 10, tzinfo=UTC)
REPEAT_REDEPLOYED = datetime(2026, 7, 3, 9, 0, 11, 500_000, tzinfo=UTC)
REPEAT_REVIEWED = datetime(2026, 7, 3, 9, 0, 12, tzinfo=UTC)

_ROWS_OF_JOURNAL = ("30_data_all_default", "160_all_data_after_everything")
_EDITED_ROWS = (
    "104_edit_after",
    "105_edit_twice_after",
    "108_edit_bulk_after",
    "159_v1_submission_after_v2_edit",
)
_REPEAT_DEPLOYMENTS = (
    datetime(2026, 7, 3, 9, 0, 5, tzinfo=UTC),
    datetime(2026, 7, 3, 9, 0, 11, 413_545, tzinfo=UTC),
)
# The uid of the version that renamed the repeat, as the project list gives it.
_REPEAT_SECOND_VERSION = "vq6MUCtYmcj5WXbspt4U3c"


def replay_forms(folder: Path) -> tuple[Form, ...]:
    """Return three projects: the journal, a removed repeat, all question types.

    Args:
        folder: Where the recordings are, one JSON file each.
    """
    return (_journal(folder), _repeat_project(folder), _all_types(folder))


def replay_accounts(token: str) -> tuple[Account, ...]:
    """Return the four accounts of the recordings, each with a token of its own.

    Args:
        token: The owner's, 40 hex digits; the others count on from it.
    """
    number = int(token, 16)
    tokens = [f"{(number + step) % 16**40:040x}" for step in range(4)]
    viewer = frozenset({"add_submissions", "view_asset", "view_submissions"})
    partial = frozenset({"partial_submissions", "view_asset"})
    north = ({"household/district": "north"},)
    return (
        Account("journal_owner", tokens[0], OWNER_PERMISSIONS),
        Account("journal_viewer", tokens[1], viewer),
        Account("journal_partial", tokens[2], partial, north),
        Account("outsider", tokens[3], frozenset()),
    )


def recorded(folder: Path, name: str) -> dict[str, Any]:
    """Return one recorded exchange."""
    exchange: dict[str, Any] = json.loads((folder / f"{name}.json").read_text())
    return exchange


def _body(folder: Path, name: str) -> Any:  # noqa: ANN401 - JSON
    return recorded(folder, name)["response"]["json"]


def _journal(folder: Path) -> Form:
    first = _body(folder, "26_asset_version_detail")
    newest = _body(folder, "155_asset_versions_v2")["results"][0]
    content = _body(folder, "154_asset_detail_v2")["content"]
    versions = (_version(first, first["content"]), _version(newest, content))
    history = _body(folder, "164_history_all_events")["results"]
    rows = _Rows(folder)
    events = [event for entry in reversed(history) for event in _event(entry, rows)]
    name = "Family monthly journal"
    return Form(JOURNAL_UID, "journal", name, versions, tuple(events))


def _version(row: Mapping[str, Any], content: dict[str, Any]) -> FormVersion:
    deployed_at = datetime.fromisoformat(row["date_deployed"])
    return FormVersion(row["uid"], row["version_number"], deployed_at, content)


class _Rows:
    """The recorded bodies of each submission, in the order in which it had them."""

    def __init__(self, folder: Path) -> None:
        bodies: list[Record] = []
        for name in _ROWS_OF_JOURNAL:
            bodies += _body(folder, name)["results"]
        bodies += [_body(folder, name) for name in _EDITED_ROWS]
        self._by_instance = {body["meta/instanceID"]: _bare(body) for body in bodies}
        self._after = {
            body["meta/deprecatedID"]: body
            for body in self._by_instance.values()
            if "meta/deprecatedID" in body
        }
        self._current: dict[str, Record] = {}

    def first(self, root: str) -> Record:
        """Return the submission as it was sent in."""
        self._current[root] = self._by_instance[root]
        return self._current[root]

    def edited(self, root: str) -> Record:
        """Return the submission as the next edit left it."""
        self._current[root] = self._after[self._current[root]["meta/instanceID"]]
        return self._current[root]

    def number(self, root: str) -> int:
        """Return its `_id`."""
        return int(self._current[root]["_id"])


def _event(entry: Mapping[str, Any], rows: _Rows) -> Iterator[Event]:
    """Yield the event that an entry of the project history tells of, if any."""
    if entry["action"] not in ACTIONS.values():
        return
    at = datetime.fromisoformat(entry["date_created"])
    submission = entry["metadata"]["submission"]
    root = f"uuid:{submission['root_uuid']}"
    if entry["action"] == ACTIONS["add"]:
        record = rows.first(root)
        yield Event(at, "add", rows.number(root), record)
    elif entry["action"] == ACTIONS["delete"]:
        yield Event(at, "delete", rows.number(root))
    elif "status" in submission:
        review = _reviews().get(submission["status"])
        yield Event(at, "review", rows.number(root), review=review)
    else:
        yield Event(at, "edit", rows.number(root), rows.edited(root))


def _repeat_project(folder: Path) -> Form:
    rows = _body(folder, "230_repeat_before_redeploy")["results"]
    reviews = _body(folder, "232_repeat_after_redeploy_and_validation")["results"]
    uids = (rows[0]["__version__"], _REPEAT_SECOND_VERSION)
    repeats = (("kids", "kid"), ("children", "child"))
    versions = tuple(
        FormVersion(uid, str(number), at, _repeat_content(*names))
        for number, (uid, at, names) in enumerate(
            zip(uids, _REPEAT_DEPLOYMENTS, repeats, strict=True), start=1
        )
    )
    # The recorded server reviewed within the second of the redeploy, and after it.
    late = timedelta(microseconds=900_000)
    events = (*_sent(rows), *_approved(reviews, late))
    return Form(REPEAT_UID, "journal", "Repeat removed later", versions, events)


def _all_types(folder: Path) -> Form:
    """Return the project with one question of every type, and one submission."""
    detail = _body(folder, "200_all_types_asset_detail")
    (deployed,) = detail["deployed_versions"]["results"]
    events = tuple(_sent(_body(folder, "202_all_types_data")["results"]))
    versions = (_version(deployed, detail["content"]),)
    return Form(ALL_TYPES_UID, "journal", "All question types", versions, events)


def _sent(rows: Iterable[Record]) -> Iterator[Event]:
    for row in rows:
        at = datetime.fromisoformat(row["_submission_time"]).replace(tzinfo=UTC)
        yield Event(at, "add", row["_id"], _bare(row))


def _approved(rows: Iterable[Record], late: timedelta) -> Iterator[Event]:
    for row in rows:
        at = datetime.fromtimestamp(row["_validation_status"]["timestamp"], UTC) + late
        yield Event(at, "review", row["_id"], review="approved")


def _repeat_content(repeat: str, question: str) -> dict[str, Any]:
    survey: list[dict[str, Any]] = [
        {"name": "name", "type": "text", "label": ["name"], "$xpath": "name"},
        {"name": repeat, "type": "begin_repeat", "label": [repeat], "$xpath": repeat},
        {
            "name": question,
            "type": "text",
            "label": [question],
            "$xpath": f"{repeat}/{question}",
        },
        {"type": "end_repeat"},
    ]
    for number, row in enumerate(survey):
        row["$kuid"] = f"{repeat[:3]}{number:06}"
    return {
        "schema": "1",
        "survey": survey,
        "choices": [],
        "settings": {"id_string": "repeat_removed_later"},
        "translated": ["label"],
        "translations": [None],
    }


def _bare(body: Record) -> Record:
    """Return the row without its review, which events of its own bring about."""
    return {key: value for key, value in body.items() if key != "_validation_status"}


@cache
def _reviews() -> dict[str, str]:
    return {label: review for review, label in REVIEW_LABELS.items()}
