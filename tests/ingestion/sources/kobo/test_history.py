"""What an entry of the project history says about the time of a change."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ingestion.sources.base import Changes
from ingestion.sources.kobo.history import read_changes


def at(hour: int) -> datetime:
    return datetime(2026, 6, 1, hour, tzinfo=UTC)


def entry(action: str, hour: int, status: str | None = None) -> dict[str, Any]:
    about = {"root_uuid": "root"} | ({"status": status} if status else {})
    return {
        "action": f"{action}-submission",
        "date_created": f"2026-06-01T{hour:02}:00:00Z",
        "metadata": {"submission": about},
    }


@pytest.mark.parametrize(
    ("entries", "changes"),
    [
        (
            [entry("modify", 3), entry("modify", 2)],
            Changes(edited={"root": at(3)}),
        ),
        (
            [entry("delete", 3), entry("delete", 2), entry("modify", 1)],
            Changes(edited={"root": at(1)}, deleted={"root": at(3)}),
        ),
        # What was changed afterwards had not been deleted.
        ([entry("modify", 3), entry("delete", 2)], Changes(edited={"root": at(3)})),
        ([entry("modify", 3, "On Hold"), entry("delete", 2)], Changes()),
        # A review that stands tells its time itself.
        (
            [entry("modify", 3, "None"), entry("modify", 2, "Approved")],
            Changes(reviewed={"root": at(3)}),
        ),
        ([entry("modify", 3, "Approved"), entry("modify", 2, "None")], Changes()),
    ],
    ids=[
        "edited twice",
        "edited, then deleted, tried twice",
        "a deletion failed",
        "a deletion failed before a review",
        "taken back",
        "taking back was long ago",
    ],
)
def test_an_entry_dates_a_change_only_where_no_later_one_speaks_against_it(
    entries: list[dict[str, Any]], changes: Changes
) -> None:
    assert read_changes(entries, {"root"}) == changes


def test_entries_of_others_and_without_a_time_are_passed_over() -> None:
    timeless = {**entry("modify", 3), "date_created": "soon"}
    about_nothing = {**entry("modify", 3), "metadata": None}

    assert read_changes([timeless, about_nothing], {"root"}) == Changes()
    assert read_changes([entry("modify", 3)], {"other"}) == Changes()
