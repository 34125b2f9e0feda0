"""Sessions, and who a request comes from."""

import base64
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.http_server.exchange import Request
from sandbox.odk.access.accounts import Account
from sandbox.odk.exchange import problem, unauthenticated

LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Session:
    """An account logged in.

    Attributes:
        account: Whose session it is.
        token: What the client sends as Bearer.
        csrf: What a browser would send along.
        created_at: UTC.
    """

    account: Account
    token: str = field(repr=False)
    csrf: str = field(repr=False)
    created_at: datetime

    @property
    def expires_at(self) -> datetime:
        """Return when it ends by itself, UTC."""
        return self.created_at + LIFETIME


class Sessions:
    """The sessions that were opened and not closed."""

    def __init__(self) -> None:
        self._open: dict[str, Session] = {}

    def opened(self, account: Account, now: datetime) -> Session:
        """Open a session."""
        session = Session(
            account, secrets.token_urlsafe(48), secrets.token_urlsafe(48), now
        )
        self._open[session.token] = session
        return session

    def with_token(self, token: str, now: datetime) -> Session | None:
        """Return the session, None when it is unknown, closed or expired."""
        session = self._open.get(token)
        return session if session and session.expires_at > now else None

    def close(self, token: str) -> None:
        """End a session."""
        self._open.pop(token, None)

    def close_all_of(self, username: str) -> None:
        """End every session of an account."""
        for token, session in list(self._open.items()):
            if session.account.username == username:
                del self._open[token]


def bearer_session(
    request: Request, sessions: Sessions, now: datetime
) -> Session | None:
    """Return the session whose token the request carries, None without a token.

    Raises:
        RefusedError: 401, there is no such session.
    """
    header = request.headers.get("authorization", "")
    if not header.startswith("Bearer "):
        return None
    session = sessions.with_token(header.removeprefix("Bearer "), now)
    if session is None:
        raise unauthenticated()
    return session


def basic_account(
    request: Request, accounts: Iterable[Account], *, is_sso: bool
) -> Account | None:
    """Return the account of Basic credentials, None without such.

    Raises:
        RefusedError: 401, they are wrong, came over http, or no password counts here.
    """
    header = request.headers.get("authorization", "")
    if not header.startswith("Basic "):
        return None
    if is_sso:
        raise problem(
            401.5, "This authentication method is not available on this server."
        )
    if request.headers.get("x-forwarded-proto") != "https":
        raise problem(401.3, "This authentication method is only available over HTTPS")
    try:
        decoded = base64.b64decode(header.removeprefix("Basic ")).decode()
    except ValueError:
        raise unauthenticated() from None
    email, _, password = decoded.partition(":")
    return with_password(email, password, accounts)


def with_password(
    email: object, password: object, accounts: Iterable[Account]
) -> Account:
    """Return the account with this address and password.

    Raises:
        RefusedError: 401, there is none.
    """
    for account in accounts:
        if (account.email, account.password) == (email, password):
            return account
    raise unauthenticated()
