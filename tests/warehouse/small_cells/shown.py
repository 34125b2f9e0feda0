"""What `share` shows, all its tables, as equations over the answers behind it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import psycopg

from tests.warehouse.small_cells.ledger import LIVE, Equation, Key, Ledger
from tests.warehouse.small_cells.told import IN_THE_ATTACK, Told, span_of

FIGURES = """
select
    metric_code, statistic_code, panel_code, release_code, scope_type_code, scope_code,
    start_month, end_month, category_code, denominator_code, outlier_code, price_code,
    coalesce(value::float, 0)
from {share}metric_values
where {which} and metric_code = any(%s)
"""
SHOWN = "value is not null"
NEAR_LIMIT = "suppression_reason_code = 'share_near_limit'"
# Columns of the tables of months: the metric whose figure of the month they are.
COLUMNS = {
    "income_mean_local": "M01",
    "income_mean_real_local": "M01",
    "income_mean_usd_ppp": "M01",
    "savings_balance_mean_local": "M16",
    "debt_balance_mean_local": "M20",
    "circle_contributed_mean_local": "M22",
    "satisfaction_mean_score": "M58",
    "control_mean_score": "M60",
    "saver_share": "M17",
    "lending_circle_share": "M21",
}

Windows = Mapping[tuple[str, str], tuple[date, date]]


def equations(
    connection: psycopg.Connection[Any],
    ledger: Ledger,
    windows: Windows,
    share: str = "share.",
) -> list[Equation]:
    """Return one equation for each figure that is shown.

    Args:
        connection: May read `share`, and needs to read nothing else.
        ledger: Who stands behind each figure.
        windows: First and last month by release and place.
        share: Where the tables are, with the dot.
    """
    return [
        *_figures(connection, ledger, windows, share, SHOWN),
        *_months(connection, ledger, windows, share),
    ]


def near_limit_equations(
    connection: psycopg.Connection[Any],
    ledger: Ledger,
    windows: Windows,
    share: str = "share.",
) -> list[Equation]:
    """Return what the shares hidden near none or all would say if they were shown."""
    return list(_figures(connection, ledger, windows, share, NEAR_LIMIT))


def _figures(
    connection: psycopg.Connection[Any],
    ledger: Ledger,
    windows: Windows,
    share: str,
    which: str,
) -> Iterator[Equation]:
    rows = connection.execute(
        FIGURES.format(share=share, which=which).encode(),
        [[metric for kinds in IN_THE_ATTACK for metric in kinds.metrics.split()]],
    ).fetchall()
    for *words, value in rows:
        key = Key(*words)
        if not any(kinds.hold(told_by(key)) for kinds in IN_THE_ATTACK):
            continue
        is_end = key.panel == "balanced" and key.start == key.end
        if is_end:
            window = windows[key.release, key.scope]
            yield ledger.ends_of_window(key, window)
        else:
            yield ledger.equation(key, value)


def told_by(key: Key) -> Told:
    """Return which kind of figure this is."""
    return Told(
        metric=key.metric,
        statistic=key.statistic,
        span=span_of(key.start, key.end),
        panel=key.panel,
        price=key.price,
        outlier=key.outlier,
        denominator=key.denominator,
        category=key.category,
    )


def _months(
    connection: psycopg.Connection[Any], ledger: Ledger, windows: Windows, share: str
) -> Iterator[Equation]:
    for scope_type in ("country", "site"):
        rows = connection.execute(
            f"select to_jsonb(months), journal_month from {share}{scope_type}_months"  # noqa: S608 - words of this file
            " as months".encode()
        ).fetchall()
        for row, month in rows:
            yield from _month(row, month, scope_type, ledger, windows)


def _month(
    row: Mapping[str, Any],
    month: date,
    scope_type: str,
    ledger: Ledger,
    windows: Windows,
) -> Iterator[Equation]:
    scope = row[f"{scope_type}_code"]
    place = ("all_reporters", LIVE, scope_type, scope)
    for column, metric in COLUMNS.items():
        if row[column] is not None:
            yield ledger.equation(Key(metric, "level", *place, month, month), 0.0)
    launch = windows[LIVE, scope][0]
    if row["income_index"] is not None and month > launch:
        key = Key("M03", "growth_of_means", "balanced", *place[1:], launch, month)
        yield ledger.equation(key, float(row["income_index"]) - 1)
