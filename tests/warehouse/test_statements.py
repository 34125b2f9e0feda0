"""Every statement of the published post that names a figure has that figure."""

from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.warehouse.conftest import Warehouse
from tests.warehouse.published_figures import COUNTRIES, PublishedFigure
from tests.warehouse.statements import (
    FIGURES_OF_STATEMENTS,
    INDICATORS,
    LIVE_FIGURES,
)

Figure = dict[str, Any]


@pytest.fixture(scope="module")
def figures(built_pilot: Warehouse) -> dict[tuple[str, ...], Figure]:
    """Return every figure by its key."""
    with psycopg.connect(built_pilot.url, row_factory=dict_row) as connection:
        rows = connection.execute("select * from marts.fct_metric_values").fetchall()
    names = tuple(PublishedFigure("M01", "MEX", "0").key)
    return {tuple(str(row[name]) for name in names): row for row in rows}


def find(figures: dict[tuple[str, ...], Figure], figure: PublishedFigure) -> Figure:
    key = tuple(figure.key.values())
    assert key in figures, f"no figure has the key {figure.key}"
    return figures[key]


def name_of(value: object) -> str | None:
    if isinstance(value, PublishedFigure):
        return f"{value.metric_code}-{value.scope_code}-{value.column}"
    return None


@pytest.mark.parametrize(("number", "figure"), FIGURES_OF_STATEMENTS, ids=name_of)
def test_statement_has_its_figure(
    number: str, figure: PublishedFigure, figures: dict[tuple[str, ...], Figure]
) -> None:
    value = find(figures, figure)[figure.column]

    assert figure.as_printed(value) == figure.printed, number


@pytest.mark.parametrize(("number", "figure"), LIVE_FIGURES, ids=name_of)
def test_statement_has_a_live_figure_too(
    number: str, figure: PublishedFigure, figures: dict[tuple[str, ...], Figure]
) -> None:
    assert find(figures, figure)["value"] is not None, number


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("indicator", INDICATORS, ids="-".join)
def test_statement_without_a_fixed_answer_has_an_indicator(
    indicator: tuple[str, str, str, str],
    country: str,
    figures: dict[tuple[str, ...], Figure],
) -> None:
    number, *told = indicator
    found = [
        figure
        for figure in figures.values()
        if [figure["metric_code"], figure["statistic_code"], figure["category_code"]]
        == told
        and (figure["scope_code"], figure["release_code"]) == (country, "live")
    ]

    assert found, number
    assert max(figure["family_count"] for figure in found) >= 10, number


@pytest.mark.parametrize("country", COUNTRIES)
def test_s02_one_year_of_data_is_thirteen_months(
    country: str, built_pilot: Warehouse
) -> None:
    months = built_pilot.rows(
        "select count(distinct start_month), min(start_month), max(start_month)"  # noqa: S608 - a constant of this module
        " from marts.fct_metric_values where metric_code = 'M01'"
        f" and scope_code = '{country}' and start_month = end_month"
        " and release_code = '2021-07'"
    )

    assert months == [(13, date(2020, 7, 1), date(2021, 7, 1))]


@pytest.mark.parametrize("country", COUNTRIES)
def test_s47_the_extension_makes_twenty_one_months_live(
    country: str, built_pilot: Warehouse
) -> None:
    months = built_pilot.rows(
        "select count(distinct start_month), max(start_month)"  # noqa: S608 - a constant of this module
        " from marts.fct_metric_values where metric_code = 'M01'"
        f" and scope_code = '{country}' and start_month = end_month"
        " and release_code = 'live'"
    )

    assert months == [(21, date(2022, 3, 1))]


def test_s01_there_are_three_countries_of_two_sites(built_pilot: Warehouse) -> None:
    sites = built_pilot.rows(
        "select left(scope_code, 2), count(distinct scope_code)"
        " from marts.fct_metric_values where scope_type_code = 'site'"
        " and metric_code = 'M03' and release_code = '2021-07' group by 1 order by 1"
    )

    assert sites == [("CO", 2), ("MX", 2), ("PH", 2)]


@pytest.mark.parametrize(
    ("use", "first", "last"),
    [
        ("device", date(2020, 9, 1), date(2020, 11, 1)),
        ("fees", date(2021, 2, 1), date(2021, 5, 1)),
    ],
)
def test_s33_tablets_came_early_and_school_fees_later(
    use: str, first: date, last: date, built_pilot: Warehouse
) -> None:
    found = built_pilot.rows(
        "select min(start_month), max(start_month)"  # noqa: S608 - a constant of this module
        " from marts.fct_metric_values where metric_code = 'M33'"
        f" and category_code = '{use}' and statistic_code = 'total'"
        " and scope_type_code = 'country' and start_month = end_month"
    )

    assert found == [(first, last)]


@pytest.mark.parametrize(
    ("country", "shock", "months"),
    [
        ("PHL", "typhoon", [date(2020, 11, 1), date(2020, 12, 1)]),
        ("COL", "water", [date(2020, 12, 1), date(2021, 1, 1), date(2021, 2, 1)]),
    ],
)
def test_s21_the_disasters_stand_out_in_their_months(
    country: str, shock: str, months: list[date], built_pilot: Warehouse
) -> None:
    found = built_pilot.rows(
        "select start_month from marts.fct_metric_values where metric_code = 'M24'"  # noqa: S608 - constants of this module
        f" and category_code = '{shock}' and scope_code = '{country}'"
        " and release_code = '2021-07' and value > 0.2 order by start_month"
    )

    assert [month for (month,) in found] == months


def test_s37_families_in_the_philippines_learned_from_other_sites(
    built_pilot: Warehouse,
) -> None:
    learners = built_pilot.rows(
        "select scope_code from marts.fct_metric_values where metric_code = 'M46'"
        " and category_code = 'total' and scope_type_code = 'country'"
        " and start_month < end_month and release_code = '2021-07'"
        " order by value desc limit 1"
    )

    assert learners == [("PHL",)]


def test_s40_group_17_saves_together_from_its_first_payment(
    built_pilot: Warehouse,
) -> None:
    # A group is never a scope: five families cannot hide in a figure.
    started = built_pilot.rows(
        "select min(meeting_month) from marts.fct_peer_group_meetings"
        " where peer_group_code like 'PH%17' and group_contributed_local > 0"
    )

    assert started == [(date(2020, 8, 1),)]
