"""What a kind of form server is to these tests: served, landed and looked into."""

import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from unittest.mock import patch

import httpx
from sqlalchemy import Engine

from ingestion.landing import LandingReport, land_form
from ingestion.sources.http import PatientClient
from ingestion.sources.kobo import KoboSource
from sandbox.kobo import KoboServer
from sandbox.kobo.stored.state import state_at
from sandbox.pilot.model import Form
from tests.ingestion.conftest import MAPS, SHORT, kobo_form
from tests.ingestion.small_forms import UID

JSON_TYPE = "application/json"
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

    def serve(self, form: Form, clock: datetime) -> Server:
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

    def live(self, form: Form, moment: datetime) -> dict[str, Live]:
        """Return the submissions that the server has at a moment, by id."""
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


class Kobo:
    """KoboToolbox."""

    name = "kobo"

    def serve(self, form: Form, clock: datetime) -> KoboServer:
        return KoboServer([form], clock=clock).start()

    def land(
        self,
        server: Server,
        engine: Engine,
        access: Access,
        **options: Any,  # noqa: ANN401 - those of `land_form`
    ) -> LandingReport:
        assert isinstance(server, KoboServer)
        with _client(server, access) as client, _pages_of(access.page_size):
            source = KoboSource(PatientClient("Kobo", client, SHORT), UID, "kobo_test")
            return land_form(
                "journal",
                registry=kobo_form(UID, MAPS / access.field_map),
                engine=engine,
                source=source,
                **options,
            )

    def live(self, form: Form, moment: datetime) -> dict[str, Live]:
        rows = state_at(form, moment, "owner").rows
        return {str(number): self._live(row.record) for number, row in rows.items()}

    def content(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        by_the_server = ("_uuid", "_validation_status")
        about_instances = ("meta/instanceID", "meta/deprecatedID")
        return {
            key: value
            for key, value in payload.items()
            if key not in (*by_the_server, *about_instances)
        }

    def _live(self, record: Mapping[str, Any]) -> Live:
        status = record["_validation_status"]
        decided = status.get("uid", "none").removeprefix("validation_status_")
        at = status.get("timestamp")
        return Live(
            content=self.content(record),
            mark=record["_uuid"],
            review=decided,
            reviewed_at=datetime.fromtimestamp(at, UTC) if at else None,
            received_at=datetime.fromisoformat(record["_submission_time"]).replace(
                tzinfo=UTC
            ),
            phone=record.get("phone"),
        )


KINDS: tuple[ServerKind, ...] = (Kobo(),)


@contextmanager
def _pages_of(rows: int) -> Iterator[None]:
    with patch("ingestion.sources.kobo.source.PAGE_SIZE", rows):
        yield


@contextmanager
def _client(server: KoboServer, access: Access) -> Iterator[httpx.Client]:
    headers = {}
    if access.account == "stranger":
        headers["Authorization"] = f"Token {'0' * 40}"
    elif access.account != "nobody":
        token = server.accounts[access.account].token
        headers["Authorization"] = f"Token {token}"
    with httpx.Client(
        base_url=server.url,
        headers=headers,
        timeout=10,
        transport=Between(httpx.HTTPTransport(verify=TRUST), access, "results"),
    ) as client:
        yield client


class Between(httpx.BaseTransport):
    """Stands between client and server, and counts and meddles as it is told.

    Args:
        inner: Sends for real.
        access: What to do.
        key: Under which a page has its rows.
    """

    def __init__(self, inner: httpx.BaseTransport, access: Access, key: str) -> None:
        self._inner = inner
        self._access = access
        self._key = key
        self._requests = self._pages = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._requests += 1
        self._access.before(self._requests)
        response = self._inner.handle_request(request)
        if self._access.row_left_out_of is None or "/data/" not in str(request.url):
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
