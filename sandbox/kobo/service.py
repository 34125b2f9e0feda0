"""The stand-in without its socket: projects, clock, who may call, what broke."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.kobo.accounts import Account
from sandbox.kobo.exchange import Request, not_found
from sandbox.kobo.faults import Faults
from sandbox.kobo.history import Entry, entries
from sandbox.kobo.query import compile_query
from sandbox.kobo.state import (
    FormDataError,
    ProjectState,
    StoredRow,
    check_form,
    state_at,
)
from sandbox.pilot.model import Form


@dataclass(slots=True)
class Damage:
    """What faults have done and only new rules undo.

    Attributes:
        blind: Usernames that see no project any more.
        revoked: Usernames whose token is refused.
        deleted: Submissions that are gone.
    """

    blind: set[str] = field(default_factory=set)
    revoked: set[str] = field(default_factory=set)
    deleted: set[int] = field(default_factory=set)


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
        self.faults = Faults()
        self.damage = Damage()
        self._views: dict[str, list[Entry]] = {uid: [] for uid in self._forms}
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

    def note_view(self, uid: str, account: Account) -> None:
        """Keep that the account looked at a project's data, as the history tells."""
        second = self.now.replace(microsecond=0)
        self._views[uid].append(Entry(second, account.username, "view-data", {}))

    def history(self, state: ProjectState) -> list[Entry]:
        """Return the history of a project, newest first."""
        views = self._views[state.form.uid]
        return entries(state, self.owner.username, views, self.now)

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


def rendered(moment: datetime) -> str:
    """Return a moment as the server writes it."""
    return moment.isoformat().replace("+00:00", "Z")
