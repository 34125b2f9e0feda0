"""Lines, areas and bars over calendar months, progress and maps, on a finished page."""

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from dashboards.errors import QueryError, SpecError
from dashboards.site import build_site, check_site
from dashboards.spec_file import load_specs
from dashboards.static import theme
from dashboards.static.axes import calendar_notice
from dashboards.static.maps import country_shapes
from pages import LANGUAGES
from tests.dashboards.kinds_board import BOARD, PAGE, board_specs, write_board
from tests.dashboards.reading import (
    card_of,
    charts_of,
    column_of,
    headings_of,
    row_headings_of,
    whole_text,
    words_of,
)
from tests.dashboards.small_warehouse import LEAKED, fill

SITE_NAMES = ["Ámbar", "Dalampasigan", "Loma Clara", "Puente Nuevo"]
FEBRUARY_2021 = 2021 * 12 + 1
CALENDAR = ("index", "parts", "both")


@pytest.fixture(scope="module")
def board(small_warehouse: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the board in every language; the value is its folder."""
    out = tmp_path_factory.mktemp("board")
    build_site(out, url=small_warehouse, is_synthetic=True, specs=board_specs())
    return out


def page_of(board: Path, language: str = "en") -> str:
    return (board / f"{PAGE}.{language}.html").read_text(encoding="utf-8")


def figures_of(board: Path, chart: str) -> list[dict[str, Any]]:
    figures: list[dict[str, Any]] = charts_of(page_of(board))[f"chart-{chart}"][
        "datasets"
    ]["figures"]
    return figures


def test_every_kind_is_drawn_in_every_language_with_a_table(board: Path) -> None:
    for language in LANGUAGES:
        page = page_of(board, language)
        charts = charts_of(page)
        for card in ("index-1", "parts-1", "both-1", "filled-1", "where-1"):
            assert charts[f"chart-{card}"]["datasets"]["figures"], (language, card)
            part = card_of(page, card.partition("-")[0])
            assert len(row_headings_of(part)) >= 3, (language, card)
        stamps = {chart["title"]["text"] for chart in charts.values()}
        assert len(stamps) == 1


@pytest.mark.parametrize("card", CALENDAR)
def test_a_hidden_month_is_named_and_nothing_of_it_is_drawn(
    board: Path, card: str
) -> None:
    months = {figure["month"] for figure in figures_of(board, f"{card}-1")}

    assert len(months) == 14 - 3
    assert not {FEBRUARY_2021, FEBRUARY_2021 + 2, FEBRUARY_2021 + 4} & months
    words = words_of(card_of(page_of(board), card))
    notice = "Not shown: Feb 2021, Apr 2021 and Jun 2021: fewer than ten families."
    assert words[words.index("Ámbar") + 2] == notice
    assert "Not shown: fewer than ten families." in words  # of the hidden site
    text = whole_text(page_of(board))
    assert str(LEAKED).rstrip("0") not in text
    assert f"{LEAKED * 100:,.1f}".replace(",", "\u202f") not in text


@pytest.mark.parametrize("card", CALENDAR)
def test_a_hidden_month_ends_what_runs_before_it(board: Path, card: str) -> None:
    runs: dict[int, set[int]] = {}
    for figure in figures_of(board, f"{card}-1"):
        runs.setdefault(figure["run"], set()).add(figure["month"])

    assert {len(months) for months in runs.values()} == {7, 1, 2}
    assert all(max(run) - min(run) < len(run) for run in runs.values())
    alone = {f["month"] for f in figures_of(board, f"{card}-1") if f["is_alone"]}
    assert alone == {FEBRUARY_2021 + 1, FEBRUARY_2021 + 3}


@pytest.mark.parametrize(
    ("language", "months"),
    [
        ("es", "feb 2021, abr 2021 y jun 2021"),
        ("fil", "Peb 2021, Abr 2021 at Hun 2021"),
    ],
)
def test_months_have_the_names_of_the_pages_language(
    board: Path, language: str, months: str
) -> None:
    page = page_of(board, language)

    assert months in " ".join(words_of(card_of(page, "parts")))
    first = months.partition(" ")[0]
    axis = charts_of(page)["chart-parts-3"]["layer"][0]["encoding"]["x"]["axis"]
    assert f"'{first}'" in axis["labelExpr"]
    assert axis["values"] == [2020 * 12 + month for month in (6, 9, 12, 15, 18)]


def test_parts_stand_on_each_other_up_to_the_whole(board: Path) -> None:
    figures = figures_of(board, "parts-3")
    lower = [figure for figure in figures if figure["part"] == 0]
    upper = [figure for figure in figures if figure["part"] == 1]

    assert {figure["bottom"] for figure in lower} == {0}
    tops = {figure["month"]: figure["top"] for figure in lower}
    assert {figure["month"]: figure["bottom"] for figure in upper} == tops
    assert {figure["top"] for figure in upper} == {50.0}


def test_parts_are_told_apart_without_colours(board: Path) -> None:
    card = card_of(page_of(board), "parts")
    chart = charts_of(page_of(board))["chart-parts-1"]
    edges = chart["layer"][2]["encoding"]["strokeDash"]["scale"]["range"]

    assert "mark shade-3 edge-0" in card
    assert "mark shade-0 edge-1" in card
    assert edges == theme.EDGES
    assert len({str(edge) for edge in edges}) == len(edges)


def test_edges_lines_and_frames_stand_out_from_what_is_beside_them() -> None:
    """At least 3 to 1, as WCAG 2 asks of the parts of a chart."""
    darkest = theme.SHADES[-1]  # always the lowest part, so no edge lies below it
    beside = [shade for shade in theme.SHADES if shade != darkest] + ["#ffffff"]

    assert all(contrast(theme.INK, shade) >= 3 for shade in beside)
    bar, line, white = theme.SHADES[0], theme.SECOND, "#ffffff"
    assert min(contrast(line, bar), contrast(line, white)) >= 3
    assert min(contrast(theme.FIRST, bar), contrast(theme.FIRST, white)) >= 3
    assert contrast(theme.QUIET, white) >= 4.5


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    lighter, darker = sorted(map(brightness, (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def brightness(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_both_axes_of_a_combined_chart_begin_at_zero_and_say_what_they_are(
    board: Path,
) -> None:
    chart = charts_of(page_of(board))["chart-both-3"]
    bars, line = chart["layer"]
    left = bars["encoding"]["y"]
    right = line["layer"][1]["encoding"]["y"]

    assert (left["title"], right["title"]) == ("Expected", "% received")
    assert right["axis"]["orient"] == "right"
    assert left["scale"]["domain"][0] == right["scale"]["domain"][0] == 0
    assert right["scale"]["domain"][1] == 100
    assert chart["resolve"]["scale"] == {"y": "independent"}


def test_progress_fills_a_whole_and_names_what_is_hidden(board: Path) -> None:
    card = card_of(page_of(board), "filled")
    figures = sorted(figures_of(board, "filled-1"), key=lambda one: int(one["row"]))

    assert [figure["item"] for figure in figures] == [
        name for name in SITE_NAMES if name != "Dalampasigan"
    ]
    said = [figure["words"].replace("\N{NO-BREAK SPACE}", " ") for figure in figures]
    assert said[1] == "48 of 50: 96.0 %, n = 50"
    assert "Not shown: Dalampasigan (fewer than ten families)." in words_of(card)
    assert column_of(card, "Received") == ["20", "Not shown", "48", "43"]
    assert column_of(card, "Expected") == ["22", "Not shown", "50", "45"]
    frame = charts_of(page_of(board))["chart-filled-1"]["layer"][0]
    assert frame["encoding"]["x"]["datum"] == 100


def test_a_map_has_the_shapes_of_its_countries_and_no_others(board: Path) -> None:
    figures = figures_of(board, "where-1")

    assert [figure["code"] for figure in figures] == ["COL", "MEX", "PHL"]
    hidden = [figure for figure in figures if figure["is_hidden"]]
    assert [figure["code"] for figure in hidden] == ["PHL"]
    assert [figure["value"] for figure in hidden] == [None]
    card = card_of(page_of(board), "where")
    assert headings_of(card, 4) == ["Colombia", "Mexico", "Philippines"]
    assert {figure["journal_month"] for figure in figures} == {"Sep 2020"}
    assert column_of(card, "Month") == ["Sep 2020"] * 3
    tile = words_of(card)
    assert tile[tile.index("MEX") + 1] == "Sep 2020"
    assert "Not shown: Philippines (fewer than ten families)." in words_of(card)


def test_every_shape_is_closed_and_lies_in_its_country() -> None:
    shapes = country_shapes()

    assert len(shapes) > 150
    for code, shape in shapes.items():
        for ring in (ring for polygon in shape for ring in polygon):
            assert ring[0] == ring[-1], code
            assert all(abs(x) <= 180 and abs(y) <= 90 for x, y in ring), code
    capitals = {
        "COL": (-74.1, 4.7),
        "LBR": (-10.3, 6.5),
        "MEX": (-99.1, 19.4),
        "PHL": (121.0, 14.7),
        "UGA": (32.6, 0.4),
        "USA": (-77.2, 39.0),
    }
    for code, capital in capitals.items():
        found = [name for name in capitals if holds(shapes[name][0][0], capital)]
        assert found == [code]
        # The other way round a ring means all the world but the country.
        assert area_of(shapes[code][0][0]) < 0, code


def holds(ring: list[list[float]], point: tuple[float, float]) -> bool:
    x, y = point
    crossed = [
        x < x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in pairwise(ring)
        if (y1 > y) != (y2 > y)
    ]
    return sum(crossed) % 2 == 1


def area_of(ring: list[list[float]]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def test_a_country_without_a_shape_is_named_and_keeps_its_figure(
    empty_warehouse: str, tmp_path: Path
) -> None:
    fill(empty_warehouse)
    run_in(
        empty_warehouse,
        "update share.country_months set country_code = 'SGP' "
        "where country_code = 'COL'",
        "insert into marts.dim_countries values ('SGP', 'SG')",
    )

    build_site(tmp_path, url=empty_warehouse, languages=["en"], specs=board_specs())

    card = card_of(page_of(tmp_path), "where")
    assert "SGP" not in country_shapes()
    assert "Not on the map, which has no shape of: SGP." in " ".join(words_of(card))
    assert "SGP" in headings_of(card, 4)


def test_a_month_without_an_age_is_drawn_over_the_calendar(
    empty_warehouse: str, tmp_path: Path
) -> None:
    fill(empty_warehouse)
    run_in(
        empty_warehouse,
        "update share.site_months set months_since_launch_count = null "
        "where site_code = 'MX-01' and journal_month >= '2021-01-01'",
    )

    build_site(tmp_path, url=empty_warehouse, languages=["en"], specs=board_specs())

    figures = figures_of(tmp_path, "parts-3")
    assert len({figure["month"] for figure in figures}) == 14
    assert {figure["age"] for figure in figures} == {0, 1, 2, 3, 4, 5, None}


def run_in(url: str, *statements: str) -> None:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.mark.parametrize(
    ("query", "place"),
    [("where", "Colombia"), ("months", "[^,]+, 2020-07-01 in any release")],
)
def test_two_releases_in_one_spot_are_refused(
    query: str, place: str, small_warehouse: str, tmp_path: Path
) -> None:
    specs = write_board(tmp_path / "specs")
    path = specs / BOARD / f"{query}.sql"
    sql = path.read_text().partition("order by")[0]
    older = sql.replace("'live' as release_code", "'2021-07' as release_code")
    path.write_text(f"{sql} union all {older}")

    with pytest.raises(QueryError, match=f"more than one row for {place}"):
        check_site(small_warehouse, specs=specs)


@pytest.mark.parametrize(
    ("card", "place", "value", "reason"),
    [
        ("parts", ("parts", 1, "format"), "percent", "they are added up"),
        ("parts", ("parts", 1, "label"), None, "each part of an area needs a label"),
        ("both", ("line", "format"), "index", "the line a share of it"),
        ("both", ("bars", "format"), "number", "bars are a count"),
        ("both", ("bars", "label"), None, "need a label each"),
        ("filled", ("measure", "format"), "count", "share of the whole"),
        ("filled", ("whole", "format"), "percent", "part and whole are counts"),
        ("filled", ("target",), 0.9, "target is not something a spec knows"),
        ("where", ("measure", "format"), "count", "a map shades a share"),
        ("where", ("item",), "site_name", "item is wrong"),
    ],
)
def test_what_a_kind_cannot_say_is_refused(
    card: str, place: tuple[str | int, ...], value: object, reason: str, tmp_path: Path
) -> None:
    specs = write_board(tmp_path / "specs")
    path = specs / f"{BOARD}.yml"
    spec = yaml.safe_load(path.read_text())
    cards = [one for section in spec["sections"] for one in section["cards"]]
    entry = next(one for one in cards if one["id"] == card)
    *inner, last = place
    for key in inner:
        entry = entry[key]
    entry[last] = value
    path.write_text(yaml.safe_dump(spec))

    with pytest.raises(SpecError, match=reason):
        load_specs(specs)


def test_hidden_months_in_a_row_are_named_by_their_ends() -> None:
    rows: list[dict[str, object]] = [
        {
            "journal_month": date(2020, month, 1),
            "is_suppressed": month != 12,
            "suppression_reason_code": "fewer_than_k_families",
        }
        for month in (7, 8, 9, 11, 12)
    ]

    assert calendar_notice(rows, "journal_month", "en") == (
        "Not shown: Jul 2020 to Sep 2020 and Nov 2020: fewer than ten families."
    )
    assert calendar_notice(rows[:-1], "journal_month", "en") == (
        "Not shown: fewer than ten families."
    )
    assert not calendar_notice(rows[-1:], "journal_month", "en")
