"""Native queries: how they are written, and how they are asked of Postgres.

A variable is bound, as the real one's driver does, and as text: a card that compares a
number with one fails here too. What is in `[[ ]]` falls away where its variable has no
value.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.types.string import StrDumperVarchar

from sandbox.metabase.exchange import Raw, invalid

CONNECT_SECONDS = 5
OPTIONAL = re.compile(r"\[\[(?P<inner>.*?)\]\]", re.DOTALL)
TAG = re.compile(r"\{\{\s*(?P<name>[^}\s]+)\s*\}\}")
TAG_KEYS = frozenset(
    {
        "id",
        "name",
        "display-name",
        "type",
        "required",
        "default",
        "dimension",
        "widget-type",
        "options",
        "alias",
    }
)
BASE_TYPES = {
    "int2": "type/Integer",
    "int4": "type/Integer",
    "int8": "type/BigInteger",
    "float8": "type/Float",
    "numeric": "type/Decimal",
    "bool": "type/Boolean",
    "date": "type/Date",
    "timestamp": "type/DateTime",
    "timestamptz": "type/DateTimeWithLocalTZ",
    "text": "type/Text",
    "varchar": "type/Text",
}


@dataclass(frozen=True, slots=True)
class Native:
    """A native query.

    Attributes:
        database: Number of the connection.
        sql: With its tags.
        tags: By name.
    """

    database: int
    sql: str
    tags: Mapping[str, Raw]


def read_query(query: Raw) -> Native:
    """Return a query, however it is written.

    Raises:
        RefusedError: 400, it is neither of the two ways.
    """
    stages = query.get("stages")
    if query.get("lib/type") == "mbql/query" and isinstance(stages, list) and stages:
        inner = stages[0]
        sql, tags = inner.get("native"), inner.get("template-tags") or {}
    elif query.get("type") == "native" and isinstance(query.get("native"), dict):
        sql, tags = query["native"].get("query"), query["native"].get("template-tags")
    else:
        raise invalid("dataset_query", "neither a native query nor stages")
    if (
        not isinstance(sql, str)
        or not sql
        or not isinstance(query.get("database"), int)
    ):
        raise invalid("dataset_query", "a native query needs database and SQL")
    if isinstance(tags, list):
        # The official client refuses it, though later versions give it back.
        raise invalid("dataset_query", "template-tags should be a map")
    return Native(query["database"], sql, _checked_tags(sql, tags or {}))


def _checked_tags(sql: str, tags: Mapping[str, Raw]) -> Mapping[str, Raw]:
    used = set(TAG.findall(sql))
    for name in used ^ tags.keys():
        raise invalid("dataset_query", f"tag {name} is not in both SQL and tags")
    for name, tag in tags.items():
        if not isinstance(tag, dict):
            raise invalid("dataset_query", f"tag {name} should be a map")
        if tag.get("name") != name or not {"id", "type"} <= tag.keys():
            raise invalid("dataset_query", f"tag {name} lacks id, type or its name")
        if unknown := tag.keys() - TAG_KEYS:
            raise invalid("dataset_query", f"tag {name} has {min(unknown)}")
    return tags


def filled(native: Native, parameters: Sequence[Raw]) -> tuple[str, list[str]]:
    """Return SQL with places for values, and the values.

    Raises:
        ValueError: A tag that is required has no value.
    """
    values = {
        name: tag["default"]
        for name, tag in native.tags.items()
        if tag.get("default") is not None
    }
    for parameter in parameters:
        target = parameter.get("target") or []
        value = parameter.get("value")
        if target[:1] == ["variable"] and value not in (None, []):
            name = target[1][1]
            values[name] = value[0] if isinstance(value, list) else value
    bound: list[str] = []

    def keep(found: re.Match[str]) -> str:
        inner = found["inner"]
        return inner if all(name in values for name in TAG.findall(inner)) else ""

    def place(found: re.Match[str]) -> str:
        if found["name"] not in values:
            raise ValueError(
                "You'll need to pick a value for "
                f"'{native.tags[found['name']].get('display-name')}' before this query "
                "can run."
            )
        bound.append(str(values[found["name"]]))
        return "%s"

    sql = OPTIONAL.sub(keep, native.sql.replace("%", "%%"))
    return TAG.sub(place, sql), bound


def connect(details: Raw) -> psycopg.Connection:
    """Return a connection as the details say, which Metabase holds for a connection.

    Raises:
        psycopg.OperationalError: The server refuses it.
    """
    connection = psycopg.connect(
        host=details["host"],
        port=details["port"],
        dbname=details["dbname"],
        user=details["user"],
        password=details["password"],
        connect_timeout=CONNECT_SECONDS,
        autocommit=True,
        application_name="Metabase",
    )
    connection.adapters.register_dumper(str, StrDumperVarchar)
    return connection


def run(details: Raw, native: Native, parameters: Sequence[Raw]) -> Raw:
    """Return what a question answers: rows, or why there are none."""
    try:
        sql, bound = filled(native, parameters)
        with connect(details) as connection:
            # Bytes: this SQL is whoever asks' own, which is what a question is for.
            found = connection.execute(sql.encode(), bound)
            rows = [[_plain(value) for value in row] for row in found.fetchall()]
            columns = [
                _column(connection, column) for column in found.description or ()
            ]
    except (psycopg.Error, ValueError) as error:
        return {
            "status": "failed",
            "error": str(error).strip() or type(error).__name__,
            "error_type": "invalid-query",
            "data": {"rows": [], "cols": []},
            "row_count": 0,
            "database_id": native.database,
        }
    return {
        "status": "completed",
        "data": {"rows": rows, "cols": columns},
        "row_count": len(rows),
        "database_id": native.database,
    }


def _column(connection: psycopg.Connection, column: psycopg.Column) -> Raw:
    known = connection.adapters.types.get(column.type_code)
    base_type = BASE_TYPES.get(known.name if known else "", "type/*")
    return {
        "name": column.name,
        "display_name": column.name,
        "base_type": base_type,
        "effective_type": base_type,
        "source": "native",
        "field_ref": ["field", column.name, {"base-type": base_type}],
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of Postgres
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
