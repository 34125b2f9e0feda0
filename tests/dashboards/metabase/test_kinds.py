"""Calendar months, progress and maps in Metabase: charts, their SQL and settings."""

import re
from datetime import date
from typing import Any

import psycopg
import pytest

from dashboards.metabase import run
from dashboards.metabase.plan import Doing
from dashboards.metabase.wanted.asked import Asked, Chart
from dashboards.metabase.wanted.charts import charts_of
from dashboards.metabase.wanted.sql import Query, words_of
from dashboards.metabase.warehouse_facts import read_facts
from dashboards.spec import NoteCard
from dashboards.spec_file import SPECS, load_specs
from tests.dashboards.kinds_board import BOARD, board_specs
from tests.dashboards.metabase.conftest import VERSIONS, MakeBench

OPTIONAL = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
HIDDEN = {date(2021, 2, 1), date(2021, 4, 1), date(2021, 6, 1)}
DISPLAYS = {
    "index": ["line"],
    "parts": ["area", "table"],
    "both": ["combo", "table"],
    "filled": ["table"],
    "where": ["map", "table"],
}


@pytest.fixture(scope="module")
def charts(secured_warehouse: str) -> dict[str, list[Chart]]:
    """Return the charts of each card of the board."""
    specs = load_specs(board_specs())
    columns = read_facts(secured_warehouse, specs).facts.columns
    found = {}
    for card in specs[0].dashboard.cards:
        assert not isinstance(card, NoteCard)
        name = card.query_name
        query = Query(specs[0].queries[name], columns[BOARD, name], f"card {card.id}")
        filters: dict[str, str] = {
            one: words_of(query, one, "en")
            for one in ("country_code", "site_name")
            if one in query.columns
        }
        found[card.id] = charts_of(Asked(card, query, "en", filters))
    return found


def rows_of(url: str, chart: Chart, **chosen: str) -> list[dict[str, Any]]:
    """Return what the card's SQL gives when these filters are set."""

    def kept(found: re.Match[str]) -> str:
        name = re.findall(r"\{\{(\w+)\}\}", found[1])[0]
        tag = f"{{{{{name}}}}}"
        return found[1].replace(tag, f"'{chosen[name]}'") if name in chosen else ""

    sql = OPTIONAL.sub(kept, chart.sql)
    with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as connection:
        return connection.execute(sql.encode()).fetchall()


def test_each_kind_has_the_chart_of_its_name_or_a_table(
    charts: dict[str, list[Chart]],
) -> None:
    shown = {card: [one.display for one in found] for card, found in charts.items()}

    assert shown == DISPLAYS


def named_in(chart: Chart) -> set[str]:
    """Return the columns that the settings of a chart name."""
    settings = chart.settings
    names = {*settings.get("graph.dimensions", []), *settings.get("graph.metrics", [])}
    names |= {
        settings[key]
        for key in (
            "map.dimension",
            "map.metric",
            "table.pivot_column",
            "table.cell_column",
        )
        if key in settings
    }
    for rule in settings.get("table.column_formatting", []):
        names |= set(rule["columns"])
    written = [*settings["column_settings"], *settings.get("graph.tooltip_columns", [])]
    names |= {key.split('"')[3] for key in written}
    return names | set(settings.get("series_settings", {}))


def test_settings_of_every_card_name_columns_of_its_result(
    secured_warehouse: str,
) -> None:
    """Metabase shows a chart whose settings name no column of it as nothing at all."""
    seen = 0
    for folder in (SPECS, board_specs()):
        specs = load_specs(folder)
        columns = read_facts(secured_warehouse, specs).facts.columns
        for spec in specs:
            for card in spec.dashboard.cards:
                if isinstance(card, NoteCard):
                    continue
                name = card.query_name
                query = Query(spec.queries[name], columns[spec.name, name], card.id)
                for chart in charts_of(Asked(card, query, "es", {})):
                    assert named_in(chart) <= set(chart.shown), (spec.name, card.id)
                    seen += 1

    assert seen > 160


def test_lines_over_the_calendar_are_a_series_of_dates(
    charts: dict[str, list[Chart]], secured_warehouse: str
) -> None:
    (chart,) = charts["index"]
    rows = rows_of(secured_warehouse, chart, site_name="Ámbar")

    assert chart.settings["graph.x_axis.scale"] == "timeseries"
    month = chart.settings["column_settings"]['["name","journal_month"]']
    assert month["date_style"] == "MMMM, YYYY"
    assert {row["series"] for row in rows} == {"Ámbar · As paid", "Ámbar · Real"}
    empty = {row["journal_month"] for row in rows if row["value"] is None}
    assert empty == HIDDEN


def test_places_shown_in_every_month_are_added_and_the_others_stand_beside(
    charts: dict[str, list[Chart]], secured_warehouse: str
) -> None:
    chart, table = charts["parts"]

    rows = rows_of(secured_warehouse, chart)
    assert len(rows) == 14
    # Of four sites one is hidden, one in some of its months, and one begins later.
    assert {row["reported_family_count"] + row["missing_count"] for row in rows} == {50}
    assert rows[1]["reported_family_count"] == 49
    assert rows_of(secured_warehouse, chart, site_name="Ámbar") == []
    beside = rows_of(secured_warehouse, table, site_name="Ámbar")
    held_back = [row["not_shown"] for row in beside if row["missing_count"] is None]
    assert held_back == ["fewer than ten families"] * 3
    assert [row["journal_month"] for row in beside][:2] == ["Jul 2020", "Aug 2020"]
    assert chart.settings["stackable.stack_type"] == "stacked"
    gaps = chart.settings["series_settings"]
    assert {name: one["line.missing"] for name, one in gaps.items()} == {
        "reported_family_count": "none",
        "missing_count": "none",
    }


def test_a_place_that_begins_later_is_added_once_it_is_chosen(
    charts: dict[str, list[Chart]], secured_warehouse: str
) -> None:
    chart, _ = charts["parts"]

    rows = rows_of(secured_warehouse, chart, site_name="Puente Nuevo")

    assert len(rows) == 12
    assert rows[0]["journal_month"] == date(2020, 9, 1)
    assert {row["reported_family_count"] + row["missing_count"] for row in rows} == {45}
    assert rows_of(secured_warehouse, chart, country_code="Colombia") == rows


def test_the_line_over_bars_is_the_share_of_all_that_they_count(
    charts: dict[str, list[Chart]], secured_warehouse: str
) -> None:
    chart, _ = charts["both"]

    rows = rows_of(secured_warehouse, chart)

    second = rows[1]  # one family of each site sent none
    assert second["expected_family_count"] == 50 + 45
    assert float(second["reported_share"]) == pytest.approx((49 + 44) / 95)
    series = chart.settings["series_settings"]
    assert series["expected_family_count"] == {"display": "bar", "axis": "left"}
    assert series["reported_share"]["axis"] == "right"


def test_progress_is_shaded_from_none_to_the_whole_and_names_no_goal(
    charts: dict[str, list[Chart]], secured_warehouse: str
) -> None:
    (table,) = charts["filled"]
    (shade,) = table.settings["table.column_formatting"]
    rows = rows_of(secured_warehouse, table)

    assert (shade["min_value"], shade["max_value"]) == (0, 1)
    assert not [key for key in table.settings if "goal" in key]
    hidden = next(row for row in rows if row["site_name"] == "Dalampasigan")
    assert hidden["not_shown"] == "fewer than ten families"
    figures = ("reported_family_count", "expected_family_count", "reported_share")
    assert [hidden[name] for name in figures] == [None] * 3


def test_a_map_knows_countries_by_two_letters_and_stands_beside_its_figures(
    charts: dict[str, list[Chart]], secured_warehouse: str
) -> None:
    chart, table = charts["where"]
    rows = rows_of(secured_warehouse, chart)

    assert chart.settings["map.region"] == "world_countries"
    assert [row["region"] for row in rows] == ["CO", "MX", "PH"]
    assert [row["reported_share"] is None for row in rows] == [False, False, True]
    beside = rows_of(secured_warehouse, table, country_code="Mexico")
    assert [row["expected_family_count"] for row in beside] == [90]
    assert [row["journal_month"] for row in beside] == ["Sep 2020"]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_kind_is_applied_once_and_a_second_time_changes_nothing(
    make_bench: MakeBench, version: int
) -> None:
    bench = make_bench(version, specs=board_specs())

    first = run.apply(bench.work())
    again = run.apply(bench.work())

    assert len(first.changes) > 8
    assert again.changes == ()
    assert {step.doing for step in again.plan.steps} == {Doing.SAME}
    board = f"metabase_mexico/en/{BOARD}"
    shown = {
        name: bench.card(f"{board}/{name}")["display"]
        for name in ("index", "parts", "parts/figures", "both", "filled", "where")
    }
    assert shown == {
        "index": "line",
        "parts": "area",
        "parts/figures": "table",
        "both": "combo",
        "filled": "table",
        "where": "map",
    }
    assert run.check(bench.work()).failures == ()
