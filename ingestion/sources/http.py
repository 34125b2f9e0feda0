"""GET requests that wait, try again and know when to give up."""

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from ingestion.errors import SourceRejectedError, SourceUnavailableError
from ingestion.sources.base import Json

# A form server may take two minutes over a page before it gives up itself.
TIMEOUT = httpx.Timeout(150.0, connect=10.0)
BUSY = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long we try.

    Attributes:
        attempts: Tries of one request while the server is busy or cuts the line.
        attempts_unreached: Tries of one request while nobody listens.
        attempts_after_error: Tries of one request while it answers 500.
        first_wait_seconds: The longest first pause; it doubles from try to try.
        longest_wait_seconds: No pause of our own is longer.
        budget_seconds: All pauses and failed tries of one run together; a long list
            that comes page by page takes as long as it takes.
    """

    attempts: int = 6
    attempts_unreached: int = 4
    attempts_after_error: int = 3
    first_wait_seconds: float = 0.5
    longest_wait_seconds: float = 30.0
    budget_seconds: float = 900.0


@dataclass(frozen=True, slots=True)
class _Failure:
    """One try that did not succeed but may be repeated."""

    reason: str
    attempts: int
    wait_seconds: float | None = None


class PatientClient:
    """Reads JSON from one server, by GET only.

    The address is always put together from the configured host: a link the server
    sends is never followed, and neither is a redirect, so the token goes nowhere else.

    Args:
        name: The server's name in messages.
        client: An open client with base URL and authorization; it must not follow
            redirects. The caller owns it.
        patience: How often and how long to try.
        sleep: Waits that many seconds.
        monotonic: Seconds that only grow.
        jitter: A number from 0 to 1 by which a pause is shortened, so that many
            clients do not come back at once.
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
    ) -> None:
        self.name = name
        self._client = client
        self._patience = patience or Patience()
        self._sleep = sleep
        self._monotonic = monotonic
        self._jitter = jitter
        self._lost_seconds = 0.0

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Json:
        """Return the JSON at `path`.

        Raises:
            SourceUnavailableError: The server stayed silent, busy or broken.
            SourceRejectedError: It refused (see `refusal_status`), or it is not a
                server of this kind at all.
        """
        tried = 0
        while True:
            tried += 1
            begun = self._monotonic()
            outcome = self._try(path, params or {})
            if not isinstance(outcome, _Failure):
                return outcome.body
            self._lost_seconds += self._monotonic() - begun
            self._wait_or_give_up(outcome, tried)

    def _try(self, path: str, params: Mapping[str, str | int]) -> "_Answer | _Failure":
        try:
            response = self._client.get(path, params=dict(params))
        except httpx.TimeoutException:
            return _Failure("did not answer in time", self._patience.attempts)
        except httpx.ConnectError:
            return _Failure("cannot be reached", self._patience.attempts_unreached)
        except httpx.TransportError:
            return _Failure("cut the connection", self._patience.attempts)
        if response.status_code in BUSY:
            return _Failure(
                f"is busy (it answered {response.status_code})",
                self._patience.attempts,
                _retry_after(response),
            )
        if response.is_server_error:
            return _Failure(
                f"failed (it answered {response.status_code})",
                self._patience.attempts_after_error,
            )
        return self._read(response)

    def _read(self, response: httpx.Response) -> "_Answer | _Failure":
        if response.is_redirect:
            raise HttpRefusalError(
                f"{self.name} sends us on to another address: put the address it "
                "really has into the connection's host.",
                response.status_code,
            )
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
            )
        try:
            # Not orjson: it refuses half a surrogate pair, which phones do send.
            return _Answer(json.loads(response.content))
        except ValueError:
            return _Failure("sent half an answer", self._patience.attempts)
        except RecursionError:
            raise HttpRefusalError(
                f"{self.name} sent data nested deeper than can be read: report it to "
                "whoever runs the server.",
                response.status_code,
            ) from None

    def _wait_or_give_up(self, failure: _Failure, tried: int) -> None:
        again = "try again later, or ask whoever runs it"
        if tried >= failure.attempts:
            times = "once" if tried == 1 else f"{tried} times"
            raise SourceUnavailableError(
                f"{self.name} {failure.reason}, tried {times}: {again}."
            )
        wait = failure.wait_seconds
        if wait is None:
            longest = self._patience.first_wait_seconds * 2 ** (tried - 1)
            longest = min(longest, self._patience.longest_wait_seconds)
            wait = longest * (1 - self._jitter() / 2)
        if self._lost_seconds + wait > self._patience.budget_seconds:
            raise SourceUnavailableError(
                f"{self.name} {failure.reason} and waiting {wait:.0f} seconds more "
                f"would take longer than a run may: {again}."
            )
        self._lost_seconds += wait
        self._sleep(wait)


@dataclass(frozen=True, slots=True)
class _Answer:
    body: Json


class HttpRefusalError(SourceRejectedError):
    """The server refused one request.

    Attributes:
        status: The HTTP status it answered with.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


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
    try:
        until = parsedate_to_datetime(value)
        now = parsedate_to_datetime(response.headers["Date"])
    except (KeyError, ValueError):
        return None
    return max(0.0, (_aware(until) - _aware(now)).total_seconds())


def _aware(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
