"""A request on its way to a view: who sent it, and what that account may see."""

from dataclasses import dataclass
from typing import Any

from sandbox.http_server.exchange import RefusedError, Request
from sandbox.odk.access.accounts import Account
from sandbox.odk.exchange import insufficient_rights, not_found, unauthenticated
from sandbox.odk.service import Service
from sandbox.odk.stored.state import FormState

PROJECT_ID = "1"


@dataclass(frozen=True, slots=True)
class Call:
    """A request, who sent it, and the service that is to answer.

    Attributes:
        service: The server.
        request: As sent.
        account: The caller, None for anonymous or a phone.
        is_phone: The caller is an app user, whose key is in the address.
    """

    service: Service
    request: Request
    account: Account | None
    is_phone: bool = False

    @property
    def is_extended(self) -> bool:
        """Return whether the caller wants more about everything."""
        return self.request.headers.get("x-extended-metadata", "").lower() == "true"

    @property
    def may_write(self) -> bool:
        """Return whether the caller may change submissions and see drafts."""
        return self.service.role_of(self.account) == "admin"

    def check_project(self, project: str) -> None:
        """Refuse a caller who may not read the project.

        Raises:
            RefusedError: 404 there is none, 401 nobody is logged in, 403 no role.
        """
        if project != PROJECT_ID:
            raise not_found()
        if self.service.role_of(self.account) is None:
            raise self._refusal()

    def check_writing(self) -> None:
        """Refuse a caller who may only read.

        Raises:
            RefusedError: 401 or 403.
        """
        if not self.may_write:
            raise self._refusal()

    def form(self, project: str, form_id: str) -> FormState:
        """Return a form.

        Raises:
            RefusedError: 404 there is none, 401 or 403 the caller may not see it.
        """
        if project != PROJECT_ID:
            raise not_found()
        state = self.service.state(form_id)
        self.check_project(project)
        if not state.is_published and not self.may_write:
            raise not_found()
        return state

    def published(self, project: str, form_id: str) -> FormState:
        """Return a form that has data.

        Raises:
            RefusedError: As `form`; 404 also when no version was ever published.
        """
        state = self.form(project, form_id)
        if not state.is_published:
            raise not_found()
        return state

    def actor(self, name: str | None) -> dict[str, Any] | None:
        """Return what an extended answer tells of somebody."""
        if name is None:
            return None
        is_user = any(name == one.email for one in self.service.accounts)
        return {
            "id": self.service.actors[name],
            "type": "user" if is_user else "field_key",
            "displayName": name,
            "createdAt": None,
            "updatedAt": None,
            "deletedAt": None,
        }

    def _refusal(self) -> RefusedError:
        anonymous = self.account is None and not self.is_phone
        return unauthenticated() if anonymous else insufficient_rights()
