"""The headline figures of the warehouse beside the published ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import psycopg
import yaml
from psycopg.rows import DictRow, dict_row
from psycopg.sql import SQL, Identifier, Placeholder

from sandbox.errors import SandboxError

FILE = Path(__file__).with_name("published_figures.yml")
LIVE = "live"
PRINTED = Decimal("0.1")  # a percentage is printed to one decimal


@dataclass(frozen=True, slots=True)
class Value:
    """One figure as the warehouse has it.

    Attributes:
        percent: The value in percent, rounded as printed.
        numerator: What was divided.
        denominator: By what.
        family_count: How many families stand behind it.
        interval: Its 95 % interval in percent; None where the warehouse gives none.
    """

    percent: Decimal
    numerator: Decimal | None
    denominator: Decimal | None
    family_count: int | None
    interval: tuple[Decimal, Decimal] | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure and what the warehouse says.

    Attributes:
        name: What it is about.
        scope: Country, or `all`.
        published: The words of the post.
        target: What the synthetic pilot was built to give, in percent.
        counts: Numerator and denominator it must have, where they are countable.
        is_change: Whether it is a change, printed with its sign, and not a share.
        released: The value of the release; None when there is no such row.
        live: The value with everything known now.
    """

    name: str
    scope: str
    published: str
    target: Decimal
    counts: tuple[Decimal, Decimal] | None
    is_change: bool
    released: Value | None
    live: Value | None

    @property
    def is_met(self) -> bool:
        """Whether the released value is the target to the printed digit."""
        value = self.released
        if value is None or value.percent != self.target:
            return False
        return not self.counts or self.counts == (value.numerator, value.denominator)


@dataclass(frozen=True, slots=True)
class Figures:
    """All of them, and where the published ones come from."""

    source: str
    release: str
    rows: tuple[Figure, ...]

    @property
    def missed(self) -> tuple[Figure, ...]:
        """The figures that are not what they should be."""
        return tuple(figure for figure in self.rows if not figure.is_met)


def read_figures(warehouse_url: str, file: Path = FILE) -> Figures:
    """Look up every published figure in `marts.fct_metric_values`.

    Raises:
        SandboxError: The table is missing, or a selection picks several rows.
    """
    written = yaml.safe_load(file.read_text())
    release = str(written["release"])
    rows = []
    with psycopg.connect(warehouse_url, row_factory=dict_row) as connection:
        for entry in written["figures"]:
            for scope, figure in entry["scopes"].items():
                keys = {**written["defaults"], **entry["select"], "scope_code": scope}
                values = {
                    code: _find(connection, {**keys, "release_code": code})
                    for code in (release, LIVE)
                }
                rows.append(
                    Figure(
                        name=entry["name"],
                        scope=scope,
                        published=str(figure["published"]),
                        target=Decimal(str(figure["target"])),
                        counts=_pair(figure.get("counts")),
                        is_change=keys["statistic_code"] != "share",
                        released=values[release],
                        live=values[LIVE],
                    )
                )
    return Figures(written["source"], release, tuple(rows))


def to_json(figures: Figures) -> list[dict[str, Any]]:
    """Return the figures for a program, percentages as numbers."""
    return [
        {
            "name": row.name,
            "scope": row.scope,
            "published": row.published,
            "target": float(row.target),
            "released": _to_number(row.released),
            "live": _to_number(row.live),
            "is_met": row.is_met,
        }
        for row in figures.rows
    ]


def _find(
    connection: psycopg.Connection[DictRow], keys: Mapping[str, Any]
) -> Value | None:
    tests = SQL(" and ").join(
        SQL("{} = {}").format(Identifier(name), Placeholder(name)) for name in keys
    )
    query = SQL(
        "select value, numerator, denominator, family_count, interval_low, "
        "interval_high from marts.fct_metric_values where {}"
    ).format(tests)
    try:
        found = connection.execute(query, keys).fetchall()
    except psycopg.errors.UndefinedTable as error:
        raise SandboxError(
            "The warehouse has no table marts.fct_metric_values: read the log of "
            "transform_warehouse in Airflow."
        ) from error
    if len(found) > 1:
        raise SandboxError(
            f"{len(found)} rows of marts.fct_metric_values answer to {dict(keys)}: "
            f"make the selection in {FILE.name} pick one."
        )
    return _to_value(found[0]) if found and found[0]["value"] is not None else None


def _to_value(row: DictRow) -> Value:
    has_interval = row["interval_low"] is not None
    return Value(
        percent=_to_percent(row["value"]),
        numerator=row["numerator"],
        denominator=row["denominator"],
        family_count=row["family_count"],
        interval=(_to_percent(row["interval_low"]), _to_percent(row["interval_high"]))
        if has_interval
        else None,
    )


def _to_percent(share: Decimal) -> Decimal:
    return (Decimal(share) * 100).quantize(PRINTED, rounding=ROUND_HALF_UP)


def _pair(counts: list[int] | None) -> tuple[Decimal, Decimal] | None:
    return (Decimal(counts[0]), Decimal(counts[1])) if counts else None


def _to_number(value: Value | None) -> float | None:
    return None if value is None else float(value.percent)
