"""An ODK Central stand-in beside the warehouse its form is landed in."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine

from ingestion.answers.field_maps import load_field_map
from ingestion.landing import LandingReport, land_form
from ingestion.registry import Form, Registry
from ingestion.registry.entries import OdkServer as OdkEntry
from sandbox.odk import OdkServer
from tests.ingestion.conftest import MAPS, kobo_form
from tests.ingestion.small_forms import UID, Life, day

FORM_ID = f"odk_test/{UID}"
ELSEWHERE = "https://elsewhere.example"


def root(number: int) -> str:
    """Return the id of the submission that a life numbers so."""
    return f"00000000-0000-4000-8000-{number:012}"


def content_with(*questions: tuple[str, str]) -> dict[str, Any]:
    """Return a definition that asks these: type and name."""
    return {
        "schema": "1",
        "survey": [{"type": t, "name": n, "$xpath": n} for t, n in questions],
        "choices": [],
        "settings": {"version": "2020080101"},
        "translated": [],
        "translations": [None],
    }


class Stage:
    """A server, whose links name another host, beside the warehouse."""

    def __init__(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine = engine
        self._environment = monkeypatch
        self.servers: list[OdkServer] = []

    def serve(self, life: Life, on_day: float, **setting: Any) -> OdkServer:  # noqa: ANN401 - those of OdkServer
        """Serve the form of a life, the clock at a day of it."""
        form = life.form()
        server = OdkServer([form], clock=day(on_day), domain=ELSEWHERE, **setting)
        self.servers.append(server.start())
        return server

    def land(
        self,
        server: OdkServer,
        *,
        account: str = "viewer",
        field_map: str = "small_journal.yml",
        **options: Any,  # noqa: ANN401 - those of `land_form`
    ) -> LandingReport:
        """Land the form as an account of the server, as a run would."""
        self.connect(server, account)
        options = {"registry": registry(field_map), **options}
        return land_form("journal", engine=self.engine, **options)

    def connect(self, server: OdkServer, account: str) -> None:
        """Configure the connection as an account of the server."""
        who = server.accounts[account]
        connection = {
            "host": server.url,
            "login": who.email,
            "password": who.password,
        }
        self._environment.setenv("AIRFLOW_CONN_ODK_TEST", json.dumps(connection))

    def stop(self) -> None:
        """Stop every server."""
        while self.servers:
            self.servers.pop().stop()


def registry(field_map: str, **more: Any) -> Registry:  # noqa: ANN401 - those of Form
    """Return a registry of the small journal on ODK Central."""
    path = MAPS / field_map
    form = Form(
        name="journal",
        role="journal",
        form_id=FORM_ID,
        source_key=UID,
        server_name="odk_test",
        server=OdkEntry(kind="odk", connection="odk_test", project=1),
        site_codes=("MX-01",),
        field_map=load_field_map(path),
        **{"deletion_limit_share": 0.05, **more},
    )
    sites = kobo_form(UID, path).sites
    return Registry(MAPS / "sites.yml", sites, {}, (form,), {})
