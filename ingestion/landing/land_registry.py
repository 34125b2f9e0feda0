"""Land the registry itself, so that dbt knows sites, cohorts and forms."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, insert, select, text

from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.landing.record_url import record_url
from ingestion.registry import Registry, Sharing, load_registry
from warehouse.tables import (
    registry_cohorts,
    registry_forms,
    registry_sharing,
    registry_sites,
)

Row = Mapping[str, Any]
# A command line and a DAG may do this at once; the second finds nothing left to do.
LOCK = text("select pg_advisory_xact_lock(hashtextextended('registry', 0))")


def land_registry(
    registry: Registry | None = None, engine: Engine | None = None
) -> dict[str, int]:
    """Make `raw.registry__*` say what the registry says; return rows per table.

    Tables that say it already are left alone.
    """
    registry = registry or load_registry()
    wanted = {
        registry_sites: _sites(registry),
        registry_cohorts: _cohorts(registry),
        registry_forms: _forms(registry),
        registry_sharing: _sharing(registry.sharing),
    }
    with ready_warehouse(engine) as warehouse, warehouse.begin() as connection:
        connection.execute(LOCK)
        for table, rows in wanted.items():
            _replace(connection, table, rows)
    return {table.name: len(rows) for table, rows in wanted.items()}


def _sites(registry: Registry) -> list[Row]:
    return [
        {
            "site_code": code,
            "site_name": site.name,
            "country_code": site.country,
            "currency_code": site.currency,
            "timezone": site.timezone,
            "languages": site.languages,
        }
        for code, site in registry.sites.items()
    ]


def _cohorts(registry: Registry) -> list[Row]:
    return [
        {
            "cohort_code": code,
            "site_codes": cohort.sites,
            "recruited_from_month": cohort.recruited[0],
            "recruited_to_month": cohort.recruited[1],
            "launch_month": cohort.launch_month,
            "analysis_end_month": cohort.analysis_end_month,
            "extension_end_month": cohort.extension_end_month,
        }
        for code, cohort in registry.cohorts.items()
    ]


def _forms(registry: Registry) -> list[Row]:
    return [
        {
            "form_id": form.form_id,
            "role_code": form.role,
            "server_name": form.server_name,
            "site_codes": list(form.site_codes),
            "record_url": record_url(form),
        }
        for form in registry.forms
    ]


def _sharing(sharing: Sharing) -> list[Row]:
    least_families = {
        "outside": sharing.least_families_outside,
        "inside": sharing.least_families_inside,
        "group": sharing.least_families_in_group,
    }
    return [
        {
            "audience_code": code,
            "least_family_count": count,
            "is_audience_of_share": code == sharing.audience,
        }
        for code, count in least_families.items()
    ]


def _replace(connection: Connection, table: Table, rows: list[Row]) -> None:
    columns = [column for column in table.columns if column.name != "landed_at"]
    held = [dict(row._mapping) for row in connection.execute(select(*columns))]  # noqa: SLF001 - SQLAlchemy's public name
    key = next(iter(table.primary_key.columns)).name
    if sorted(held, key=lambda row: row[key]) == sorted(rows, key=lambda row: row[key]):
        return
    connection.execute(delete(table))
    if rows:
        connection.execute(insert(table), rows)
