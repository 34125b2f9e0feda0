from datetime import UTC, datetime, timedelta

import pytest

from ingestion.landing.writing.changes import Known, Moments, judge, known_at
from ingestion.sources.base import Mark, ReviewState, Submission

NOON = datetime(2021, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
KNOWN = Known(
    3, is_live=True, edit_mark="e1", content_hash="h1", review_state_code="none"
)


def submission(
    edit_mark: str = "e1",
    review: ReviewState = "none",
    *,
    reviewed_at: datetime | None = None,
    received_at: datetime = NOON,
    edited_at: datetime | None = None,
) -> Submission:
    return Submission(
        mark=Mark("1", edit_mark),
        root_id="r",
        form_version_id=None,
        received_at=received_at,
        review_state=review,
        reviewed_at=reviewed_at,
        payload={},
        content={},
        edited_at=edited_at,
    )


@pytest.mark.parametrize(
    ("arrival", "content_hash", "known", "change", "version"),
    [
        (submission(), "h1", None, "new", 1),
        (submission(), "h1", KNOWN, None, 4),
        (submission("e2"), "h2", KNOWN, "edited", 4),
        (submission("e1"), "h2", KNOWN, "edited", 4),
        # The server wrote it anew because a reviewer decided: no edit.
        (submission("e1", "approved"), "h2", KNOWN, "reviewed", 4),
        (submission("e2", "approved"), "h2", KNOWN, "edited", 4),
        (submission("e1", "approved"), "h1", KNOWN, "reviewed", 4),
        # Another mark and the same content: nothing to keep.
        (submission("e2"), "h1", KNOWN, None, 4),
        (submission(), "h1", KNOWN._replace(is_live=False), "restored", 4),
    ],
)
def test_an_arrival_is_judged_by_what_raw_holds(
    arrival: Submission,
    content_hash: str,
    known: Known | None,
    change: str | None,
    version: int,
) -> None:
    verdict = judge(arrival, content_hash, known)

    assert (verdict.change_code, verdict.version_number) == (change, version)


@pytest.mark.parametrize(
    ("review", "reviewed_at", "is_since"),
    [
        ("not_approved", NOON + HOUR, True),
        ("on_hold", NOON + HOUR, True),
        ("approved", NOON + HOUR, False),
        ("not_approved", NOON, False),
        ("not_approved", None, False),
    ],
)
def test_only_what_was_refused_after_it_came_lands_as_it_came_first(
    review: ReviewState, reviewed_at: datetime | None, *, is_since: bool
) -> None:
    verdict = judge(submission("e1", review, reviewed_at=reviewed_at), "h1", None)

    assert verdict.is_reviewed_since is is_since


@pytest.mark.parametrize(
    ("received_at", "edited_at", "expected"),
    [
        (NOON, None, NOON),
        (NOON, NOON + HOUR, NOON + HOUR),
        (NOON - 10 * HOUR, None, NOON + 2 * HOUR),  # dated back: known when seen
        (NOON + 90 * HOUR, None, NOON + 2 * HOUR),  # dated ahead: known when seen
    ],
)
def test_a_first_version_is_known_since_it_came_if_its_time_can_be_believed(
    received_at: datetime, edited_at: datetime | None, expected: datetime
) -> None:
    moments = Moments(NOON + 2 * HOUR, NOON + 2 * HOUR, NOON - HOUR, NOON + 4 * HOUR)
    arrival = submission(received_at=received_at, edited_at=edited_at)

    assert known_at(arrival, "new", moments) == expected
    assert known_at(arrival, "edited", moments) == moments.seen_at
