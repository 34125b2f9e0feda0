"""KoboToolbox, as these tests know a kind of form server."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
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
from tests.ingestion.landing.histories.kinds import (
    Access,
    Between,
    Live,
    Server,
    broken,
)
from tests.ingestion.landing.histories.steps import HARMLESS, PLANS, Pull, Trouble
from tests.ingestion.landing.histories.story import Story
from tests.ingestion.small_forms import UID


class Kobo:
    """KoboToolbox."""

    name = "kobo"
    plans = PLANS
    harmless: frozenset[Trouble] = HARMLESS
    closings: tuple[str, ...] = ("permission_withdrawn", "token_revoked")

    def story(self) -> Story:
        return Story()

    def faults(self, pull: Pull) -> list[dict[str, Any]]:
        counting = {"kind": "wrong_count", "path": "/data/"}
        rules: dict[str, dict[str, Any]] = {
            "withdrawn": {"kind": "permission_withdrawn"},
            "revoked": {"kind": "token_revoked"},
            "count too high": {**counting, "difference": 1},
            "count too low": {**counting, "difference": -1},
            **broken(pull),
        }
        rule = rules.get(pull.trouble)
        return [{**rule, "after": pull.at_request - 1}] if rule else []

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

    def versions(self, form: Form, moment: datetime) -> list[str]:
        return [one.uid for one in form.versions if one.deployed_at <= moment]

    def answers(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        return payload

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
        transport=Between(access, "/data/", "results"),
    ) as client:
        yield client
