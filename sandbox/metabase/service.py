"""Who asks, what they may, and the state that all answers come from."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.http_server.exchange import Request
from sandbox.http_server.faults import Faults
from sandbox.metabase.behaviour import Behaviour
from sandbox.metabase.exchange import Raw, forbidden, missing, unauthenticated
from sandbox.metabase.rules import RULES, Rule
from sandbox.metabase.stored import ADMINISTRATORS, ALL_USERS, START, Stored

RANKS = {"none": 0, "read": 1, "write": 2}


@dataclass(slots=True)
class Service:
    """A Metabase without its socket.

    Attributes:
        behaviour: Of its version.
        stored: What it keeps.
        faults: How it misbehaves.
        now: What it believes is the time, UTC.
    """

    behaviour: Behaviour
    stored: Stored
    faults: Faults[Rule] = field(default_factory=Faults)
    now: datetime = START

    def set_clock(self, moment: datetime) -> None:
        """Make the server believe it is `moment`."""
        self.now = moment

    def set_rules(self, body: bytes) -> list[dict[str, Any]]:
        """Misbehave as the JSON list says from now on; return the rules as read."""
        rules = RULES.validate_json(body)
        self.faults.replace(rules)
        return [rule.model_dump(mode="json") for rule in rules]

    def missing(self) -> Exception:
        """Return the 404 of something that is not there."""
        return missing(is_json=self.behaviour.missing_is_json)

    def one(self, table: dict[int, Raw], number: int) -> Raw:
        """Return one thing.

        Raises:
            RefusedError: 404, it is not there.
        """
        if number not in table:
            raise self.missing()
        return table[number]

    def add_user(
        self, email: str, password: str, *, first: str, last: str, is_admin: bool
    ) -> int:
        """Add somebody who can log in; return the number."""
        number = len(self.stored.users) + 1
        self.stored.users[number] = {
            "id": number,
            "email": email,
            "first_name": first,
            "last_name": last,
            "common_name": f"{first} {last}",
            "is_superuser": is_admin,
            "is_active": True,
            "is_qbnewb": False,
            "locale": None,
            "date_joined": self.stored.moment(),
        }
        self.stored.passwords[email] = password
        self.stored.members[ALL_USERS].add(number)
        if is_admin:
            self.stored.members[ADMINISTRATORS].add(number)
        return number

    def add_session(self, user: int) -> str:
        """Return a new session of a user."""
        session = secrets.token_hex(16)
        self.stored.sessions[session] = user
        return session


@dataclass(frozen=True, slots=True)
class Call:
    """A request, who sent it, and the service that is to answer.

    Attributes:
        service: The Metabase.
        request: The request.
        groups: Numbers of the groups of whoever sent it; None of nobody.
        user: Number of the user.
    """

    service: Service
    request: Request
    groups: frozenset[int] | None
    user: int | None

    @property
    def stored(self) -> Stored:
        """Return what the Metabase keeps."""
        return self.service.stored

    @property
    def is_admin(self) -> bool:
        """Return whether an administrator asks."""
        return self.groups is not None and ADMINISTRATORS in self.groups

    def require_login(self) -> None:
        """Refuse whoever is nobody."""
        if self.groups is None:
            raise unauthenticated()

    def require_admin(self) -> None:
        """Refuse whoever is no administrator."""
        self.require_login()
        if not self.is_admin:
            raise forbidden()

    def require_level(self, collection: int | None, level: str) -> None:
        """Refuse whoever may not do that much in a collection."""
        self.require_login()
        if not self.is_admin and RANKS[self.level(collection)] < RANKS[level]:
            raise forbidden()

    def level(self, collection: int | None) -> str:
        """Return the highest level that any group gives in a collection."""
        place = "root" if collection is None else str(collection)
        levels = [
            self.stored.collection_levels.get(group, {}).get(place, "none")
            for group in self.groups or ()
        ]
        return max(levels, key=lambda level: RANKS[level], default="none")


def call_of(service: Service, request: Request) -> Call:
    """Return who asks: by API key, by session, or nobody."""
    key = service.stored.keys.get(request.headers.get("x-api-key", ""))
    if key:
        groups = frozenset({ALL_USERS, int(key["group_id"])})
        return Call(service, request, groups, int(key["user_id"]))
    session = request.headers.get("x-metabase-session", "")
    user = service.stored.sessions.get(session)
    if user is None:
        return Call(service, request, None, None)
    groups = frozenset(
        group for group, members in service.stored.members.items() if user in members
    )
    return Call(service, request, groups, user)
