"""Requests to Metabase: in time, tried again only where that can do no harm.

A GET or PUT may be sent twice. A POST that was not answered may have been obeyed all
the same, so it is never just repeated: `Transport.create` looks first.
"""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from metabase_api import Metabase_API

from dashboards.errors import (
    MetabaseChangedError,
    MetabaseRejectedError,
    MetabaseUnavailableError,
)

REQUEST_SECONDS = 30
BUDGET_SECONDS = 900  # of a whole run; a first one writes some thousand descriptions
PASSING = frozenset({429, 502, 503, 504})
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds between tries; then it is given up
CONFLICT, REFUSED = 409, (401, 403)
OK = range(200, 300)

Json = Any


class RawAnswer(Protocol):
    """What a raw call gives back."""

    status_code: int
    text: str


class Calls(Protocol):
    """Raw calls: those of metabase-api, or a test's."""

    def send(self, method: str, path: str, body: Json) -> RawAnswer:
        """Send one request; an `OSError` says that no answer came."""


class MetabaseApiCalls(Metabase_API):  # type: ignore[misc]  # published without types
    """The raw calls of metabase-api, each with a timeout.

    Its constructor asks for a database without one, and its other methods swallow what
    went wrong; neither is used.
    """

    def __init__(self, url: str, header: dict[str, str]) -> None:
        self.domain = url
        self.header = header
        self.email = self.auth = None

    def send(self, method: str, path: str, body: Json) -> RawAnswer:
        """Send one request."""
        call = getattr(self, method.lower())
        arguments = {} if body is None else {"json": body}
        answer: RawAnswer = call(path, "raw", timeout=REQUEST_SECONDS, **arguments)
        return answer


@dataclass(slots=True)
class Clock:
    """Time, so that a test need not wait."""

    now: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep


class Transport:
    """Speaks to one Metabase.

    Args:
        url: Its base URL, for messages.
        calls: How a request is sent.
        secrets: What no message may repeat.
        clock: Time.
        seconds: How long everything together may take.
    """

    def __init__(
        self,
        url: str,
        calls: Calls,
        secrets: Iterable[str] = (),
        *,
        clock: Clock | None = None,
        seconds: float = BUDGET_SECONDS,
    ) -> None:
        self.url = url
        self.clock = clock or Clock()
        self._calls = calls
        self._secrets = set(secrets)
        self._end = self.clock.now() + seconds

    def log_in_with(self, calls: Calls, *secrets: str) -> None:
        """Send what follows with other credentials."""
        self._calls = calls
        self._secrets |= set(secrets)

    def hide(self, secret: str) -> None:
        """Keep one more secret out of messages."""
        self._secrets.add(secret)

    def get(self, path: str) -> Json:
        """Return what is there; tried again while Metabase cannot answer.

        Raises:
            MetabaseError: It is refused, or no answer comes.
        """
        return self._repeated("GET", path, None)

    def find(self, path: str) -> Json | None:
        """Return what is there, or None where there is nothing of this id."""
        return self._repeated("GET", path, None, missing_ok=True)

    def put(self, path: str, body: Json) -> Json:
        """Replace what is there; sent again while Metabase cannot answer."""
        return self._repeated("PUT", path, body)

    def ask(self, path: str, body: Json = None) -> Json:
        """POST what changes nothing, such as a query; sent again as a GET is."""
        return self._repeated("POST", path, body)

    def create(self, path: str, body: Json, look: Callable[[], Json | None]) -> Json:
        """POST a new thing, once.

        Where no answer comes, `look` says whether the thing is there after all, and
        only if it is not the request is sent again.

        Args:
            path: Where to.
            body: The thing.
            look: Finds it by what identifies it; None where it is not there.
        """
        for pause in self._pauses(path):
            found = look()
            if found is not None:
                return found
            answer = self._once("POST", path, body)
            if answer is not None and answer.status_code not in PASSING:
                return self._content("POST", path, answer)
            self.clock.pause(pause)
        found = look()
        if found is None:
            raise self._unavailable(path)
        return found

    def _repeated(
        self, method: str, path: str, body: Json, *, missing_ok: bool = False
    ) -> Json:
        for pause in self._pauses(path):
            answer = self._once(method, path, body)
            if answer is not None and answer.status_code not in PASSING:
                if missing_ok and answer.status_code == 404:  # noqa: PLR2004 - HTTP
                    return None
                return self._content(method, path, answer)
            self.clock.pause(pause)
        raise self._unavailable(path)

    def _pauses(self, path: str) -> Iterable[float]:
        for pause in PAUSES:
            if self.clock.now() + pause > self._end:
                raise self._unavailable(path)
            yield pause

    def _once(self, method: str, path: str, body: Json) -> RawAnswer | None:
        try:
            return self._calls.send(method, path, body)
        except OSError:  # requests' own errors are of this class
            return None

    def _content(self, method: str, path: str, answer: RawAnswer) -> Json:
        status = answer.status_code
        if status in OK:
            return _parsed(answer.text)
        if status in REFUSED:
            raise MetabaseRejectedError(
                f"{self.url} refuses {method} {path} ({status}): the login is no "
                "administrator's, or not valid any more; correct METABASE_API_KEY."
            )
        if status == CONFLICT:
            raise MetabaseChangedError(
                f"Permissions were changed in {self.url} between our reading and our "
                "writing: look who works there, then run plan again."
            )
        raise MetabaseRejectedError(
            f"{self.url} refuses {method} {path} ({status}): "
            f"{self.without_secrets(_reason(answer.text))}"
        )

    def _unavailable(self, path: str) -> MetabaseUnavailableError:
        return MetabaseUnavailableError(
            f"{self.url} did not answer {path}, tried several times: look whether "
            "Metabase runs, then run the same again; it goes on where it stopped."
        )

    def without_secrets(self, text: str) -> str:
        """Return the text with every secret blotted out."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def _parsed(text: str) -> Json:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text  # a setting that is a string comes bare


def _reason(text: str) -> str:
    """Return what a refusal says, short, in one line."""
    content = _parsed(text)
    if isinstance(content, dict):
        content = content.get("errors") or content.get("message") or content
    said = content if isinstance(content, str) else json.dumps(content)
    return " ".join(said.split())[:300].rstrip(".") + "."
