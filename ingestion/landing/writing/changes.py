"""What an arrival is, seen from the version of it that raw holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from ingestion.sources.base import Submission

ChangeCode = Literal["new", "edited", "reviewed", "restored"]
# Until it was refused, a submission counted; an approval changes nothing that counts.
REFUSALS = frozenset({"not_approved", "on_hold"})


class Known(NamedTuple):
    """What raw holds of a submission."""

    version_number: int
    is_live: bool
    edit_mark: str
    content_hash: str
    review_state_code: str


class Verdict(NamedTuple):
    """What an arrival is.

    Attributes:
        change_code: None when raw holds it already.
        version_number: Of the version that it is, or would be.
        is_reviewed: Whether the review decision is another.
        is_reviewed_since: First seen after a reviewer had refused it: it lands as it
            came, then refused, for a release of the time between must show it.
    """

    change_code: ChangeCode | None
    version_number: int
    is_reviewed: bool
    is_reviewed_since: bool


@dataclass(frozen=True, slots=True)
class Moments:
    """When a run looks.

    Attributes:
        seen_at: By the server's clock, or ours where it has none.
        landed_at: By our clock.
        believed_from: What was received before had been listed by the last run; where
            it was not, the time that it tells is not to be believed. None before the
            first good run.
        believed_until: Nor is a time after this one.
    """

    seen_at: datetime
    landed_at: datetime
    believed_from: datetime | None
    believed_until: datetime


def judge(submission: Submission, content_hash: str, known: Known | None) -> Verdict:
    """Return what `submission` is.

    The server may write an old submission anew when a reviewer decides (see
    `answers/reading.py`), which is no edit.
    """
    review = submission.review_state
    if known is None:
        reviewed_at = submission.reviewed_at
        return Verdict(
            "new",
            1,
            is_reviewed=True,
            is_reviewed_since=review in REFUSALS
            and reviewed_at is not None
            and reviewed_at > submission.received_at,
        )
    is_reviewed = review != known.review_state_code
    change: ChangeCode | None = "reviewed" if is_reviewed else None
    if not known.is_live:
        change = "restored"
    elif content_hash != known.content_hash and (
        submission.mark.edit_mark != known.edit_mark or not is_reviewed
    ):
        change = "edited"
    return Verdict(
        change, known.version_number + 1, is_reviewed, is_reviewed_since=False
    )


def known_at(submission: Submission, change: ChangeCode, moments: Moments) -> datetime:
    """Return since when a change counts as known, before its history was asked for.

    `statements.DATE_CHANGES` knows better about whatever has a past.
    """
    received, since = submission.received_at, moments.believed_from
    is_believed = (since is None or received >= since) and (
        received <= moments.believed_until
    )
    if change != "new" or not is_believed:
        return moments.seen_at
    return max(received, submission.edited_at or received)
