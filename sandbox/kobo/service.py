"""The stand-in without its socket: projects, clock, who may call, what broke."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sandbox.http_server.exchange import Request
from sandbox.http_server.faults import Faults
from sandbox.kobo.access.accounts import Account
from sandbox.kobo.asking.query import compile_query
from sandbox.kobo.exchange import not_covered, not_found
from sandbox.kobo.faults.damage import Damage
from sandbox.kobo.faults.rules import RULES, Rule
from sandbox.kobo.history import Entry, entries
from sandbox.kobo.stored.media import Media
from sandbox.kobo.stored.state import (
    FormDataError,
    ProjectState,
    StoredRow,
    check_form,
    state_at,
)
from sandbox.pilot.model import Event, Form


@dataclass(slots=True)
class Files:
    """What the server has of attached files.

    Attributes:
        contents: Attachment uid -> content, where it is not what all have.
        send_on: Puts content and media type elsewhere and returns the address there;
            None hands files out here. A real server with remote storage does either.
    """

    contents: dict[str, bytes] = field(default_factory=dict)
    send_on: Callable[[bytes, str], str] | None = None


class Service:
    """Everything a view needs to answer.

    Args:
        forms: The projects, with all that ever happens in them.
        accounts: Exactly one of them is the owner.
        now: The moment the server believes it is, UTC.

    Raises:
        FormDataError: A form could not exist on a real server.
    """

    def __init__(
        self, forms: Iterable[Form], accounts: Iterable[Account], now: datetime
    ) -> None:
        self._forms = {form.uid: form for form in forms}
        self._accounts = tuple(accounts)
        self._states: dict[str, ProjectState] = {}
        self.owner = next(account for account in self._accounts if account.is_owner)
        self.now = now
        self.faults: Faults[Rule] = Faults()
        self.damage = Damage()
        self.files = Files()
        self.media = Media()
        self._noted: dict[str, list[Entry]] = {uid: [] for uid in self._forms}
        _check_forms(self._forms)

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Return the accounts whose credentials work now."""
        return tuple(
            account
            for account in self._accounts
            if account.username not in self.damage.revoked
        )

    @property
    def all_accounts(self) -> tuple[Account, ...]:
        """Return every account, revoked ones too."""
        return self._accounts

    def set_clock(self, moment: datetime) -> None:
        """Make the server believe it is `moment`."""
        self.now = moment
        self._states.clear()

    def misbehave(self, rules: Iterable[Rule]) -> None:
        """Go wrong as the rules say; what rules before them did is healed."""
        self.faults.replace(rules)
        self.damage = Damage()

    def set_rules(self, body: bytes) -> list[dict[str, Any]]:
        """Misbehave as the JSON list says from now on; return the rules as read.

        Raises:
            ValidationError: The list is not one of rules.
        """
        rules = RULES.validate_json(body)
        self.misbehave(rules)
        return [rule.model_dump(mode="json") for rule in rules]

    def is_project(self, uid: str) -> bool:
        """Return whether a project with this uid exists, whoever may see it."""
        return uid in self._forms

    def projects_of(self, account: Account | None) -> list[ProjectState]:
        """Return the projects the account may see, last modified first."""
        states = [
            self._state(uid) for uid in self._forms if self.may(account, "view_asset")
        ]
        return sorted(
            states, key=lambda state: state.latest_version.deployed_at, reverse=True
        )

    def project(self, uid: str, account: Account | None) -> ProjectState:
        """Return a project.

        Raises:
            RefusedError: 404, there is none or the account may not see it.
        """
        if uid not in self._forms or not self.may(account, "view_asset"):
            raise not_found()
        return self._state(uid)

    def may(self, account: Account | None, permission: str) -> bool:
        """Return whether the account holds the permission now."""
        if account is None or account.username in self.damage.blind:
            return False
        return permission in account.permissions

    def rows(self, state: ProjectState, account: Account | None) -> list[StoredRow]:
        """Return the submissions the account may see, by `_id`.

        With row-level permissions the list is narrowed without a word.

        Raises:
            RefusedError: 404, the account may see none at all.
        """
        live = [
            row
            for number, row in state.rows.items()
            if number not in self.damage.deleted
        ]
        if self.may(account, "view_submissions"):
            return live
        if account is None or not self.may(account, "partial_submissions"):
            raise not_found()
        tests = [compile_query(query) for query in account.row_filters]
        return [row for row in live if any(test(row.record) for test in tests)]

    def note(self, uid: str, *noted: Entry) -> None:
        """Write entries into a project's history that no event of it tells."""
        self._noted[uid] += noted

    def note_view(self, uid: str, account: Account) -> None:
        """Keep that the account looked at a project's data, as the history tells."""
        second = self.now.replace(microsecond=0)
        self.note(uid, Entry(second, account.username, "view-data", {}))

    def history(self, state: ProjectState) -> list[Entry]:
        """Return what can be read of a project's history, newest first."""
        uid = state.form.uid
        noted = [*self._noted[uid], *self.damage.false_entries.get(uid, [])]
        told = entries(state, self.owner.username, noted)
        return self.damage.left_of(told, self.now)

    def next_id(self) -> int:
        """Return the `_id` that the next submission gets; ids are global."""
        ids = [e.submission_id for form in self._forms.values() for e in form.events]
        return max(ids, default=0) + 1

    def let_happen(self, state: ProjectState, *events: Event) -> ProjectState:
        """Add what somebody does now to the project's life; return its new state.

        Raises:
            RefusedError: 501, the form's life goes on in a way that this makes
                impossible.
        """
        form = state.form
        past = len(state.events)
        life = (*form.events[:past], *events, *form.events[past:])
        changed = replace(form, events=life)
        try:
            check_form(changed)
        except FormDataError as error:
            raise not_covered(f"that before what is still to come ({error})") from None
        self._forms[form.uid] = changed
        self._states.pop(form.uid, None)
        return self._state(form.uid)

    def _state(self, uid: str) -> ProjectState:
        if uid not in self._states:
            form = self._forms[uid]
            self._states[uid] = state_at(form, self.now, self.owner.username)
        return self._states[uid]


@dataclass(frozen=True, slots=True)
class Call:
    """A request, who sent it, and the service that is to answer."""

    service: Service
    request: Request
    account: Account | None

    @property
    def owner(self) -> str:
        """Return the username of the one who owns the projects."""
        return self.service.owner.username

    @property
    def username(self) -> str | None:
        """Return the caller's username, None without one."""
        return self.account.username if self.account else None

    def may(self, permission: str) -> bool:
        """Return whether the caller holds the permission now."""
        return self.service.may(self.account, permission)

    def projects(self) -> list[ProjectState]:
        """Return the projects the caller may see, last modified first."""
        return self.service.projects_of(self.account)

    def project(self, uid: str) -> ProjectState:
        """Return a project.

        Raises:
            RefusedError: 404, there is none or the caller may not see it.
        """
        return self.service.project(uid, self.account)

    def rows(self, state: ProjectState) -> list[StoredRow]:
        """Return the submissions the caller may see, by `_id`.

        Raises:
            RefusedError: 404, the caller may see none at all.
        """
        return self.service.rows(state, self.account)


def _check_forms(forms: Mapping[str, Form]) -> None:
    homes: dict[int, str] = {}
    for uid, form in forms.items():
        check_form(form)
        for event in form.events:
            if homes.setdefault(event.submission_id, uid) != uid:
                raise FormDataError(
                    f"Submission {event.submission_id} is in form {uid} and in "
                    f"form {homes[event.submission_id]}: ids are global to a server."
                )
