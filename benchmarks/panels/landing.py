"""Write a panel into raw by COPY, one site at a time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import orjson
from sqlalchemy import Connection, Engine, insert

from benchmarks.panels.records import COLUMNS, LANDED_AT, LATER_RUN_ID, RUN_ID, Row
from benchmarks.panels.rows import SiteRows, rows_of
from benchmarks.panels.shape import Panel, PanelSite
from benchmarks.panels.templates import Templates
from ingestion.landing.writing.copying import copy_rows
from sandbox.pilot.months import first_day, shifted
from warehouse.connection import open_engine
from warehouse.tables import (
    SUBMISSIONS,
    create_all,
    family_keys,
    form_versions,
    registry_cohorts,
    registry_forms,
    registry_sites,
    sync_runs,
)

Progress = Callable[[str], None]


@dataclass(slots=True)
class Landed:
    """What was written.

    Attributes:
        rows: How many, by the role of their form.
        most_rows_held: How many were in memory at once.
    """

    rows: dict[str, int] = field(default_factory=dict)
    most_rows_held: int = 0

    def note(self, rows: Mapping[str, Sequence[Row]]) -> None:
        """Count the rows of one site."""
        held = 0
        for role, of_role in rows.items():
            self.rows[role] = self.rows.get(role, 0) + len(of_role)
            held += len(of_role)
        self.most_rows_held = max(self.most_rows_held, held)


def land_panel(
    url: str, panel: Panel, templates: Templates, progress: Progress = lambda _: None
) -> Landed:
    """Make the warehouse's tables and write what the first build finds.

    Rows of one site at a time are held in memory, whatever the panel's size.
    """
    engine = open_engine(url)
    create_all(engine)
    sites = list(panel.sites(templates.likes))
    with engine.begin() as connection:
        _copy_registry(connection, panel, sites, templates)
    landed = Landed()
    for site in sites:
        found = rows_of(panel, site, templates)
        with engine.begin() as connection:
            _copy_families(connection, found)
            _copy_submissions(connection, found.rows)
        landed.note(found.rows)
        progress(f"{landed.rows['journal']:,} journals")
    _record_run(engine, RUN_ID, templates)
    _settle(engine)
    return landed


def land_arrivals(url: str, panel: Panel, templates: Templates) -> Landed:
    """Write what arrives after the first build: 1 % of the journals, new or edited."""
    engine = open_engine(url)
    landed = Landed()
    for site in panel.sites(templates.likes):
        found = rows_of(panel, site, templates)
        with engine.begin() as connection:
            _copy_submissions(connection, found.later)
        landed.note(found.later)
    _record_run(engine, LATER_RUN_ID, templates)
    engine.dispose()
    return landed


def _record_run(engine: Engine, run_id: UUID, templates: Templates) -> None:
    """Say that a run has succeeded; one stands for those of all forms."""
    run = {
        "run_id": run_id,
        "form_id": templates.form_ids["journal"],
        "role_code": "journal",
        "server_name": "synthetic",
        "status_code": "succeeded",
        "is_full": True,
        "started_at": LANDED_AT,
        "ended_at": LANDED_AT,
    }
    with engine.begin() as connection:
        connection.execute(insert(sync_runs), run)


def _copy_submissions(
    connection: Connection, rows: Mapping[str, Iterable[Row]]
) -> None:
    for role, of_role in rows.items():
        copy_rows(connection, SUBMISSIONS[role].fullname, COLUMNS, of_role)


def _copy_families(connection: Connection, found: SiteRows) -> None:
    columns = ("family_code", "family_key")
    copy_rows(connection, family_keys.fullname, columns, found.families)


def _copy_registry(
    connection: Connection,
    panel: Panel,
    sites: Sequence[PanelSite],
    templates: Templates,
) -> None:
    """Write sites, one cohort per country, and the forms with their versions."""
    codes = as_json([site.code for site in sites])
    site_columns = ("site_code", "site_name", "country_code", "currency_code")
    tables = (
        (
            registry_sites.fullname,
            (*site_columns, "timezone", "languages"),
            [
                (
                    *(site.code, f"Site {site.code}", site.like.country),
                    *(site.like.currency, site.like.timezone),
                    as_json(list(site.like.languages)),
                )
                for site in sites
            ],
        ),
        (
            registry_cohorts.fullname,
            tuple(
                column.name
                for column in registry_cohorts.columns
                if column.name != "landed_at"
            ),
            [_cohort(panel, sites, prefix) for prefix in templates.likes],
        ),
        (
            registry_forms.fullname,
            ("form_id", "role_code", "server_name", "site_codes"),
            [
                (form_id, role, "synthetic", codes)
                for role, form_id in templates.form_ids.items()
            ],
        ),
        (
            form_versions.fullname,
            (*templates.versions[0], "run_id", "landed_at"),
            [(*row.values(), RUN_ID, LANDED_AT) for row in templates.versions],
        ),
    )
    for table, columns, rows in tables:
        copy_rows(connection, table, columns, rows)


def _cohort(panel: Panel, sites: Sequence[PanelSite], prefix: str) -> Row:
    return (
        f"{prefix}-{panel.launch_month[:4]}",
        as_json([site.code for site in sites if site.prefix == prefix]),
        *(
            first_day(month)
            for month in (
                panel.recruited_month,
                shifted(panel.recruited_month, 1),
                panel.launch_month,
                panel.analysis_end_month,
                panel.last_month,
            )
        ),
    )


def _settle(engine: Engine) -> None:
    """Let the database know its tables, as it does by itself soon after a landing."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in SUBMISSIONS.values():
            connection.exec_driver_sql(f"vacuum (analyze) {table.fullname}")
    engine.dispose()


def as_json(value: object) -> str:
    """Return `value` as JSON text."""
    return orjson.dumps(value).decode()
