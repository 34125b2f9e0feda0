"""What a kind of form server is to these tests: served, landed and looked into."""

import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import httpx
from sqlalchemy import Engine

from ingestion.landing import LandingReport
from tests.ingestion.landing.histories.steps import Plans, Pull, Trouble
from tests.ingestion.landing.histories.story import Story

JSON_TYPE = "application/json"
FAILURES = (
    "rate_limited",
    "server_error",
    "bad_gateway",
    "unavailable",
    "gateway_timeout",
    "cut_connection",
    "truncated_json",
)
# Reading every certificate of the machine takes as long as a pull; once is enough.
TRUST = ssl.create_default_context()
# Told the number of a request, from 1, before it is sent.
BeforeRequest = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Live:
    """A submission as the server has it at a moment.

    Attributes:
        content: Its answers and what else only people change.
        mark: Differs after every edit.
        review: The review state as raw names it.
        reviewed_at: When that was decided, where it tells.
        received_at: When it says that it was received.
        phone: The answer that goes to `pii`.
    """

    content: Mapping[str, Any]
    mark: str
    review: str
    reviewed_at: datetime | None
    received_at: datetime
    phone: str | None


class Server(Protocol):
    """What every stand-in can do."""

    def set_clock(self, moment: datetime) -> None: ...
    def set_faults(self, *rules: Mapping[str, Any]) -> None: ...
    def stop(self) -> None: ...


class ServerKind(Protocol):
    """A kind of form server, its stand-in and its adapter."""

    name: str
    plans: Plans
    # What goes wrong and must not be noticed.
    harmless: frozenset[Trouble]
    # The stand-in's rules after which the account reads nothing.
    closings: tuple[str, ...]

    def story(self) -> Story:
        """Return a life that has yet to be played."""
        ...

    def faults(self, pull: Pull) -> list[dict[str, Any]]:
        """Return the stand-in's rules for what goes wrong in a pull."""
        ...

    def serve(self, form: Any, clock: datetime) -> Server:  # noqa: ANN401 - as `story` makes it
        """Serve a form at a moment."""
        ...

    def land(
        self,
        server: Server,
        engine: Engine,
        access: "Access",
        **options: Any,  # noqa: ANN401 - those of `land_form`
    ) -> LandingReport:
        """Land the form."""
        ...

    def live(self, form: Any, moment: datetime) -> dict[str, Live]:  # noqa: ANN401 - as `story` makes it
        """Return the submissions that the server has at a moment, by id."""
        ...

    def versions(self, form: Any, moment: datetime) -> list[str]:  # noqa: ANN401 - as `story` makes it
        """Return the ids of the form's versions at a moment, oldest first."""
        ...

    def answers(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the answers in a payload by path."""
        ...

    def content(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Return what of a payload only people change."""
        ...


@dataclass(frozen=True, slots=True)
class Access:
    """How a run reaches the server.

    Attributes:
        account: One of the stand-in's; `nobody` and `stranger` are none of them.
        before: See `BeforeRequest`.
        row_left_out_of: A row is taken out of the n-th page; None takes out none.
        field_map: Under `tests/ingestion/maps`.
        page_size: How many rows a page has.
    """

    account: str = "owner"
    before: BeforeRequest = lambda _number: None
    row_left_out_of: int | None = None
    field_map: str = "small_journal.yml"
    page_size: int = 3


class Between(httpx.BaseTransport):
    """Stands between client and server, and counts and meddles as it is told.

    Args:
        access: What to do.
        pages: What the address of a page of rows holds.
        key: Under which a page has its rows.
    """

    def __init__(self, access: Access, pages: str, key: str) -> None:
        self._inner = httpx.HTTPTransport(verify=TRUST)
        self._access = access
        self._pages_at = pages
        self._key = key
        self._requests = self._pages = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._requests += 1
        self._access.before(self._requests)
        response = self._inner.handle_request(request)
        if self._access.row_left_out_of is None or self._pages_at not in str(
            request.url
        ):
            return response
        return self._shortened(response)

    def close(self) -> None:
        self._inner.close()

    def _shortened(self, response: httpx.Response) -> httpx.Response:
        page = json.loads(response.read())
        rows = page.get(self._key) if isinstance(page, dict) else None
        self._pages += 1
        if rows and self._pages == self._access.row_left_out_of:
            del rows[(self._pages * 7) % len(rows)]
        return httpx.Response(
            response.status_code,
            headers={"Content-Type": JSON_TYPE},
            content=json.dumps(page).encode(),
        )


def broken(pull: Pull) -> dict[str, dict[str, Any]]:
    """Return the rules of what can happen to any server."""
    failure = FAILURES[pull.at_request % len(FAILURES)]
    return {
        "hiccup": {"kind": failure, "seconds": 0},
        "breakdown": {"kind": failure, "seconds": 0, "count": None},
    }
