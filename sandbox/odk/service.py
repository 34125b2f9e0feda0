"""The stand-in without its socket: forms, clock, sessions, what people do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sandbox.http_server.faults import Faults
from sandbox.odk.access.accounts import Account
from sandbox.odk.access.sessions import Sessions
from sandbox.odk.exchange import not_found
from sandbox.odk.faults.rules import RULES, Damage, Rule
from sandbox.odk.stored.media import Media
from sandbox.odk.stored.model import CentralForm, Definition, FormDataError, Happening
from sandbox.odk.stored.state import FormState, check_form, state_at
from sandbox.odk.stored.submission import Submission
from sandbox.odk.tables.rows import Row, Shape, answers_row

FIRST_ACTOR = 5  # the server's own roles and tokens come first


@dataclass(frozen=True, slots=True)
class Setting:
    """How the server is set up.

    Attributes:
        domain: Scheme, host and port in its links, whatever the client called.
        is_sso: People log in elsewhere, so no password counts.
        app_user_key: What phones have in their address.
    """

    domain: str
    is_sso: bool
    app_user_key: str


class Service:
    """Everything a view needs to answer.

    Args:
        forms: The forms of the project, with all that ever happens in them.
        accounts: At least an admin.
        now: The moment the server believes it is, UTC.
        setting: How the server is set up.

    Raises:
        FormDataError: A form could not exist on a real server.
    """

    def __init__(
        self,
        forms: Iterable[CentralForm],
        accounts: Iterable[Account],
        now: datetime,
        setting: Setting,
    ) -> None:
        self.forms = {form.form_id: form for form in forms}
        self.accounts = tuple(accounts)
        self.now = now
        self.setting = setting
        self.sessions = Sessions()
        self.faults: Faults[Rule] = Faults()
        self.damage = Damage()
        self.closed: dict[str, datetime] = {}
        self.deleted: dict[str, datetime] = {}
        self.files: dict[tuple[str, str], bytes] = {}
        self.media = Media()
        self._states: dict[str, FormState] = {}
        self._rows: dict[tuple[Any, ...], Row] = {}
        for form in self.forms.values():
            check_form(form)
        self.actors = _actors(self.forms.values(), self.accounts)

    @property
    def admin(self) -> Account:
        """Return the one who does what nobody is named for."""
        return next(account for account in self.accounts if account.may_write)

    def set_clock(self, moment: datetime) -> None:
        """Make the server believe it is `moment`, UTC."""
        self.now = moment
        self._states.clear()

    def misbehave(self, rules: Iterable[Rule]) -> None:
        """Go wrong as the rules say; what rules before them did is healed."""
        self.faults.replace(rules)
        self.damage = Damage()
        self._states.clear()

    def set_rules(self, body: bytes) -> list[dict[str, Any]]:
        """Misbehave as the JSON list says from now on; return the rules as read.

        Raises:
            ValidationError: The list is not one of rules.
        """
        rules = RULES.validate_json(body)
        self.misbehave(rules)
        return [rule.model_dump(mode="json") for rule in rules]

    def purge_by_fault(self, root_ids: Iterable[str]) -> None:
        """Make rows vanish until the rules are replaced."""
        self.damage.purged.update(root_ids)
        self._states.clear()

    def role_of(self, account: Account | None) -> str | None:
        """Return the account's role on the project now."""
        if account is None or account.username in self.damage.blind:
            return None
        return account.role

    def is_closed(self, form_id: str) -> bool:
        """Return whether the form takes no submissions any more."""
        return form_id in self.closed and self.closed[form_id] <= self.now

    def is_deleted(self, form_id: str) -> bool:
        """Return whether the form is in the trash."""
        return form_id in self.deleted and self.deleted[form_id] <= self.now

    def state(self, form_id: str) -> FormState:
        """Return a form as it is now, whoever may see it.

        Raises:
            RefusedError: 404, there is none, or it is in the trash.
        """
        if form_id not in self.forms or self.is_deleted(form_id):
            raise not_found()
        if form_id not in self._states:
            state = state_at(self.forms[form_id], self.now)
            left = tuple(
                one
                for one in state.submissions
                if one.root_id not in self.damage.purged
            )
            self._states[form_id] = replace(state, submissions=left)
        return self._states[form_id]

    def states(self) -> list[FormState]:
        """Return the forms outside the trash, by their id."""
        return [
            self.state(form_id)
            for form_id in sorted(self.forms)
            if not self.is_deleted(form_id)
        ]

    def answers(self, state: FormState, submission: Submission, shape: Shape) -> Row:
        """Return the answers of a submission by the form's current version."""
        key = (
            state.form.form_id,
            state.current.version,
            submission.root_id,
            submission.current.instance.instance_id,
            shape,
        )
        if key not in self._rows:
            roots = state.current.schema.roots
            self._rows[key] = answers_row(roots, submission, shape)
        return self._rows[key]

    def suffix(self, form: CentralForm) -> str:
        """Return what encryption adds to a version string, nothing without it."""
        return f"[encrypted:{form.key_name}]" if form.is_encrypted else ""

    def let_happen(self, form_id: str, *happenings: Happening) -> None:
        """Add what somebody does now to a form's life.

        Raises:
            FormDataError: It is impossible, or makes impossible what is to come.
        """
        form = self.forms[form_id]
        past = sum(1 for one in form.happenings if one.at <= self.now)
        life = (*form.happenings[:past], *happenings, *form.happenings[past:])
        self.replace_form(replace(form, happenings=life))

    def publish(self, form_id: str, definition: Definition) -> None:
        """Add a version to a form.

        Raises:
            FormDataError: Central would refuse it.
        """
        form = self.forms[form_id]
        versions = sorted(
            (*form.definitions, definition), key=lambda one: one.published_at
        )
        self.replace_form(replace(form, definitions=tuple(versions)))

    def replace_form(self, form: CentralForm) -> None:
        """Put a form with another life in place of the one with its id.

        Raises:
            FormDataError: It could not exist on a real server.
        """
        check_form(form)
        self.forms[form.form_id] = form
        self._states.pop(form.form_id, None)
        for happening in form.happenings:
            if happening.by:
                self.actors.setdefault(
                    happening.by, max(self.actors.values(), default=FIRST_ACTOR) + 1
                )


def _actors(
    forms: Iterable[CentralForm], accounts: Iterable[Account]
) -> dict[str, int]:
    """Return an id for everybody who logs in or ever does something."""
    users = [account.email for account in accounts]
    others = {one.by for form in forms for one in form.happenings if one.by}
    names = [*users, *sorted(others - set(users))]
    return {name: number for number, name in enumerate(names, start=FIRST_ACTOR)}


def known_form(forms: Mapping[str, CentralForm], form_id: str) -> CentralForm:
    """Return a form, for the stand-in's own controls.

    Raises:
        FormDataError: There is none; the message says which there are.
    """
    if form_id not in forms:
        there = ", ".join(sorted(forms))
        raise FormDataError(f"There is no form {form_id}, only {there}.")
    return forms[form_id]
