"""The session of an account on an ODK Central server.

Central has no lasting tokens: a program logs in with e-mail and password, works with
the token it gets, and logs out. The token lives a day, or shorter where the server is
so configured, and an administrator may end it; then one more is fetched.
"""

import contextlib
import threading
from collections.abc import Generator

import httpx

from ingestion.errors import SourceRejectedError, SourceUnavailableError
from ingestion.sources.connections import Connection, variable_of
from ingestion.sources.quiet_log import addresses_kept_out_of_log

SESSIONS = "/v1/sessions"
LOGOUT_SECONDS = 10.0
REFUSED = frozenset({400, 401, 403})
NOT_THERE = frozenset({404, 405, 501})
# "This authentication method is not supported": the server lets people in through
# single sign-on alone. Of all codes only this one tells more than its status.
NO_PASSWORDS = 401.5

Flow = Generator[httpx.Request, httpx.Response, None]


class LoginRefusedError(SourceRejectedError):
    """The server does not let the account in, for this request or any other.

    Attributes:
        status: As of a request that needs a login.
    """

    status = int(httpx.codes.UNAUTHORIZED)


class SessionAuth(httpx.Auth):
    """Logs in before the first request, and once more when a session has ended.

    Requests may be sent in several threads: one of them logs in for all.

    Args:
        connection: Address, e-mail and password.
        name: The server's name in messages.

    Raises:
        LoginRefusedError: The server does not let the account in.
        SourceUnavailableError: We have logged out before.
    """

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._token: str | None = None
        self._logging_in = threading.Lock()
        self._is_over = False

    def auth_flow(self, request: httpx.Request) -> Flow:
        """Send `request` with a session; what a login meets is met by the request.

        A server too busy to log in is too busy to answer: the request then gets the
        answer to the login, and is tried again as any other.
        """
        was_logged_in = self._token is not None
        token = yield from self._session(request)
        if token is None:
            return
        response = yield _signed(request, token)
        if response.status_code != httpx.codes.UNAUTHORIZED or not was_logged_in:
            return
        token = yield from self._session(request, instead_of=token)
        if token is not None:
            yield _signed(request, token)

    def log_out(self, client: httpx.Client) -> None:
        """End the session; a server that cannot be told forgets it by itself."""
        self._is_over = True
        if self._token is None:
            return
        headers = {"Authorization": f"Bearer {self._token}"}
        self._token = None
        with contextlib.suppress(httpx.HTTPError, httpx.InvalidURL):
            client.request(
                "DELETE",
                f"{SESSIONS}/current",
                headers=headers,
                auth=None,
                timeout=LOGOUT_SECONDS,
            )

    def _session(
        self, request: httpx.Request, instead_of: str | None = None
    ) -> Generator[httpx.Request, httpx.Response, str | None]:
        """Return a session's token, None when the server is too busy to log in.

        Args:
            request: Whatever needs it.
            instead_of: The token of a session that has ended. Where another thread
                has found that out and logged in already, its session serves.
        """
        # Held until the answer is here: who comes meanwhile wants the same. The client
        # closes what it has begun, so an error leaves nobody waiting.
        with self._logging_in:
            if self._token is not None and self._token != instead_of:
                return self._token
            self._token = None
            token = yield from self._log_in(request)
            self._token = token
            return token

    def _log_in(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, str | None]:
        if self._is_over:
            # A request of a thread that did not know: nobody would end its session.
            raise SourceUnavailableError(f"The session on {self._name} has ended.")
        # Central puts the session into a cookie too, which a log would keep.
        with addresses_kept_out_of_log():
            response = yield httpx.Request(
                "POST",
                f"{self._connection.host}{SESSIONS}",
                json={
                    "email": self._connection.login,
                    "password": self._connection.password,
                },
                extensions=request.extensions,  # its time limits
            )
            # The login's alone: the answer to the request may be a file, to be read by
            # whoever knows how much of it is wanted.
            response.read()
        if response.status_code in REFUSED | NOT_THERE:
            # No `HttpRefusalError`: no request was refused, none is to be explained.
            raise self._refusal(response)
        if not response.is_success:  # busy or broken, often told on a proxy's page
            return None
        if _is_page(response):
            raise self._other_server()
        return _token(response)

    def _refusal(self, response: httpx.Response) -> LoginRefusedError:
        variable = variable_of(self._connection.name)
        is_not_there = response.status_code in NOT_THERE
        if _is_page(response) or (is_not_there and _code(response) is None):
            return self._other_server()
        if is_not_there or _code(response) == NO_PASSWORDS:
            return LoginRefusedError(
                f"{self._name} has no login by password: it lets people in through "
                "single sign-on only, which no program can use, or it is no ODK "
                f"Central; ask whoever runs it, or correct the host in {variable}.",
                "wrong_token",
            )
        return LoginRefusedError(
            f"{self._name} does not accept the e-mail and password of connection "
            f"{self._connection.name!r}: put those of an account with the role "
            f"Project Viewer into {variable}.",
            "wrong_token",
        )

    def _other_server(self) -> LoginRefusedError:
        return LoginRefusedError(
            f"{self._name} does not answer as ODK Central does: correct the host in "
            f"{variable_of(self._connection.name)}.",
            "wrong_address",
        )


def _signed(request: httpx.Request, token: str) -> httpx.Request:
    request.headers["Authorization"] = f"Bearer {token}"
    return request


def _token(response: httpx.Response) -> str:
    try:
        return str(response.json()["token"])
    except (KeyError, TypeError, ValueError) as error:
        # Half an answer; the client knows how to try again.
        raise httpx.RemoteProtocolError("no token in the answer") from error


def _is_page(response: httpx.Response) -> bool:
    """Return whether people are meant; a busy server's page means nothing."""
    is_busy = response.is_server_error and response.status_code not in NOT_THERE
    return not is_busy and "html" in response.headers.get("Content-Type", "")


def _code(response: httpx.Response) -> object:
    try:
        body = response.json()
    except ValueError:
        return None
    return body.get("code") if isinstance(body, dict) else None
