"""The stand-in behind a socket on the loopback address."""

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sandbox.http_server.control import control
from sandbox.http_server.exchange import Answer, Request
from sandbox.http_server.server import StandIn
from sandbox.metabase import routes, rules
from sandbox.metabase.behaviour import Behaviour
from sandbox.metabase.service import Service, call_of
from sandbox.metabase.stored import ADMINISTRATORS, ALL_USERS, Stored

EDITABLE = re.compile(r"/api/(?P<kind>card|dashboard)/(?P<number>\d+)")


class MetabaseServer(StandIn):
    """A Metabase, serving from `with` to its end, or `start` to `stop`.

    Args:
        version: Its major version, such as 58.
        port: 0 takes a free one.
        has_email: Whether it can send e-mail.
        setup_token: Generated when left out.
    """

    def __init__(
        self,
        version: int = 58,
        *,
        port: int = 0,
        has_email: bool = True,
        setup_token: str | None = None,
    ) -> None:
        token = setup_token or secrets.token_hex(16)
        stored = Stored(setup_token=token, has_email=has_email)
        self.service = Service(Behaviour(version), stored)
        super().__init__(port)

    @property
    def now(self) -> datetime:
        """Return the moment the server believes it is, UTC."""
        return self.service.now

    @property
    def stored(self) -> Stored:
        """Return what it keeps, to look at."""
        return self.service.stored

    @property
    def setup_token(self) -> str:
        """Return the token of the first set-up."""
        return self.stored.setup_token or ""

    def add_api_key(self, group: int = ADMINISTRATORS) -> str:
        """Return a key, as somebody made it in the settings."""
        with self._lock:
            number = self.stored.next_number()
            key = f"mb_{secrets.token_urlsafe(24)}"
            self.stored.keys[key] = {
                "id": number,
                "name": f"key {number}",
                "group_id": group,
                "user_id": 1000 + number,
            }
            return key

    def add_user(self, email: str, password: str, groups: Iterable[str] = ()) -> int:
        """Add somebody who can log in, in groups of these names."""
        with self._lock:
            user = self.service.add_user(
                email, password, first="Ana", last="Example", is_admin=False
            )
            for number, name in self.stored.groups.items():
                if name in set(groups):
                    self.stored.members[number].add(user)
            return user

    def edit(self, kind: str, number: int, **changed: Any) -> None:  # noqa: ANN401 - any JSON
        """Change a card or dashboard, as somebody does who works in Metabase."""
        with self._lock:
            table = self.stored.cards if kind == "card" else self.stored.dashboards
            table[number] |= {**changed, "updated_at": self.stored.moment()}

    def open_to_all(self, collection: int) -> None:
        """Let "All Users" read a collection, as a mistaken click does."""
        with self._lock:
            levels = self.stored.collection_levels.setdefault(ALL_USERS, {})
            levels[str(collection)] = "read"
            self.stored.collection_revision += 1

    def set_clock(self, moment: datetime) -> None:
        """Make the server believe it is `moment`, UTC."""
        with self._lock:
            self.service.set_clock(moment)

    def set_faults(self, *given: Mapping[str, Any]) -> None:
        """Misbehave as told (`sandbox.metabase.rules`); without rules, behave."""
        checked = rules.RULES.validate_python(given)
        with self._lock:
            self.service.faults.replace(checked)

    def controlled(self, request: Request) -> Answer:
        """Return the answer to a request below `/sandbox/`."""
        return control(self.service, self.requests, request)

    def served(self, request: Request) -> tuple[Answer, list[str]]:
        """Return the answer to any other request, and the faults it met."""
        fired = rules.fired(self.service.faults, request)
        kinds: list[str] = [rule.kind for rule in fired]
        instead = rules.before(fired)
        if instead is not None:
            return instead, kinds
        found = routes.answer(call_of(self.service, request))
        if "changed" in kinds and (about := EDITABLE.match(request.path)):
            table = (
                self.stored.cards if about["kind"] == "card" else self.stored.dashboards
            )
            number = int(about["number"])
            name = f"{table[number]['name']} (edited)"
            self.edit(about["kind"], number, name=name)
        return rules.after(found, fired), kinds
