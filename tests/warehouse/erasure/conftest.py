"""The pilot with a frozen release and a photo, and one family of it erased."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import fsspec
import psycopg
import pytest
from psycopg import sql

from ingestion.erasing import Erasure, erase_family
from ingestion.landing import land_form
from ingestion.landing.attachments.store import AttachmentStore
from sandbox.kobo import KoboServer
from sandbox.pilot.model import Pilot
from sandbox.postgres import Postgres
from tests import search
from tests.warehouse.conftest import SECOND_PULL, Warehouse, land_everything
from tests.warehouse.erasure.planting import (
    ANSWERS,
    NAME,
    SIGNATURE,
    WORDS,
    plant_elsewhere,
    typed_otherwise,
    with_planted,
    write_pages,
)
from warehouse.connection import open_engine
from warehouse.releases.definition import Release
from warehouse.releases.freezing import freeze
from warehouse.releases.mart_queries import MartQuery

CODE = "PH-01-0017"  # it split, so another household's records name it
PLANTED = SECOND_PULL + timedelta(days=1)
REASON = "the family asked for it"
RELEASE = Release(
    "2021-07", datetime(2021, 9, 30, tzinfo=UTC), date(2020, 7, 1), date(2021, 7, 1)
)
FROZEN = {
    "dim_families": "select * from marts.dim_families",
    "dim_family_placements": "select * from marts.dim_family_placements",
    "fct_family_baselines": "select * from marts.fct_family_baselines",
    "fct_metric_values": """
        select * from marts.fct_metric_values
        where release_code = '2021-07' and metric_code in ('M03', 'M22', 'M33')
    """,
}
FIGURES = """
    select
        metric_code, scope_type_code, scope_code, start_month, end_month, panel_code,
        statistic_code, price_code, outlier_code, denominator_code, category_code,
        value, numerator, denominator, standard_error, interval_low, interval_high,
        family_count
    from release_2021_07.fct_metric_values
"""
# What the family is called, in whatever table; and its key.
CALLED = """
select family_code, family_key from pii.family_keys where family_code = %(code)s
union
select family_key, null from pii.family_keys where family_code = %(code)s
union
select root_id, null from raw.forms__journals
where answers ->> 'family_code' = %(code)s
union
select root_id, null from raw.forms__enrolments
where answers ->> 'family_code' = %(code)s
"""


@dataclass
class Erased:
    """A warehouse from which a family was erased.

    Attributes:
        url: Its URL.
        names: What the family was called: code, key, roots of records.
        before: Where in the database that was, and what tells who it was.
        figures: Of the frozen release, as frozen: key, what is told, families.
        look: What the dry run said.
        done: What the erasure said.
        photo: The family's photo.
        shared: A photo that another family's journal has too.
        pages: That named it, beside one of another family.
        said: What was logged while it was landed and erased.
    """

    url: str
    names: list[str]
    before: search.Found
    figures: list[tuple[Any, ...]]
    look: Erasure
    done: Erasure
    photo: Path
    shared: Path
    pages: tuple[Path, ...]
    said: list[str]
    server: KoboServer
    environment: dict[str, str] = field(default_factory=dict)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return Warehouse(self.url, Path()).rows(query)

    def found(self) -> search.Found:
        """Return where in the database something still tells of the family."""
        return search.in_database(self.url, [*self.names, *WORDS])

    def land(self, *, full: bool) -> None:
        with in_environment(self.environment):
            land_everything(full=full)


@contextmanager
def in_environment(values: dict[str, str]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in values.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def erased(
    built_pilot: Warehouse,  # noqa: ARG001 - built, to be copied
    postgres_server: Postgres,
    pilot: Pilot,
    pilot_files: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Erased]:
    """Erase a family of the pilot, once for all tests; some change what is left."""
    postgres_server.run_sql("create database pilot_erased template pilot")
    url = postgres_server.url("pilot_erased")
    forms = [with_planted(form, CODE, PLANTED) for form in pilot.forms]
    with KoboServer(forms, clock=PLANTED) as server:
        connection = {"conn_type": "http", "host": server.url, "password": server.token}
        environment = {
            "AIRFLOW_CONN_KOBO_MAIN": json.dumps(connection),
            "JOURNAL_FILES_ROOT": str(pilot_files),
            "WAREHOUSE_URL": url,
        }
        yield plant_and_erase(
            url,
            server,
            environment,
            attachments=tmp_path_factory.mktemp("attachments"),
            pages=tmp_path_factory.mktemp("pages"),
        )
    postgres_server.run_sql("drop database pilot_erased with (force)")


def plant_and_erase(
    url: str,
    server: KoboServer,
    environment: dict[str, str],
    *,
    attachments: Path,
    pages: Path,
) -> Erased:
    said: list[str] = []
    with in_environment(environment), logged(said):
        for role in (*ANSWERS, "peer_meeting"):
            land_form(role)
        photo, shared = add_photos(url, attachments)
        freeze_release(url)
        with psycopg.connect(url) as connection:
            plant_elsewhere(connection, CODE)
            rows = connection.execute(CALLED.encode(), {"code": CODE}).fetchall()
        names = [*typed_otherwise(CODE), *(row[0] for row in rows if row[0])]
        key = next(row[1] for row in rows if row[1])
        named = write_pages(pages, CODE, key)
        before = search.in_database(url, [*names, *WORDS])
        figures = Warehouse(url, Path()).rows(FIGURES)
        published = {"REPORTS_OUT": str(pages)}
        look = erase(url, attachments, dry_run=True, published=published)
        assert all(file.exists() for file in (photo, *named))
        done = erase(url, attachments, dry_run=False, published=published)
    return Erased(
        *(url, names, before, figures, look, done, photo, shared, named, said),
        server,
        environment,
    )


@contextmanager
def logged(said: list[str]) -> Iterator[None]:
    """Add to `said` whatever is logged, also what only a look for mistakes shows."""
    handler, root = logging.Handler(), logging.getLogger()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def erase(
    url: str,
    folder: Path,
    *,
    dry_run: bool,
    code: str = CODE,
    published: Mapping[str, str] = MappingProxyType({}),
) -> Erasure:
    engine = open_engine(url)
    try:
        return erase_family(
            code,
            REASON,
            requested_by="office",
            approved_by="director",
            dry_run=dry_run,
            engine=engine,
            store=AttachmentStore(fsspec.filesystem("file"), str(folder)),
            environment=published,
        )
    finally:
        engine.dispose()


def freeze_release(url: str) -> None:
    engine = open_engine(url)
    queries = [MartQuery(name, query) for name, query in FROZEN.items()]
    with engine.begin() as connection:
        freeze(connection, RELEASE, queries, git_commit=None, project_version="test")
    engine.dispose()


ADD_PHOTO = """
insert into ops.attachments (
    form_id, submission_id, attachment_key, version_number, file_name, sha256,
    stored_path, status_code, first_seen_at, run_id
)
select
    form_id, submission_id, {path}, 1, {name}, {path}, {path}, 'stored', now(), run_id
from raw.forms__journals
where answers ->> 'family_code' = {code}
limit 1
"""


def add_photos(url: str, folder: Path) -> tuple[Path, Path]:
    """Give the family a photo, and one that another family has too."""
    photos = (("own", CODE, SIGNATURE), ("shared", CODE, SIGNATURE))
    with psycopg.connect(url) as connection:
        for path, code, name in (*photos, ("shared", "PH-01-0001", "house.jpg")):
            (folder / path).write_text(f"{path}: {NAME if path == 'own' else 'house'}")
            connection.execute(
                sql.SQL(ADD_PHOTO).format(
                    path=sql.Literal(path),
                    code=sql.Literal(code),
                    name=sql.Literal(name),
                )
            )
    return folder / "own", folder / "shared"
