"""What faults have done to the server, until new rules heal it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.kobo.history import KEPT_DAYS, Entry


@dataclass(slots=True)
class Damage:
    """What faults have done and only new rules undo.

    Attributes:
        blind: Usernames that see no project any more.
        revoked: Usernames whose token is refused.
        deleted: Submissions that are gone.
        unlogged_since: Since when the history loses what happens to a submission;
            under None what happens to any.
        false_entries: What the history tells though it never happened, by form.
        shown_days: How far back the history is shown, None as far as it is kept.
    """

    blind: set[str] = field(default_factory=set)
    revoked: set[str] = field(default_factory=set)
    deleted: set[int] = field(default_factory=set)
    unlogged_since: dict[int | None, datetime] = field(default_factory=dict)
    false_entries: dict[str, list[Entry]] = field(default_factory=dict)
    shown_days: int | None = None

    def left_of(self, entries: Iterable[Entry], now: datetime) -> list[Entry]:
        """Return the entries of a history that can still be read."""
        days = KEPT_DAYS if self.shown_days is None else self.shown_days
        earliest = now - timedelta(days=min(days, KEPT_DAYS))
        return [
            entry
            for entry in entries
            if entry.at >= earliest and not self._has_lost(entry)
        ]

    def _has_lost(self, entry: Entry) -> bool:
        if entry.submission_id is None:
            return False
        since = (self.unlogged_since.get(key) for key in (None, entry.submission_id))
        return any(moment is not None and entry.at > moment for moment in since)
