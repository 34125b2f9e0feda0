"""A warehouse with its tables, and a way to land a form of a stand-in server."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

from ingestion.answers.field_maps import load_field_map
from ingestion.landing import LandingReport, land_form
from ingestion.registry import Form, Registry
from ingestion.registry.entries import KoboServer, Site
from ingestion.sources.http import Patience, PatientClient
from ingestion.sources.kobo import KoboSource
from sandbox.kobo import KoboServer as KoboStandIn
from warehouse.connection import open_engine

MAPS = Path(__file__).parent / "maps"
PRODUCT_MAPS = Path(__file__).parents[2] / "ingestion" / "maps"
Rows = Callable[..., list[dict[str, Any]]]
# A stand-in that is told to misbehave should not make a test wait.
SHORT = Patience(first_wait_seconds=0.01, longest_wait_seconds=0.02)


@pytest.fixture
def engine(warehouse_with_tables: str) -> Iterator[Engine]:
    """Return an engine on a warehouse that has its tables and no rows."""
    engine = open_engine(warehouse_with_tables)
    yield engine
    engine.dispose()


@pytest.fixture
def rows(engine: Engine) -> Rows:
    """Return a function that runs a query and returns its rows as dicts."""

    def run(query: str, **values: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - SQL
        with engine.connect() as connection:
            found = connection.execute(text(query), values).mappings()
            return [dict(row) for row in found]

    return run


def kobo_form(
    uid: str,
    map_path: Path,
    role: str = "journal",
    deletion_limit_share: float = 0.05,
) -> Registry:
    """Return a registry with one Kobo form."""
    form = Form(
        name=role,
        role=role,
        form_id=uid,
        source_key=uid,
        server_name="kobo_test",
        server=KoboServer(kind="kobo", connection="kobo_test"),
        site_codes=("MX-01",),
        deletion_limit_share=deletion_limit_share,
        field_map=load_field_map(map_path),
    )
    site = Site(
        name="Loma Clara",
        country="MEX",
        currency="MXN",
        timezone="America/Mexico_City",
        languages=["es"],
    )
    return Registry(Path("sites.yml"), {"MX-01": site, "MX-A01": site}, {}, (form,), {})


def land_from(  # noqa: PLR0913 - what a test may want to decide
    url: str,
    token: str,
    uid: str,
    engine: Engine,
    map_path: Path = PRODUCT_MAPS / "journal.yml",
    *,
    role: str = "journal",
    deletion_limit_share: float = 0.05,
    **options: Any,  # noqa: ANN401 - those of `land_form`
) -> LandingReport:
    """Land one form of the server at `url` and return what it did."""
    headers = {"Authorization": f"Token {token}"}
    with httpx.Client(base_url=url, headers=headers, timeout=10) as client:
        source = KoboSource(PatientClient("Kobo", client, SHORT), uid, "kobo_test")
        return land_form(
            role,
            registry=kobo_form(uid, map_path, role, deletion_limit_share),
            engine=engine,
            source=source,
            **options,
        )


NO_COHORT = """\
servers:
  kobo_test: {kind: kobo, connection: kobo_test}
  finance: {kind: files, path: finance}
sites:
  MX-01: {name: A, country: MEX, currency: MXN, timezone: America/Mexico_City,
          languages: [es]}
cohorts: {}
forms:
  - {role: journal, server: kobo_test, form: aSmallJournalForTests1, sites: [MX-01],
     field_map: small_journal.yml}
  - {role: corrections, server: finance, form: corrections, sites: [MX-01],
     field_map: maps/corrections.yml}
"""
REGISTRY = NO_COHORT.replace(
    "cohorts: {}",
    """cohorts:
  MX-2020: {sites: [MX-01], recruited: [2020-02, 2020-03], launch_month: 2020-07,
            analysis_end_month: 2021-07}""",
)
ODK_REGISTRY = REGISTRY.replace(
    "kobo_test: {kind: kobo, connection: kobo_test}",
    "odk_test: {kind: odk, connection: odk_test, project: 1}",
).replace("server: kobo_test", "server: odk_test")


def write_registry(folder: Path, content: str = REGISTRY) -> Path:
    """Write a registry of the small journal, beside its field map; return its path."""
    shutil.copy(MAPS / "small_journal.yml", folder)
    path = folder / "sites.yml"
    path.write_text(content)
    return path


def settings(server: KoboStandIn, registry: Path) -> dict[str, str]:
    """Return the environment in which the command line reads that registry."""
    connection = {"conn_type": "http", "host": server.url, "password": server.token}
    return {
        "JOURNAL_SITES": str(registry),
        "JOURNAL_FILES_ROOT": str(registry.parent),
        "AIRFLOW_CONN_KOBO_TEST": json.dumps(connection),
    }
