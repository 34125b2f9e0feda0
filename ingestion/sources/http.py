"""GET requests that wait, try again and know when to give up."""

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, TypeVar

import httpx

from ingestion.errors import SourceRejectedError, SourceUnavailableError
from ingestion.sources.base import Download, DownloadLimits, Json
from ingestion.sources.downloads import (
    RedirectRefusedError,
    bare_client,
    chunks_of,
    followed,
    receive,
)
from ingestion.sources.json_text import read_json

# A form server may take two minutes over a page before it gives up itself.
TIMEOUT = httpx.Timeout(150.0, connect=10.0)
BUSY = frozenset({429, 502, 503, 504})
# A larger file waits for its end on the disk, not in memory.
SPOOLED_BYTES = 1_000_000

Result = TypeVar("Result")

Params = Mapping[str, str | int]
Reader = Callable[[bytes], Json]


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long we try.

    Attributes:
        attempts: Tries of one request while the server is busy or cuts the line.
        attempts_unreached: Tries of one request while nobody listens.
        attempts_after_error: Tries of one request while it answers 500.
        first_wait_seconds: The longest first pause; it doubles from try to try.
        longest_wait_seconds: No pause of our own is longer.
        budget_seconds: All pauses and failed tries of one run together, also those of
            several threads at the same time; a long list that comes page by page
            takes as long as it takes.
    """

    attempts: int = 6
    attempts_unreached: int = 4
    attempts_after_error: int = 3
    first_wait_seconds: float = 0.5
    longest_wait_seconds: float = 30.0
    budget_seconds: float = 900.0


@dataclass(frozen=True, slots=True)
class Failure:
    """One try that did not succeed but may be repeated."""

    reason: str
    attempts: int
    wait_seconds: float | None = None
    advice: str = "try again later, or ask whoever runs it"


class PatientClient:
    """Reads JSON, text and files from one server, by GET only, in any thread.

    The address is always put together from the configured host: a link the server
    sends is never followed, and a redirect only to fetch a file, by a client that has
    no token, so the token goes nowhere else.

    Args:
        name: The server's name in messages.
        client: An open client with base URL and authorization; it must not follow
            redirects. The caller owns it.
        patience: How often and how long to try.
        sleep: Waits that many seconds.
        monotonic: Seconds that only grow.
        jitter: A number from 0 to 1 by which a pause is shortened, so that many
            clients do not come back at once.
        elsewhere: Opens the client that goes where a file's address leads.
    """

    def __init__(  # noqa: PLR0913 - the clock, the pause and the dice are arguments
        self,
        name: str,
        client: httpx.Client,
        patience: Patience | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
        elsewhere: Callable[[], httpx.Client] = bare_client,
    ) -> None:
        self.name = name
        self._client = client
        self._patience = patience or Patience()
        self._sleep = sleep
        self._monotonic = monotonic
        self._jitter = jitter
        self._elsewhere = elsewhere
        self._budget = _Budget(self._patience.budget_seconds)
        self._server_time: datetime | None = None

    @property
    def server_time(self) -> datetime | None:
        """What the server's clock showed when it last answered, where it tells. UTC."""
        return self._server_time

    def get(
        self, path: str, params: Params | None = None, read: Reader = read_json
    ) -> Json:
        """Return the JSON at `path`, as `read` reads it.

        Raises:
            SourceUnavailableError: The server stayed silent, busy or broken.
            SourceRejectedError: It refused (see `refusal_status`), or it is not a
                server of this kind at all.
        """
        return self._until_it_works(lambda: self._try(path, params or {}, read)).body

    def get_text(self, path: str, read: Callable[[bytes], str] = bytes.decode) -> str:
        """Return the text in UTF-8 at `path`, as `read` reads it.

        Raises what `get` does.
        """
        return str(self._until_it_works(lambda: self._try(path, {}, read)).body)

    @contextmanager
    def stream(
        self, path: str, limits: DownloadLimits, media_type: str | None = None
    ) -> Iterator[Download]:
        """Yield the file at `path` once all of it is here.

        One that is cut off is fetched anew from its beginning. Where the server sends
        us on, we go as strangers: without the token and without its cookies.

        Args:
            path: On the configured host.
            limits: What is taken.
            media_type: What the file was announced as.

        Raises:
            SourceUnavailableError: As for `get`.
            SourceRejectedError: It refused, or sends us where no file is fetched from.
            FileTooLargeError, FileTypeError: The limits do not allow the file.
        """
        with SpooledTemporaryFile(SPOOLED_BYTES) as spool:
            yield self._until_it_works(
                lambda: self._try_file(path, limits, media_type, spool)
            )

    def _until_it_works(self, attempt: "Callable[[], Result | Failure]") -> Result:
        tried = 0
        while True:
            tried += 1
            begun = self._monotonic()
            outcome = attempt()
            if not isinstance(outcome, Failure):
                return outcome
            self._budget.lose(self._monotonic() - begun)
            self._wait_or_give_up(outcome, tried)

    def _try(self, path: str, params: Params, read: Reader) -> "Answered | Failure":
        try:
            response = self._client.get(path, params=dict(params))
        except httpx.RequestError as error:
            return self._broken_off(error)
        except httpx.InvalidURL:
            # httpx reads where an answer sends us on to, and not all of it.
            raise self._sent_on(HTTPStatus.FOUND) from None
        self._server_time = _moment(response.headers.get("Date")) or self._server_time
        return self._failure(response) or self._read(response, read)

    def _try_file(
        self,
        path: str,
        limits: DownloadLimits,
        media_type: str | None,
        spool: IO[bytes],
    ) -> "Download | Failure":
        try:
            with followed(self._client, path, self._elsewhere) as response:
                failure = self._failure(response)
                if failure:
                    return failure
                if not response.is_success:
                    raise self._file_refusal(response)
                told = receive(response, limits, media_type, spool)
        except RedirectRefusedError as error:
            raise HttpRefusalError(f"{self.name} {error}", error.status) from None
        except httpx.RequestError as error:
            return self._broken_off(error)
        size = spool.tell()
        spool.seek(0)
        return Download(told, size, chunks_of(spool))

    def _broken_off(self, error: httpx.RequestError) -> "Failure":
        if isinstance(error, httpx.TimeoutException):
            return Failure("did not answer in time", self._patience.attempts)
        if isinstance(error, httpx.ConnectError):
            return Failure(
                "cannot be found: no computer is known by that name"
                if _is_nameless(error)
                else "cannot be reached",
                self._patience.attempts_unreached,
                advice="check the connection's host, or try again later",
            )
        if isinstance(error, httpx.DecodingError):
            return Failure(
                "sent an answer that cannot be unpacked", self._patience.attempts
            )
        return Failure("cut the connection", self._patience.attempts)

    def _sent_on(self, status: int) -> "HttpRefusalError":
        return HttpRefusalError(
            f"{self.name} sends us on to another address: put the address it really "
            "has into the connection's host.",
            status,
            "wrong_address",
        )

    def _failure(self, response: httpx.Response) -> "Failure | None":
        if response.status_code in BUSY:
            return Failure(
                f"is busy (it answered {response.status_code})",
                self._patience.attempts,
                _retry_after(response),
            )
        if response.is_server_error:
            return Failure(
                f"failed (it answered {response.status_code})",
                self._patience.attempts_after_error,
            )
        return None

    def _file_refusal(self, response: httpx.Response) -> SourceRejectedError:
        status, host = response.status_code, response.url.netloc
        if host == self._client.base_url.netloc:
            return HttpRefusalError(f"{self.name} refused the file ({status}).", status)
        # It knows nothing of our token, so what it says is not about the token.
        return SourceRejectedError(
            f"{self.name} keeps the file at {host.decode()}, which refused it "
            f"({status}): report it to whoever runs the server if it stays."
        )

    def _read(self, response: httpx.Response, read: Reader) -> "Answered | Failure":
        if response.is_redirect:
            raise self._sent_on(response.status_code)
        if not response.is_success:
            raise HttpRefusalError(
                f"{self.name} refused the request ({response.status_code}"
                f"{_detail(response)}).",
                response.status_code,
            )
        if "html" in response.headers.get("Content-Type", ""):
            raise HttpRefusalError(
                f"{self.name} answered with a web page instead of data: put the "
                "address of its API into the connection's host.",
                response.status_code,
                "wrong_address",
            )
        try:
            return Answered(read(response.content))
        except ValueError:
            return Failure("sent half an answer", self._patience.attempts)
        except RecursionError:
            raise HttpRefusalError(
                f"{self.name} sent data nested deeper than can be read: report it to "
                "whoever runs the server.",
                response.status_code,
            ) from None

    def _wait_or_give_up(self, failure: Failure, tried: int) -> None:
        if tried >= failure.attempts:
            times = "once" if tried == 1 else f"{tried} times"
            raise SourceUnavailableError(
                f"{self.name} {failure.reason}, tried {times}: {failure.advice}."
            )
        wait = failure.wait_seconds
        if wait is None:
            longest = self._patience.first_wait_seconds * 2 ** (tried - 1)
            longest = min(longest, self._patience.longest_wait_seconds)
            wait = longest * (1 - self._jitter() / 2)
        if not self._budget.take(wait):
            raise SourceUnavailableError(
                f"{self.name} {failure.reason} and waiting {wait:.0f} seconds more "
                f"would take longer than a run may: {failure.advice}."
            )
        self._sleep(wait)


class _Budget:
    """The seconds that a run may lose, whichever of its threads loses them."""

    def __init__(self, seconds: float) -> None:
        self._left = seconds
        self._lock = threading.Lock()

    def lose(self, seconds: float) -> None:
        with self._lock:
            self._left -= seconds

    def take(self, seconds: float) -> bool:
        """Take what a pause needs; return whether there was as much."""
        with self._lock:
            if seconds > self._left:
                return False
            self._left -= seconds
            return True


@dataclass(frozen=True, slots=True)
class Answered:
    """What a server answered, as it was read."""

    body: Json


class HttpRefusalError(SourceRejectedError):
    """The server refused one request.

    Attributes:
        status: The HTTP status it answered with.
    """

    def __init__(self, message: str, status: int, kind: str | None = None) -> None:
        super().__init__(message, kind)
        self.status = status


def _is_nameless(error: BaseException | None) -> bool:
    """Return whether the host's name was not found, as the error's causes tell."""
    while error is not None:
        if isinstance(error, socket.gaierror):
            return True
        error = error.__cause__ or error.__context__
    return False


def _detail(response: httpx.Response) -> str:
    try:
        body = response.json()
    except ValueError:
        return ""
    if not isinstance(body, dict) or not body:
        return ""
    return f": {str(next(iter(body.values())))[:200].rstrip('.')}"


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("Retry-After")
    if value is None:
        return None
    if value.isdigit():
        return float(value)
    until, now = _moment(value), _moment(response.headers.get("Date"))
    if until is None or now is None:
        return None
    return max(0.0, (until - now).total_seconds())


def _moment(header: str | None) -> datetime | None:
    """Return the moment in a header, or None where there is none."""
    try:
        instant = parsedate_to_datetime(header or "")
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
