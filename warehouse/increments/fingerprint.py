"""What a normal build takes for unchanged since the last good one.

A normal build follows families. What is no family's own reaches every row, so where it
differs everything is built from nothing.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select, text

from warehouse.tables import frozen_releases, registry_cohorts, registry_sites

Fingerprint = Mapping[str, Any]
CODE = ("models", "macros", "dbt_project.yml")
MAPS = "field maps"
NEWEST_MAPS = text("""
select distinct on (form_id)
    form_id,
    field_map_hash
from ops.sync_runs
where status_code = 'succeeded' and field_map_hash is not null
order by form_id, run_number desc
""")


def fingerprint_of(
    connection: Connection, project_dir: Path, variables: Mapping[str, Any] | None
) -> Fingerprint:
    """Return a hash for each part, and one for each form's field map."""
    return {
        "models": _files(project_dir, *CODE),
        "seeds": _files(project_dir, "seeds"),
        "variables": _hash(json.dumps(variables or {}, sort_keys=True).encode()),
        "registry": _tables(connection, registry_sites, registry_cohorts),
        "frozen releases": _tables(connection, frozen_releases),
        MAPS: _field_maps(connection),
    }


def differences(before: Fingerprint, now: Fingerprint) -> list[str]:
    """Return the parts that differ. A form that landed for the first time does not."""
    parts = [name for name in now if name != MAPS and before.get(name) != now[name]]
    maps = before.get(MAPS, {})
    if any(now[MAPS].get(form, known) != known for form, known in maps.items()):
        parts.append(MAPS)
    return parts


def _files(folder: Path, *names: str) -> str:
    found = hashlib.sha256()
    for path in sorted(_under(folder, *names)):
        found.update(f"{path.relative_to(folder)}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _under(folder: Path, *names: str) -> Iterator[Path]:
    for name in names:
        place = folder / name
        yield from (each for each in place.rglob("*") if each.is_file())
        if place.is_file():
            yield place


def _tables(connection: Connection, *tables: Table) -> str:
    rows = [
        sorted(
            repr(tuple(row))
            for row in connection.execute(
                # When the registry was landed says nothing about what it says.
                select(*[each for each in table.columns if each.name != "landed_at"])
            )
        )
        for table in tables
    ]
    return _hash(repr(rows).encode())


def _field_maps(connection: Connection) -> dict[str, str]:
    return {row.form_id: row.field_map_hash for row in connection.execute(NEWEST_MAPS)}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
