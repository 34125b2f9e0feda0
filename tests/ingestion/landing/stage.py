"""A stand-in form server beside the warehouse its form is landed in."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Engine

from ingestion.landing import LandingReport
from ingestion.sources.json_text import read_json
from sandbox.kobo import KoboServer
from tests.ingestion.conftest import MAPS, Rows, land_from
from tests.ingestion.small_forms import UID, Life, day

RAW = "select * from raw.forms__journals order by length(submission_id), submission_id"
RAW += ", version_number"
RUN_COLUMNS = ("run_id", "landed_at")


class Stage:
    """A stand-in server and the warehouse its form is landed in."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.servers: list[KoboServer] = []

    def serve(self, life: Life, on_day: float) -> KoboServer:
        """Serve the form of a life, the clock at a day of it."""
        server = KoboServer([life.form()], clock=day(on_day))
        self.servers.append(server.start())
        return server

    def stop(self) -> None:
        """Stop every server; another may then serve the form with another past."""
        while self.servers:
            self.servers.pop().stop()

    def land(
        self,
        server: KoboServer,
        *,
        account: str = "owner",
        field_map: str = "small_journal.yml",
        **options: Any,  # noqa: ANN401 - those of `land_form`
    ) -> LandingReport:
        token = server.accounts[account].token
        return land_from(
            server.url, token, UID, self.engine, MAPS / field_map, **options
        )


def raw_content(rows: Rows) -> list[dict[str, Any]]:
    """Return raw without what differs from run to run."""
    return [
        {key: value for key, value in row.items() if key not in RUN_COLUMNS}
        for row in rows(RAW)
    ]


def with_record(number: int, record: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Return KoboSource._data as if the server had sent one record differently."""
    from ingestion.sources.kobo import KoboSource  # noqa: PLC0415 - before the patch

    original = KoboSource._data  # noqa: SLF001 - the one place all rows come through

    def altered(content: bytes) -> bytes:
        page = json.loads(content)
        page["results"] = [
            record if row.get("_id") == number else row for row in page["results"]
        ]
        return json.dumps(page).encode()

    def data(
        self: KoboSource,
        params: Mapping[str, str | int],
        read: Callable[[bytes], Any] = read_json,
    ) -> dict[str, Any]:
        return original(self, params, lambda content: read(altered(content)))

    return data
