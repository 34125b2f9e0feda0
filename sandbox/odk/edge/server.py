"""The stand-in behind a socket on the loopback address."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Self

from sandbox.http_server.control import control
from sandbox.http_server.exchange import Answer, Request
from sandbox.http_server.server import StandIn
from sandbox.odk.access.accounts import Account, derived, standard_accounts
from sandbox.odk.acts import Acts
from sandbox.odk.edge.control import event_control
from sandbox.odk.edge.harm import do_harm
from sandbox.odk.edge.routes import answer, routes
from sandbox.odk.edge.store import FileStore
from sandbox.odk.faults.rules import RULES, instead_of_answering, spoiled
from sandbox.odk.service import Service, Setting
from sandbox.odk.stored.converted import central_form
from sandbox.odk.stored.model import CentralForm
from sandbox.odk.views.attachments import download
from sandbox.pilot.model import Form


class OdkServer(StandIn):
    """An ODK Central stand-in, serving from `with` to its end, or `start` to `stop`.

    Attributes:
        accounts: By username: admin, viewer (the role Project Viewer) and outsider
            (no role), each with `email` and `password`.
        acts: What people do on it, at the moment of its clock.
        app_user_key: What a phone has in its address.
        store: The store of files, None when the server keeps them itself.

    Args:
        forms: The forms of project 1, with all that ever happens in them; the uid of
            one of the pilot is its xmlFormId.
        clock: The moment the server believes it is, UTC.
        port: 0 takes a free one.
        domain: Scheme, host and port that its links name; its own when left out.
        secret: What passwords are derived from; generated when left out.
        accounts: Instead of admin, viewer and outsider.
        encrypted: The ids of forms whose answers only a key opens.
        is_sso: People log in elsewhere, so no password counts.
        has_store: Files lie in a store like S3, at another address.

    Raises:
        FormDataError: A form could not exist on a real server.
        DefinitionError: The content of a form is no XForm.
    """

    def __init__(  # noqa: PLR0913 - each is a way in which servers differ
        self,
        forms: Iterable[Form | CentralForm],
        *,
        clock: datetime,
        port: int = 0,
        domain: str | None = None,
        secret: str | None = None,
        accounts: Iterable[Account] | None = None,
        encrypted: Iterable[str] = (),
        is_sso: bool = False,
        has_store: bool = False,
    ) -> None:
        seed = secret or secrets.token_hex(20)
        people = tuple(accounts or standard_accounts(seed))
        self.accounts = {account.username: account for account in people}
        self.app_user_key = derived(seed, "app user")
        setting = Setting(domain or "", is_sso, self.app_user_key)
        admin = next(account for account in people if account.may_write)
        kept = [_kept(form, admin.email, set(encrypted)) for form in forms]
        self.service = Service(kept, people, clock, setting)
        super().__init__(port)  # from here on there is a port to free
        if domain is None:
            self.service.setting = replace(setting, domain=self.url)
        self.acts = Acts(self.service, self._lock)
        self.store = FileStore(lambda: self.service.now) if has_store else None
        self._routes = routes(download(self.store.put if self.store else None))

    @property
    def now(self) -> datetime:
        """Return the moment the server believes it is, UTC."""
        return self.service.now

    def start(self) -> Self:
        """Serve in a thread of its own."""
        if self.store:
            self.store.start()
        return super().start()

    def stop(self) -> None:
        """Stop serving, end open connections, free the port."""
        super().stop()
        if self.store:
            self.store.stop()

    def set_clock(self, moment: datetime) -> None:
        """Make the server believe it is `moment`, UTC."""
        with self._lock:
            self.service.set_clock(moment)

    def set_faults(self, *rules: Mapping[str, Any]) -> None:
        """Misbehave as told (`sandbox.odk.faults.rules`); without rules, behave."""
        checked = RULES.validate_python(rules)
        with self._lock:
            self.service.misbehave(checked)

    def controlled(self, request: Request) -> Answer:
        """Return the answer to a request below `/sandbox/`."""
        more = event_control(self.acts)
        return control(self.service, self.requests, request, more)

    def served(self, request: Request) -> tuple[Answer, list[str]]:
        """Return the answer to any other request, and the faults it met."""
        rules = self.service.faults.fired_by(request)
        do_harm(self.service, request, rules)
        found = instead_of_answering(rules)
        found = found or spoiled(answer(self.service, self._routes, request), rules)
        return found, [rule.kind for rule in rules]


def _kept(form: Form | CentralForm, admin: str, encrypted: set[str]) -> CentralForm:
    kept = form if isinstance(form, CentralForm) else central_form(form, admin)
    if kept.form_id not in encrypted:
        return kept
    key_name = derived(kept.form_id, "key")[:8]
    return CentralForm(
        kept.form_id, kept.name, kept.definitions, kept.happenings, key_name
    )
