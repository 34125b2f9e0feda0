"""Tables that people read, with columns, keys, tests and lineage, from the manifest.

Nothing here asks a database: what dbt wrote about its models and what
`warehouse.tables` declares are enough.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects import postgresql

from warehouse.comments import entry_of, glossary
from warehouse.tables import metadata

SCHEMAS = ("marts", "share", "ops")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reference:
    """What columns of a table point at.

    Attributes:
        columns: Of the table that points.
        to_table: Such as `marts.dim_sites`.
        to_columns: The key there.
        is_enforced: Whether Postgres holds it; otherwise a test of dbt does.
    """

    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]
    is_enforced: bool


@dataclass(frozen=True, slots=True)
class ColumnEntry:
    """One column of the dictionary."""

    name: str
    data_type: str
    description: str
    tests: tuple[str, ...] = ()


@dataclass(slots=True)
class TableEntry:
    """One table of the dictionary; `read_from` and `read_by` are one step away."""

    schema: str
    name: str
    description: str
    columns: list[ColumnEntry]
    key: tuple[str, ...]
    references: list[Reference] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)
    read_from: list[str] = field(default_factory=list)
    read_by: list[str] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        """Return schema and name as a query has them."""
        return f"{self.schema}.{self.name}"


def catalogue(manifest: Json) -> list[TableEntry]:
    """Return every table of the schemas that people read, by schema and name.

    Args:
        manifest: dbt's `manifest.json`, as JSON.
    """
    models = {
        key: node
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["schema"] in SCHEMAS
    }
    tests = _tests(manifest)
    tables = [
        _of_model(key, node, manifest, tests[key]) for key, node in models.items()
    ]
    tables += [
        _of_product(table) for table in metadata.sorted_tables if _is_read(table)
    ]
    return sorted(tables, key=lambda table: (SCHEMAS.index(table.schema), table.name))


def _is_read(table: SqlTable) -> bool:
    return table.schema in SCHEMAS


def _tests(manifest: Json) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = defaultdict(list)
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test":
            for model in _tested(node):
                found[model].append(node)
    return found


def _tested(test: Json) -> list[str]:
    attached = test.get("attached_node")
    return [attached] if attached else list(test["depends_on"]["nodes"])


def _of_model(key: str, node: Json, manifest: Json, tests: list[Json]) -> TableEntry:
    of_columns = defaultdict(list)
    for test in tests:
        if test.get("column_name"):
            of_columns[test["column_name"]].append(_words(test))
    references = [*_foreign_keys(node, manifest), *_relationships(tests, manifest)]
    return TableEntry(
        schema=node["schema"],
        name=node["name"],
        description=" ".join(node["description"].split()),
        columns=[
            ColumnEntry(
                column["name"],
                column["data_type"] or "",
                " ".join(column["description"].split()),
                tuple(sorted(of_columns[column["name"]])),
            )
            for column in node["columns"].values()
        ],
        key=_key(node),
        references=references,
        tests=sorted(test["name"] for test in tests if not test.get("column_name"))
        + sorted(_unit_tests(key, manifest)),
        read_from=_names(manifest, node["depends_on"]["nodes"]),
        read_by=_names(manifest, manifest["child_map"].get(key, [])),
    )


def _key(node: Json) -> tuple[str, ...]:
    keys = [rule for rule in node["constraints"] if rule["type"] == "primary_key"]
    return tuple(keys[0]["columns"]) if keys else ()


def _foreign_keys(node: Json, manifest: Json) -> Iterator[Reference]:
    for rule in node["constraints"]:
        if rule["type"] == "foreign_key":
            yield Reference(
                tuple(rule["columns"]),
                _relation(rule["to"], manifest),
                tuple(rule["to_columns"]),
                is_enforced=True,
            )


def _relationships(tests: list[Json], manifest: Json) -> Iterator[Reference]:
    for test in tests:
        about = test.get("test_metadata") or {}
        if about.get("name") == "relationships" and not test["config"].get("where"):
            asked = about["kwargs"]
            yield Reference(
                (test["column_name"],),
                _relation(asked["to"], manifest),
                (asked["field"],),
                is_enforced=False,
            )


def _relation(said: str, manifest: Json) -> str:
    """Return `marts.dim_sites` for what dbt calls `ref('dim_sites')` or quotes."""
    name = said.replace('"', "'").rstrip(") ").rstrip("'").rpartition("'")[2]
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["name"] == name:
            return f"{node['schema']}.{name}"
    return name


def _words(test: Json) -> str:
    about = test.get("test_metadata") or {}
    asked = about.get("kwargs", {})
    match about.get("name"):
        case "accepted_values":
            return f"one of {', '.join(map(str, asked['values']))}"
        case "relationships":
            return f"is in {asked['field']} of {asked['to'].split(chr(39))[1]}"
        case None:
            return str(test["name"])
        case name:
            return str(name).replace("_", " ")


def _unit_tests(key: str, manifest: Json) -> Iterator[str]:
    for test in manifest["unit_tests"].values():
        if key in test["depends_on"]["nodes"]:
            yield str(test["name"])


def _names(manifest: Json, keys: list[str]) -> list[str]:
    """Return what people call these nodes; tests are no part of lineage."""
    return sorted({name for key in keys if (name := _name(manifest, key))})


def _name(manifest: Json, key: str) -> str | None:
    kind = key.partition(".")[0]
    if kind in {"model", "seed"}:
        node = manifest["nodes"][key]
        return f"{node['schema']}.{node['name']}"
    if kind == "source":
        node = manifest["sources"][key]
        return f"{node['schema']}.{node['identifier']}"
    if kind == "exposure":
        return str(manifest["exposures"][key]["label"])
    return None


def _of_product(table: SqlTable) -> TableEntry:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # as SQLAlchemy ships it
    columns = []
    for column in table.columns:
        entry = entry_of(table.name, column.name)
        columns.append(
            ColumnEntry(
                column.name,
                column.type.compile(dialect=dialect).lower(),
                glossary()[entry] if entry else "",
                () if column.nullable else ("not null",),
            )
        )
    return TableEntry(
        schema=str(table.schema),
        name=table.name,
        description=table.comment or "",
        columns=columns,
        key=tuple(column.name for column in table.primary_key),
        read_from=["the product itself, not dbt"],
    )
