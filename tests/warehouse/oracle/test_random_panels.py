"""The macros of each kind beside the second implementation, on small random panels.

A metric's compiled SQL runs on temporary tables instead of the models it reads: few
families, in two countries, that move, skip months and have no income.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from tests.warehouse.conftest import Warehouse
from tests.warehouse.oracle.compared import agrees, key_of
from tests.warehouse.oracle.definitions import m05, m17, part_of_income
from tests.warehouse.oracle.figures import Figures, Frame, median_times, rows_of
from tests.warehouse.oracle.panel import Panel

MONTHS = [pd.Timestamp(month) for month in ("2020-07-01", "2021-01-01", "2021-07-01")]
START, END = MONTHS[0], MONTHS[1]  # the last month lies after the window
COUNTRIES = {"MEX": ("MXN", 10.0), "COL": ("COP", 1000.0)}
# Some close to each other, so that a change of 5 % either way comes up.
AMOUNT = (
    st.none()
    | st.sampled_from((0.0, 90.0, 94.0, 95.0, 100.0, 105.0, 106.0))
    | st.integers(0, 1000).map(float)
)
A_FAMILY_MONTH = st.fixed_dictionaries(
    {
        "site": st.sampled_from("AB"),
        "peer_group": st.sampled_from("123"),
        "income_local": AMOUNT,
        "income_earned_local": AMOUNT,
        "savings_balance_local": AMOUNT,
    }
)
A_FAMILY = st.tuples(
    st.sampled_from(sorted(COUNTRIES)),
    st.dictionaries(st.sampled_from(MONTHS), A_FAMILY_MONTH, min_size=1),
)
SOME_FAMILIES = st.lists(A_FAMILY, min_size=1, max_size=8)
ON_RANDOM_PANELS = settings(max_examples=40, deadline=None)
COLUMNS = {
    "release_code": "text",
    "family_key": "text",
    "country_code": "text",
    "site_code": "text",
    "cohort_code": "text",
    "peer_group_code": "text",
    "currency_code": "text",
    "income_local": "numeric",
    "income_earned_local": "numeric",
    "savings_balance_local": "numeric",
    "journal_month": "date",
}

type_of_windows = {
    "release_code": "text",
    "cohort_code": "text",
    "window_code": "text",
    "start_month": "date",
    "end_month": "date",
}
type_of_prices = {
    "cohort_code": "text",
    "country_code": "text",
    "currency_code": "text",
    "journal_month": "date",
    "price_level_to_launch": "numeric",
    "local_per_usd_ppp": "numeric",
}


class Models:
    """Runs compiled models on tables given by hand."""

    def __init__(self, manifest: Path, connection: psycopg.Connection[Any]) -> None:
        nodes = json.loads(manifest.read_text())["nodes"]
        self._code = {
            node["name"]: node["compiled_code"]
            for node in nodes.values()
            if node["resource_type"] == "model"
        }
        self._connection = connection

    def fill(
        self, model: str, types: dict[str, str], rows: list[dict[str, Any]]
    ) -> None:
        """Make a temporary table of the model's name."""
        columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
        places = ", ".join(f"%({name})s" for name in types)
        with self._connection.cursor() as cursor:
            cursor.execute(f"drop table if exists pg_temp.{model}".encode())
            cursor.execute(f"create temporary table {model} ({columns})".encode())
            cursor.executemany(
                f"insert into pg_temp.{model} values ({places})".encode(),  # noqa: S608 - names of this file
                rows,
            )

    def figures(self, model: str, inputs: list[str]) -> dict[Any, dict[str, Any]]:
        """Return the figures of a metric's model, read from the temporary tables."""
        code = self._code[model]
        for name in inputs:
            code = re.sub(rf'"\w+"\."\w+"\."{name}"', f"pg_temp.{name}", code)
        with self._connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(code.encode()).fetchall()
        return {key_of(row): row for row in rows}


@pytest.fixture(scope="module")
def models(built_pilot: Warehouse) -> Iterator[Models]:
    with psycopg.connect(built_pilot.url) as connection:
        yield Models(built_pilot.built_manifest, connection)
        connection.rollback()


def family_months(families: list[Any]) -> list[dict[str, Any]]:
    rows = []
    for number, (country, months) in enumerate(families):
        for month, answers in months.items():
            place = f"{country}-{answers['site']}"
            rows.append(
                {
                    "release_code": "live",
                    "family_key": f"F{number}",
                    "country_code": country,
                    "site_code": place,
                    "cohort_code": country,
                    "peer_group_code": f"{place}-{answers['peer_group']}",
                    "currency_code": COUNTRIES[country][0],
                    "income_local": answers["income_local"],
                    "income_earned_local": answers["income_earned_local"],
                    "savings_balance_local": answers["savings_balance_local"],
                    "journal_month": month,
                }
            )
    return rows


def panel_of(rows: list[dict[str, Any]]) -> Panel:
    months = pd.DataFrame(rows, columns=list(COLUMNS))
    factors = {country: factor for country, (_, factor) in COUNTRIES.items()}
    months["purchasing_power_factor"] = months["country_code"].map(factors)
    months["price_level_to_launch"] = 1.0
    for name in ("income_local", "income_earned_local", "savings_balance_local"):
        months[name] = months[name].astype(float)
    windows = pd.DataFrame(
        {"cohort_code": list(COUNTRIES), "recruited": START, "start": START, "end": END}
    )
    families = pd.DataFrame({"family_key": ["F0"], "split_date": [pd.NaT]})
    nothing: Frame = pd.DataFrame()
    return Panel(
        months, nothing, nothing, nothing, nothing, nothing, nothing, families, windows
    )


def fill(models: Models, rows: list[dict[str, Any]]) -> None:
    models.fill("int_metric_family_months", COLUMNS, rows)
    models.fill(
        "int_metric_windows",
        type_of_windows,
        [
            {
                "release_code": "live",
                "cohort_code": country,
                "window_code": "launch_to_end",
                "start_month": START,
                "end_month": END,
            }
            for country in COUNTRIES
        ],
    )
    models.fill(
        "int_monthly_prices",
        type_of_prices,
        [
            {
                "cohort_code": country,
                "country_code": country,
                "currency_code": currency,
                "journal_month": month,
                "price_level_to_launch": 1,
                "local_per_usd_ppp": factor,
            }
            for country, (currency, factor) in COUNTRIES.items()
            for month in MONTHS
        ],
    )


INPUTS = ["int_metric_family_months", "int_metric_windows", "int_monthly_prices"]


def assert_same(expected: Figures, stored: dict[Any, dict[str, Any]]) -> None:
    assert set(stored) == set(expected)
    assert [
        (key, figure, stored[key]["value"], stored[key]["family_count"])
        for key, figure in expected.items()
        if not agrees(figure, stored[key])
    ] == []


@ON_RANDOM_PANELS
@given(families=SOME_FAMILIES)
def test_ratios_of_sums(models: Models, families: list[Any]) -> None:
    rows = family_months(families)
    fill(models, rows)

    stored = models.figures("int_metric_earned_income", INPUTS)

    assert_same(part_of_income("income_earned_local")(panel_of(rows)), stored)


@ON_RANDOM_PANELS
@given(families=SOME_FAMILIES)
def test_shares_of_families(models: Models, families: list[Any]) -> None:
    rows = family_months(families)
    fill(models, rows)
    models.fill("int_metric_panels", PANEL_COLUMNS, panels(rows))

    stored = models.figures("int_metric_savers", [*INPUTS, "int_metric_panels"])

    shares = {key: row for key, row in stored.items() if key.statistic == "share"}
    expected = m17(panel_of(rows))
    assert_same(
        {key: figure for key, figure in expected.items() if key.statistic == "share"},
        shares,
    )


PANEL_COLUMNS = {
    **{name: kind for name, kind in COLUMNS.items() if name != "journal_month"},
    "window_code": "text",
    "measure_code": "text",
    "end_code": "text",
    "panel_code": "text",
    "price_code": "text",
    "outlier_code": "text",
    "denominator_code": "text",
    "category_code": "text",
    "unit_code": "text",
    "measured": "numeric",
    "weight": "numeric",
    "start_month": "date",
    "end_month": "date",
    "measured_month": "date",
}


def panels(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return both ends of families with an income at both, where they started."""
    incomes = {
        (row["family_key"], row["journal_month"]): row
        for row in rows
        if row["income_local"] is not None
    }
    families = {family for family, _ in incomes}
    return [
        incomes[family, START]
        | {
            "window_code": "launch_to_end",
            "measure_code": "income",
            "end_code": end_code,
            "panel_code": "balanced",
            "price_code": "nominal",
            "outlier_code": "kept",
            "denominator_code": "household",
            "category_code": "total",
            "unit_code": incomes[family, START]["currency_code"],
            "measured": incomes[family, month]["income_local"],
            "weight": 1,
            "start_month": START,
            "end_month": END,
            "measured_month": month,
        }
        for family in sorted(families)
        if (family, START) in incomes and (family, END) in incomes
        for end_code, month in (("start", START), ("end", END))
    ]


@ON_RANDOM_PANELS
@given(families=SOME_FAMILIES)
def test_distributions_of_changes(models: Models, families: list[Any]) -> None:
    rows = family_months(families)
    both_ends = panels(rows)
    models.fill("int_metric_panels", PANEL_COLUMNS, both_ends)

    stored = models.figures("int_metric_income_distribution", ["int_metric_panels"])

    expected = m05(panel_of(rows)) if both_ends else {}
    assert_same(
        {key: e for key, e in expected.items() if key.price == "nominal"}, stored
    )


GOAL_COLUMNS = {
    "release_code": "text",
    "family_key": "text",
    "country_code": "text",
    "site_code": "text",
    "cohort_code": "text",
    "peer_group_code": "text",
    "set_month": "date",
    "achieved_month": "date",
    "closed_month": "date",
    "last_month": "date",
}


@ON_RANDOM_PANELS
@given(
    times=st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=9)
)
def test_times_to_an_event(models: Models, times: list[tuple[int, bool]]) -> None:
    fill(models, [])
    goals = [
        {
            "release_code": "live",
            "family_key": f"F{number % 4}",
            "country_code": "MEX",
            "site_code": "MEX-A",
            "cohort_code": "MEX",
            "peer_group_code": "MEX-A-1",
            "set_month": START,
            "achieved_month": START + pd.DateOffset(months=time) if achieved else None,
            "closed_month": START + pd.DateOffset(months=time),
            "last_month": END,
        }
        for number, (time, achieved) in enumerate(times)
    ]
    models.fill("int_metric_goals", GOAL_COLUMNS, goals)

    stored = models.figures("int_metric_goal_times", [*INPUTS, "int_metric_goals"])

    rows: Frame = pd.DataFrame(goals).assign(
        measured=[time for time, _ in times],
        weight=[float(achieved) for _, achieved in times],
        start=START,
        end=END,
    )
    assert_same(median_times(rows_of(rows), (6, 12)), stored)
