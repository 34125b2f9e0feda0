"""The columns of an export: which there are, and what becomes of what they hold."""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from sqlalchemy import Connection, text

from warehouse.dbt import PROJECT
from warehouse.errors import ExportError
from warehouse.exports.anonymity import Changes
from warehouse.exports.review import Review, Reviewed

PSEUDONYM_LETTERS = 16
COLUMNS = """
select
    columns.attname,
    format_type(columns.atttypid, columns.atttypmod),
    col_description(columns.attrelid, columns.attnum)
from pg_attribute as columns
where
    columns.attrelid = to_regclass(:relation)
    and columns.attnum > 0
    and not columns.attisdropped
order by columns.attnum
"""
Value = Any
Turn = Callable[[Value], Value]


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column.

    Attributes:
        name: Its name.
        type_name: In Postgres' words, as exported.
        description: From the glossary.
        kind: pseudonym, quasi_identifier or value.
        sensitivity: Its class, where the project states one.
        turn: Makes of a value what is exported; None leaves it.
    """

    name: str
    type_name: str
    description: str
    kind: str
    sensitivity: str
    turn: Turn | None


def columns_of(
    connection: Connection,
    table: Reviewed,
    review: Review,
    changes: Changes,
    key: bytes,
) -> list[ExportColumn]:
    """Return the columns that are exported of a table.

    Raises:
        ExportError: There is no such table here, or a column of it is identifying.
    """
    relation = f"{table.schema}.{table.name}"
    rows = connection.execute(text(COLUMNS), {"relation": relation}).all()
    if not rows:
        raise ExportError(
            f"This warehouse has no table {table.place}: build it, or correct its name "
            "in quasi_identifiers.yml."
        )
    classes = _classes(table)
    identifying = sorted(name for name, one in classes.items() if one == "identifying")
    if identifying:
        raise ExportError(
            f"{table.place} has identifying columns ({', '.join(identifying)}), which "
            "are never exported: have them taken out of the mart."
        )
    return [
        _column(row[0], row[1], row[2] or "", table, review, changes, key, classes)
        for row in rows
        if row[0] not in table.left_out | changes.without
    ]


def require_known(tables: Sequence[Reviewed], review: Review, changes: Changes) -> None:
    """Refuse to make coarser what nobody said how, or what is no quasi-identifier.

    Raises:
        ExportError: There is such a column.
    """
    quasi = {name for table in tables for name in table.quasi_identifiers}
    odd = sorted(
        (changes.coarsened - set(review.coarser)) | (changes.coarsened - quasi)
    )
    if odd:
        raise ExportError(
            f"{', '.join(odd)} cannot be made coarser here: leave it out with "
            "--without, or have its steps reviewed in quasi_identifiers.yml."
        )
    if any(name.endswith("family_key") for name in changes.without):
        raise ExportError(
            "Families' keys are pseudonyms in every export and cannot be left out."
        )


def _column(  # noqa: PLR0913, PLR0917 - all that a column depends on
    name: str,
    type_name: str,
    description: str,
    table: Reviewed,
    review: Review,
    changes: Changes,
    key: bytes,
    classes: dict[str, str],
) -> ExportColumn:
    kind, turn = "value", None
    if name.endswith("family_key"):
        kind, turn = "pseudonym", _pseudonym_of(key)
    elif name in table.quasi_identifiers:
        kind = "quasi_identifier"
        if name in changes.coarsened:
            turn = _coarser(review, name)
            type_name = "text" if "bands" in review.coarser[name] else type_name
    return ExportColumn(name, type_name, description, kind, classes.get(name, ""), turn)


def _pseudonym_of(key: bytes) -> Turn:
    known: dict[str, str] = {}

    def turn(value: Value) -> Value:
        if value is None:
            return None
        if value not in known:
            made = hmac.new(key, str(value).encode(), hashlib.sha256).hexdigest()
            known[value] = made[:PSEUDONYM_LETTERS]
        return known[value]

    return turn


def _coarser(review: Review, name: str) -> Turn:
    def turn(value: Value) -> Value:
        return review.coarsened(name, value)

    return turn


def _classes(table: Reviewed) -> dict[str, str]:
    """Return the class of each column, as the model states it; or as the model has."""
    page = PROJECT / "models" / table.schema / f"{table.name}.yml"
    if not page.exists():
        return {}
    models = yaml.safe_load(page.read_text(encoding="utf-8"))["models"]
    return {
        column["name"]: _class(column) or _class(model)
        for model in models
        if model["name"] == table.name
        for column in model["columns"]
    }


def _class(stated: dict[str, Any]) -> str:
    found: str = stated.get("config", {}).get("meta", {}).get("class", "")
    return found


def dictionary(columns: Sequence[ExportColumn]) -> Iterator[dict[str, str]]:
    """Yield what stands in the data dictionary, column by column."""
    for column in columns:
        yield {
            "column": column.name,
            "type": column.type_name,
            "kind": column.kind,
            "class": column.sensitivity,
            "is_coarser": str(
                column.turn is not None and column.kind == "quasi_identifier"
            ).lower(),
            "description": " ".join(column.description.split()),
        }
