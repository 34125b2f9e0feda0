"""Who may call the stand-in, with which token, and what each may see.

The tokens of the lesser accounts are derived from the owner's, so whoever holds that
one, such as a test of a stand-in in another process, can compute the others.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.kobo.exchange import unauthenticated

TOKEN_PATTERN = re.compile(r"[0-9a-f]{40}")
OWNER_PERMISSIONS = frozenset(
    {
        "add_submissions",
        "change_asset",
        "change_submissions",
        "delete_asset",
        "delete_submissions",
        "manage_asset",
        "validate_submissions",
        "view_asset",
        "view_submissions",
    }
)
# What an account with row-level access to one country sees.
ONE_COUNTRY = ({"country": "mx"},)


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the form server.

    Attributes:
        username: Shown in history, in `X-KoBoNaUt` and on `/me/`.
        token: 40 hex digits.
        permissions: Codenames, the same on every project.
        row_filters: For `partial_submissions`: queries, one of which a row must match.
    """

    username: str
    token: str = field(repr=False)
    permissions: frozenset[str]
    row_filters: tuple[Mapping[str, Any], ...] = ()

    @property
    def password(self) -> str:
        """Return the password for Basic authentication."""
        return _derive(self.token, "password")

    @property
    def is_owner(self) -> bool:
        """Return whether the projects belong to this account."""
        return "delete_asset" in self.permissions


def standard_accounts(owner_token: str) -> tuple[Account, ...]:
    """Return owner, viewer, partial and outsider.

    Args:
        owner_token: The owner's token, 40 hex digits.

    Raises:
        ValueError: The token has another shape.
    """
    if not TOKEN_PATTERN.fullmatch(owner_token):
        raise ValueError("A token is 40 hex digits: generate one, or leave it out.")
    viewing = frozenset({"view_asset", "view_submissions"})
    partial = frozenset({"view_asset", "partial_submissions"})
    return (
        Account("owner", owner_token, OWNER_PERMISSIONS),
        Account("viewer", _derive(owner_token, "viewer"), viewing),
        Account("partial", _derive(owner_token, "partial"), partial, ONE_COUNTRY),
        Account("outsider", _derive(owner_token, "outsider"), frozenset()),
    )


def authenticate(header: str | None, accounts: Iterable[Account]) -> Account | None:
    """Return the account an Authorization header names, None for anonymous.

    Args:
        header: The header's value; a scheme the server does not know, `Bearer` with an
            API token among them, counts as no header at all.
        accounts: Whose credentials are valid now.

    Raises:
        RefusedError: 401, the credentials are wrong.
    """
    scheme, _, credentials = (header or "").strip().partition(" ")
    if scheme.lower() == "token":
        return _by_token(credentials.strip(), accounts)
    if scheme.lower() == "basic":
        return _by_password(credentials.strip(), accounts)
    return None


def _by_token(token: str, accounts: Iterable[Account]) -> Account:
    if not token:
        raise unauthenticated("Invalid token header. No credentials provided.")
    for account in accounts:
        if account.token == token:
            return account
    raise unauthenticated("Invalid token.")


def _by_password(encoded: str, accounts: Iterable[Account]) -> Account:
    try:
        decoded = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        decoded = ""
    username, _, password = decoded.partition(":")
    for account in accounts:
        if account.username == username and account.password == password:
            return account
    raise unauthenticated("Invalid username/password.")


def _derive(token: str, purpose: str) -> str:
    return hashlib.sha256(f"{token}/{purpose}".encode()).hexdigest()[:40]
