"""The stand-in behind a socket on the loopback address."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from sandbox.http_server.control import control
from sandbox.http_server.exchange import Answer, Request
from sandbox.http_server.server import StandIn
from sandbox.kobo.access.accounts import Account, standard_accounts
from sandbox.kobo.edge import routes
from sandbox.kobo.edge.harm import do_harm
from sandbox.kobo.faults.rules import RULES, instead_of_answering, spoiled
from sandbox.kobo.service import Service
from sandbox.pilot.model import Form


class KoboServer(StandIn):
    """A KoboToolbox stand-in, serving from `with` to its end, or `start` to `stop`.

    Args:
        forms: The projects, with all that ever happens in them.
        clock: The moment the server believes it is, UTC.
        port: 0 takes a free one.
        token: The owner's token; generated when left out.
        accounts: Instead of owner, viewer, partial and outsider.

    Raises:
        FormDataError: A form could not exist on a real server.
    """

    headers: ClassVar = {"Content-Language": "en"}

    def __init__(
        self,
        forms: Iterable[Form],
        *,
        clock: datetime,
        port: int = 0,
        token: str | None = None,
        accounts: Iterable[Account] | None = None,
    ) -> None:
        self.token = token or secrets.token_hex(20)
        people = tuple(accounts or standard_accounts(self.token))
        self.accounts = {account.username: account for account in people}
        self.service = Service(forms, people, clock)
        self.token = self.service.owner.token
        super().__init__(port)

    @property
    def now(self) -> datetime:
        """Return the moment the server believes it is, UTC."""
        return self.service.now

    def set_clock(self, moment: datetime) -> None:
        """Make the server believe it is `moment`, UTC."""
        with self._lock:
            self.service.set_clock(moment)

    def set_faults(self, *rules: Mapping[str, Any]) -> None:
        """Misbehave as told (`sandbox.kobo.faults.rules`); without rules, behave."""
        checked = RULES.validate_python(rules)
        with self._lock:
            self.service.misbehave(checked)

    def controlled(self, request: Request) -> Answer:
        """Return the answer to a request below `/sandbox/`."""
        return control(self.service, self.requests, request)

    def served(self, request: Request) -> tuple[Answer, list[str]]:
        """Return the answer to any other request, and the faults it met."""
        rules = self.service.faults.fired_by(request)
        do_harm(self.service, request, rules)
        found = instead_of_answering(rules)
        found = found or spoiled(routes.answer(self.service, request), rules)
        return found, [rule.kind for rule in rules]
