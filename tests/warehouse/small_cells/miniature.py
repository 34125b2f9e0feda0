"""The models of `share` run on a small panel alone.

The models are the SQL that dbt compiled for the pilot, on temporary tables of the same
names: nothing of the pilot is read or changed but the names of its metrics.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from tests.warehouse.conftest import Warehouse
from tests.warehouse.rebuild import Change
from tests.warehouse.small_cells.ledger import (
    COUNTS,
    LEVELS,
    LIVE,
    SPANS,
    TOTALS,
    WHOLES,
    Key,
    Ledger,
)
from tests.warehouse.small_cells.panels import LATER, MONTHS, RELEASE, WINDOW

MODELS = (
    "int_dominated_figures",
    "metric_values",
    "country_months",
    "site_months",
)
SOURCES = {
    "fct_metric_values": "marts",
    "fct_country_months": "marts",
    "fct_site_months": "marts",
    "fct_cohort_months": "marts",
    "int_family_months_consented": "intermediate",
    "int_metric_windows": "intermediate",
}
QUALIFIED = re.compile(
    r'"\w+"\."\w+"\."(' + "|".join([*MODELS, *SOURCES, "int_sharing_thresholds"]) + ')"'
)
SHARED = (
    *("M01", "M16", "M20", "M22", "M58", "M15", "M17", "M21", "M23", "M59"),
    *("M61", "M40", "M29"),
)
# What a mean of each of them is multiplied with, and divided by for each answer.
RATE, CHILDREN = 100, 2
DENOMINATORS = {
    "M01": ("household", "per_capita"),
    "M22": ("household", "per_participant"),
}
# Of these there is one figure for all countries.
POOLED = {*COUNTS, *WHOLES, "M58", "M40", "M29"}
# Whose growth is told with the extremes pulled in, too.
PULLED_IN = {"M01", "M16", "M20"}
Row = Mapping[str, Any]


def run_models(
    connection: psycopg.Connection[Any],
    warehouse: Warehouse,
    ledger: Ledger,
    changes: Sequence[Change] = (),
) -> None:
    """Build the tables of `share` out of the ledger, as temporary tables."""
    for table, schema in SOURCES.items():
        connection.execute(
            f"create temporary table {table} (like {schema}.{table})".encode()
        )
    connection.execute(
        "create temporary table int_sharing_thresholds as"
        " select 10 as least_shared_count"
    )
    _fill(connection, "fct_metric_values", list(_figures(ledger)))
    for scope_type in ("country", "site", "cohort"):
        months = list(_scope_months(ledger, scope_type))
        _fill(connection, f"fct_{scope_type}_months", months)
    _fill(connection, "int_family_months_consented", list(_family_months(ledger)))
    _fill(connection, "int_metric_windows", list(_windows(ledger)))
    nodes = warehouse.manifest()["nodes"]
    for model in MODELS:
        code = nodes[f"model.family_journal.{model}"]["compiled_code"]
        for change in (each for each in changes if each.model == model):
            # Neighbours are looked at twice, so that their rules stand there twice.
            assert change.old in code, f"{model}: {change.old}"
            code = code.replace(change.old, change.new)
        code = QUALIFIED.sub(r"pg_temp.\1", code)
        connection.execute(f"create temporary table {model} as {code}".encode())


def windows_of(ledger: Ledger) -> dict[tuple[str, str], tuple[date, date]]:
    """Return the same window for every place."""
    places = {place for answer in ledger.answers for _, place in answer.places}
    return {(release, place): WINDOW for release in (LIVE, RELEASE) for place in places}


def _fill(connection: psycopg.Connection[Any], table: str, rows: Sequence[Row]) -> None:
    connection.execute(
        f"insert into {table} select * from"  # noqa: S608 - names of this file
        f" jsonb_populate_recordset(null::{table}, %s)".encode(),
        [Jsonb(list(rows), dumps=lambda held: json.dumps(held, default=str))],
    )


def _places(ledger: Ledger) -> list[tuple[str, str, str | None]]:
    return sorted(
        {
            (scope_type, scope, answer.country if scope != "all" else None)
            for answer in ledger.answers
            for scope_type, scope in answer.places
        },
        key=str,
    )


def _figures(ledger: Ledger) -> Iterator[Row]:
    for (scope_type, scope, country), release in product(
        _places(ledger), (LIVE, RELEASE)
    ):
        for metric in SHARED:
            place = {"scope_type": scope_type, "scope": scope}
            if scope == "all" and metric not in POOLED:
                continue
            for denominator in DENOMINATORS.get(metric, ("household",)):
                place["denominator"] = denominator
                for row in _figures_of(ledger, metric, release, place):
                    yield row | {"country_code": country}


def _figures_of(
    ledger: Ledger, metric: str, release: str, place: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    common = {"metric": metric, "release": release, **place}
    if metric in WHOLES:
        for category, month in product(WHOLES[metric], MONTHS):
            key = Key(
                **common,
                statistic="share",
                panel="all_reporters",
                start=month,
                end=month,
            )._replace(category=category)
            answers = ledger.reporters(key, month)
            yield from _month(key, [each.value for each in answers])
        return
    for month in MONTHS:
        key = Key(
            **common, statistic="level", panel="all_reporters", start=month, end=month
        )
        yield from _month(key, [each.value for each in ledger.reporters(key, month)])
        if metric == "M16":
            yield from _real_month(ledger, key._replace(price="real"))
    if metric == "M15" or place["denominator"] == "per_participant":
        return
    key = Key(
        **common, statistic="level", panel="balanced", start=WINDOW[0], end=WINDOW[1]
    )
    if metric in SPANS | TOTALS:
        yield from _window(ledger, key._replace(panel="all_reporters"))
    elif pairs := ledger.pairs(key):
        yield from _changes(key, [(s.value, e.value) for s, e in pairs])
        yield from _changes_of_reporters(ledger, key)
        yield from _growth_pulled_in(ledger, key._replace(outlier="winsorised"))


def _real_month(ledger: Ledger, key: Key) -> Iterator[dict[str, Any]]:
    yield from _month(
        key,
        [
            each.value / ledger.price_level(key, each)
            for each in ledger.reporters(key, key.start)
        ],
    )


def _growth_pulled_in(ledger: Ledger, key: Key) -> Iterator[dict[str, Any]]:
    pairs = ledger.pairs(key)
    start, end = (sum(pair[side].value for pair in pairs) for side in (0, 1))
    if start and key.metric in PULLED_IN and key.denominator == "household":
        metric = "M03" if key.metric == "M01" else key.metric
        growth = key._replace(metric=metric, statistic="growth_of_means")
        yield _row(growth, end / start - 1, len(pairs), start, end)


def _window(ledger: Ledger, key: Key) -> Iterator[dict[str, Any]]:
    held = [
        (each.family, each.value)
        for month in MONTHS
        for each in ledger.reporters(key, month)
    ]
    if not held:
        return
    total = sum(value for _, value in held)
    count = len({family for family, _ in held})
    if key.metric in TOTALS:
        yield _row(key._replace(statistic="total"), total, count, None)
    else:
        yield _span(key, total, count, len(held))


def _span(key: Key, total: float, families: int, answers: int) -> dict[str, Any]:
    if key.metric == "M29":
        key = key._replace(statistic="share", category="attending")
        children = CHILDREN * answers
        return _row(key, total / children, families, children, total)
    if key.metric == "M40":
        key = key._replace(statistic="rate")
        total *= RATE
    return _row(key, total / answers, families, answers, total)


def _changes_of_reporters(ledger: Ledger, key: Key) -> Iterator[dict[str, Any]]:
    start, end = (
        [each.value for each in ledger.reporters(key, month)] for month in WINDOW
    )
    if sum(start) and key.metric in LEVELS:
        growth = sum(end) / len(end) / (sum(start) / len(start)) - 1
        metric = "M03" if key.metric == "M01" else key.metric
        all_reporters = key._replace(
            metric=metric, panel="all_reporters", statistic="growth_of_means"
        )
        yield _row(all_reporters, growth, len(end), None)


def _month(key: Key, values: Sequence[float]) -> Iterator[dict[str, Any]]:
    if not values:
        return
    total, count = sum(values), len(values)
    if key.denominator == "per_participant":
        # What they paid does not matter here: their number is told.
        yield from [_row(key, RATE, int(total), total, RATE * total)] if total else []
    elif key.metric in SPANS:
        yield _span(key, total, count, count)
    elif key.metric == "M23":
        yield _row(key._replace(statistic="total"), total, count, None)
    elif key.metric in COUNTS:
        yield _row(key._replace(statistic="share"), total / count, count, count, total)
        if key.metric in {"M15", "M21"}:
            yield _row(key, total, count, None, total)
    else:
        yield _row(key, total / count, count, count, total)


def _changes(
    key: Key, pairs: Sequence[tuple[float, float]]
) -> Iterator[dict[str, Any]]:
    start, end = (sum(pair[side] for pair in pairs) for side in (0, 1))
    count = len(pairs)
    for month, side in zip(WINDOW, (0, 1), strict=True):
        if key.metric != "M17":
            at_end = key._replace(start=month, end=month)
            yield from _month(at_end, [pair[side] for pair in pairs])
    difference = key._replace(statistic="difference")
    if key.metric in {"M17", "M21", "M58"}:
        yield _row(difference, (end - start) / count, count, count, end - start)
    growth = key._replace(statistic="growth_of_means")
    if key.metric == "M01":
        growth = growth._replace(metric="M03")
        changes = [after / before - 1 for before, after in pairs]
        key = growth._replace(statistic="mean_of_changes")
        yield _row(key, sum(changes) / count, count, count)
    if start and key.metric != "M17":
        yield _row(growth, end / start - 1, count, start, end)


def _row(
    key: Key,
    value: float,
    count: int,
    denominator: float | None,
    numerator: float | None = None,
) -> dict[str, Any]:
    return {
        "metric_code": key.metric,
        "scope_type_code": key.scope_type,
        "scope_code": key.scope,
        "panel_code": key.panel,
        "statistic_code": key.statistic,
        "price_code": key.price,
        "outlier_code": key.outlier,
        "denominator_code": key.denominator,
        "category_code": "payout" if key.metric == "M23" else key.category,
        "release_code": key.release,
        "definition_version": 1,
        "value": round(value, 10),
        "numerator": numerator,
        "denominator": denominator,
        "family_count": count,
        "peer_group_count": max(1, count // 5),
        "start_month": key.start,
        "end_month": key.end,
    }


def _scope_months(ledger: Ledger, scope_type: str) -> Iterator[Row]:
    for kind, scope, country in _places(ledger):
        for number, month in enumerate(MONTHS if kind == scope_type else ()):
            launches = {
                each.cohort.endswith(LATER)
                for each in ledger.answers
                if (kind, scope) in each.places
            }
            yield _scope_month(ledger, kind, scope, month) | {
                "country_code": country,
                "months_since_launch_count": number if len(launches) == 1 else None,
            }


def _scope_month(
    ledger: Ledger, scope_type: str, scope: str, month: date
) -> dict[str, Any]:
    row: dict[str, Any] = {f"{scope_type}_code": scope, "journal_month": month}
    place = (LIVE, scope_type, scope)
    means = {}
    for metric in (*LEVELS, *COUNTS):
        key = Key(metric, "level", "all_reporters", *place, month, month)
        values = [each.value for each in ledger.reporters(key, month)]
        means[metric] = sum(values) / len(values) if values else None
        if metric == "M01":
            row |= dict.fromkeys(
                (
                    "expected_family_count",
                    "reported_family_count",
                    "income_family_count",
                    "active_family_count",
                    "least_family_count",
                ),
                len(values),
            )
    key = Key("M03", "growth_of_means", "balanced", *place, MONTHS[0], month)
    pairs = ledger.pairs(key)
    start, end = (sum(pair[side].value for pair in pairs) for side in (0, 1))
    return row | {
        "panel_family_count": len(pairs),
        "income_index": end / start if start else None,
        "income_mean_local": means["M01"],
        "savings_balance_mean_local": means["M16"],
        "debt_balance_mean_local": means["M20"],
        "circle_contributed_mean_local": means["M22"],
        "satisfaction_mean_score": means["M58"],
        "saver_share": means["M17"],
        "lending_circle_share": means["M21"],
        "retention_share": 1,
    }


COLUMNS = {
    "income": "income_local",
    "savings": "savings_balance_local",
    "debt": "debt_balance_local",
    "circle_money": "circle_contributed_local",
    "payout": "circle_payout_local",
}


def _family_months(ledger: Ledger) -> Iterator[Row]:
    for answer in ledger.answers:
        if answer.measure in COLUMNS:
            yield {
                "release_code": answer.release,
                "family_key": answer.family,
                "country_code": answer.country,
                "site_code": answer.site,
                "cohort_code": answer.cohort,
                "journal_month": answer.month,
                COLUMNS[answer.measure]: answer.value,
            }


def _windows(ledger: Ledger) -> Iterator[Row]:
    for release, cohort in product(
        (LIVE, RELEASE), sorted({answer.cohort for answer in ledger.answers})
    ):
        yield {
            "release_code": release,
            "cohort_code": cohort,
            "window_code": "launch_to_end",
            "start_month": WINDOW[0],
            "end_month": WINDOW[1],
        }
