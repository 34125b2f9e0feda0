"""What a Metabase keeps in its own database."""

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sandbox.http_server.exchange import rendered
from sandbox.metabase.exchange import Raw

ALL_USERS, ADMINISTRATORS = 1, 2
TRASH = 9001
START = datetime(2026, 11, 1, tzinfo=UTC)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


def new_entity_id() -> str:
    """Return an id of 21 signs."""
    return "".join(secrets.choice(ALPHABET) for _ in range(21))


@dataclass(slots=True)
class Stored:
    """All of it, by number.

    Attributes:
        setup_token: Until the first administrator exists.
        has_email: Whether an SMTP server is set.
        passwords: By e-mail.
        sessions: Number of the user by session.
        keys: What each API key is, by the key itself.
        members: Numbers of users by number of the group.
        data_levels: `create-queries` by group and connection.
        collection_levels: Level by group and collection.
        secrets: Password of each connection.
    """

    setup_token: str | None
    has_email: bool = True
    passwords: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, int] = field(default_factory=dict)
    keys: dict[str, Raw] = field(default_factory=dict)
    users: dict[int, Raw] = field(default_factory=dict)
    groups: dict[int, str] = field(
        default_factory=lambda: {
            ALL_USERS: "All Users",
            ADMINISTRATORS: "Administrators",
        }
    )
    members: defaultdict[int, set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )
    databases: dict[int, Raw] = field(default_factory=dict)
    secrets: dict[int, str] = field(default_factory=dict)
    tables: dict[int, Raw] = field(default_factory=dict)
    fields: dict[int, Raw] = field(default_factory=dict)
    collections: dict[int, Raw] = field(default_factory=dict)
    cards: dict[int, Raw] = field(default_factory=dict)
    dashboards: dict[int, Raw] = field(default_factory=dict)
    tabs: dict[int, Raw] = field(default_factory=dict)
    dashcards: dict[int, Raw] = field(default_factory=dict)
    pulses: dict[int, Raw] = field(default_factory=dict)
    notifications: dict[int, Raw] = field(default_factory=dict)
    data_levels: dict[int, dict[int, object]] = field(default_factory=dict)
    collection_levels: dict[int, dict[str, str]] = field(
        default_factory=lambda: {ALL_USERS: {"root": "write"}}
    )
    data_revision: int = 0
    collection_revision: int = 0
    _number: int = 9
    _moment: int = 0

    def next_number(self) -> int:
        """Return a number that nothing has yet."""
        self._number += 1
        return self._number

    def moment(self) -> str:
        """Return a moment later than any before."""
        self._moment += 1
        return rendered(START + timedelta(milliseconds=self._moment))

    def cards_of(self, dashboard: int) -> list[Raw]:
        """Return the cards on a dashboard."""
        return [
            card
            for card in self.dashcards.values()
            if card["dashboard_id"] == dashboard
        ]

    def tabs_of(self, dashboard: int) -> list[Raw]:
        """Return the tabs of a dashboard, in order."""
        found = [tab for tab in self.tabs.values() if tab["dashboard_id"] == dashboard]
        return sorted(found, key=lambda tab: tab["position"])
