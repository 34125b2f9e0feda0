"""What stands on a finished page, and what must never stand there."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import vl_convert
import yaml
from sqlalchemy import create_engine

from dashboards import SiteReport, build_site
from dashboards.spec_file import SPECS
from dashboards.static import theme
from dashboards.static.axes import notice
from dashboards.static.shapes import EVENTS, FIGURES
from tests.dashboards.d1_alone import D1, d1_specs
from tests.dashboards.reading import (
    card_of,
    charts_of,
    headings_of,
    row_headings_of,
    whole_text,
    words_of,
)
from tests.dashboards.small_warehouse import LEAKED, fill

SITE_NAMES = ["Ámbar", "Dalampasigan", "Loma Clara", "Puente Nuevo"]


def test_every_dashboard_comes_in_every_language_with_a_list(site: SiteReport) -> None:
    assert [page.name for page in site.pages] == [
        "index.html",
        "d1-multi-site-overview.en.html",
        "d1-multi-site-overview.es.html",
        "d1-multi-site-overview.fil.html",
    ]
    assert all(page.name in site.pages[0].read_text() for page in site.pages[1:])


@pytest.mark.parametrize(
    ("language", "notice"),
    [
        ("en", "Not shown: fewer than ten families."),
        ("es", "No se muestra: menos de diez familias."),
    ],
)
def test_a_suppressed_row_shows_the_notice_and_never_the_number(
    pages: dict[str, str], language: str, notice: str
) -> None:
    page = pages[language]
    text = whole_text(page)

    assert notice in words_of(card_of(page, "income_index_sites"))
    for form in (LEAKED, LEAKED * 100):  # as stored, and as an index is drawn
        assert str(form).rstrip("0") not in text
        assert f"{form:,.1f}".replace(",", "\u202f") not in text


def test_a_figure_that_reaches_a_chart_would_be_found_by_the_test_above(
    pages: dict[str, str],
) -> None:
    """The index of a site that is not suppressed stands in its chart."""
    shown = charts_of(pages["en"])["chart-income_index_sites-3"]

    assert "Dalampasigan" not in str(shown)
    assert len(shown["datasets"]["figures"]) == 2 * 14


@pytest.mark.parametrize(
    ("language", "trend", "strip"),
    [
        (
            "en",
            "Not shown: months 7, 9 and 11: fewer than ten families.",
            "Ámbar (months 7, 9 and 11), Dalampasigan: fewer than ten families.",
        ),
        (
            "es",
            "No se muestra: meses 7, 9 y 11: menos de diez familias.",
            "Ámbar (meses 7, 9 y 11), Dalampasigan: menos de diez familias.",
        ),
    ],
)
def test_a_notice_above_a_drawn_chart_names_what_is_hidden(
    pages: dict[str, str], language: str, trend: str, strip: str
) -> None:
    sites = words_of(card_of(pages[language], "income_index_sites"))

    assert sites[sites.index("Ámbar") + 2] == trend
    words = words_of(card_of(pages[language], "site_strip"))
    assert f"{trend.partition(':')[0]}: {strip}" in words


def figure_of(place: str, release: str, why: str | None = None) -> dict[str, Any]:
    return {
        "country_code": place,
        "release_code": release,
        "is_suppressed": why is not None,
        "suppression_reason_code": why,
    }


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [
                figure_of("MEX", "2021-07"),
                figure_of("MEX", "live", "differs_by_few_families"),
                figure_of("LBR", "live", "fewer_than_k_families"),
                figure_of("COL", "2021-07"),
                figure_of("COL", "live", "differs_by_few_families"),
            ],
            (
                "Not shown: Colombia, Mexico (Live: beside the released figure it "
                "would tell of few families); Liberia (fewer than ten families)."
            ),
        ),
        (
            [
                figure_of("MEX", "2021-07", "share_near_limit"),
                figure_of("MEX", "live", "share_near_limit"),
            ],
            "Not shown: Mexico (close to none or to all of few families).",
        ),
        ([figure_of("MEX", "2021-07"), figure_of("MEX", "live")], ""),
    ],
)
def test_a_notice_says_which_release_is_hidden_and_every_reason(
    rows: list[dict[str, Any]], words: str
) -> None:
    assert notice(rows, "en", "country_code") == words


def drawing_of(chart: dict[str, Any]) -> str:
    """Return the chart as SVG, 400 pixels wide."""
    drawing: str = vl_convert.vegalite_to_svg(chart | {"width": 400})
    return drawing


def paths_of(chart: dict[str, Any], mark: str) -> list[str]:
    """Return the outline of each line or area of the chart."""
    groups = re.findall(rf'class="mark-{mark} role-mark.*?</g>', drawing_of(chart))
    return [path for group in groups for path in re.findall(r' d="(M[^"]+)"', group)]


def test_no_line_and_no_band_runs_across_a_hidden_month(pages: dict[str, str]) -> None:
    charts = charts_of(pages["en"])
    broken, whole = (charts[f"chart-income_index_sites-{place}"] for place in (1, 3))
    figures = broken["datasets"]["figures"]

    assert {7, 9, 11} & {figure["x"] for figure in figures} == set()
    assert len(figures) == 2 * (14 - 3)
    # Months 0 to 6, 8, 10, 12 and 13, of two lines.
    assert len(paths_of(broken, "line")) == len(paths_of(broken, "area")) == 2 * 4
    assert len(paths_of(whole, "line")) == len(paths_of(whole, "area")) == 2


def test_a_month_between_hidden_ones_keeps_its_interval(pages: dict[str, str]) -> None:
    charts = charts_of(pages["en"])
    broken, whole = (charts[f"chart-income_index_sites-{place}"] for place in (1, 3))
    rule = r'aria-label="Months since launch: (\d+); low: [^"]*; line: (\d);[^"]*"[^>]*'
    rule += r'"rule mark"[^>]* y2="-\d'

    drawn = re.findall(rule, drawing_of(broken))
    assert sorted(drawn) == [("10", "0"), ("10", "1"), ("8", "0"), ("8", "1")]
    assert re.findall(rule, drawing_of(whole)) == []


@pytest.mark.parametrize(
    ("chart", "across"),
    [
        ("income_index_sites-1", r'x2="-?\d+" y2="0"'),
        ("savings_growth-1", r'x2="0" y2="-?\d+"'),
    ],
)
def test_the_line_to_compare_with_is_drawn(
    pages: dict[str, str], chart: str, across: str
) -> None:
    drawing = drawing_of(charts_of(pages["en"])[f"chart-{chart}"])

    line = rf'<line [^>]*{across} stroke="{theme.QUIET}"'
    assert len(re.findall(line, drawing)) == 1


@pytest.mark.parametrize("language", ["en", "es"])
def test_sites_stand_in_the_order_of_their_names(
    pages: dict[str, str], language: str
) -> None:
    page = pages[language]

    assert headings_of(card_of(page, "income_index_sites"), 4) == SITE_NAMES
    assert row_headings_of(card_of(page, "sites_now")) == SITE_NAMES
    strip = charts_of(page)["chart-site_strip-1"]
    assert strip["layer"][0]["encoding"]["y"]["scale"]["domain"] == SITE_NAMES


def test_countries_stand_in_the_order_of_their_names_in_the_pages_language(
    pages: dict[str, str],
) -> None:
    english = headings_of(card_of(pages["en"], "income_index"), 4)
    spanish = headings_of(card_of(pages["es"], "income_index"), 4)

    assert english == ["Colombia", "Mexico", "Philippines"]
    assert spanish == ["Colombia", "Filipinas", "México"]


@pytest.mark.parametrize(
    ("language", "floods", "typhoons"),
    [("en", "Floods", "Typhoons"), ("es", "Inundaciones", "Tifones")],
)
def test_an_event_stands_in_its_months_where_it_happened(
    pages: dict[str, str], language: str, floods: str, typhoons: str
) -> None:
    charts = charts_of(pages[language])
    flooded = [{"name": floods, "start": 6.5, "end": 7.5}]
    stormy = [{"name": typhoons, "start": 3.5, "end": 5.5}]
    events = {
        "income_index": {
            **dict.fromkeys(["Mexico", "México"], flooded),
            **dict.fromkeys(["Philippines", "Filipinas"], stormy),
        },
        "income_index_sites": dict.fromkeys(["Ámbar", "Loma Clara"], flooded),
    }

    for card, expected in events.items():
        places = headings_of(card_of(pages[language], card), 4)
        drawn = {
            place: charts[name]["datasets"]["events"]
            for number, place in enumerate(places, start=1)
            if (name := f"chart-{card}-{number}")
            in charts  # a suppressed site has none
        }
        assert len(drawn) >= 3
        assert drawn == {place: expected.get(place, []) for place in drawn}


@pytest.mark.parametrize(
    ("language", "stamp"), [("en", "Synthetic data"), ("es", "Datos sintéticos")]
)
def test_every_chart_and_every_card_of_figures_says_that_it_is_synthetic(
    pages: dict[str, str], language: str, stamp: str
) -> None:
    page = pages[language]
    charts = charts_of(page)
    cards = [
        card["id"]
        for section in yaml.safe_load((SPECS / f"{D1}.yml").read_text())["sections"]
        for card in section["cards"]
        if card["kind"] != "note"
    ]

    assert len(charts) >= 18
    assert {chart["title"]["text"] for chart in charts.values()} == {stamp}
    drawn = {chart.removeprefix("chart-").rpartition("-")[0] for chart in charts}
    others = [card for card in cards if card not in drawn]
    assert len(others) >= 8
    assert [card for card in others if stamp not in card_of(page, card)] == []


def test_real_data_carry_no_stamp(small_warehouse: str, tmp_path: Path) -> None:
    build_site(
        tmp_path,
        url=small_warehouse,
        languages=["en"],
        is_synthetic=False,
        specs=d1_specs(),
    )
    page = (tmp_path / "d1-multi-site-overview.en.html").read_text()

    assert "ynthetic" not in " ".join(words_of(page))
    assert all("title" not in chart for chart in charts_of(page).values())


def test_the_stamp_stays_unless_it_is_taken_off_by_name(
    small_warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASHBOARDS_SYNTHETIC", "")
    build_site(tmp_path, url=small_warehouse, languages=["en"], specs=d1_specs())

    assert "Synthetic data" in (tmp_path / "d1-multi-site-overview.en.html").read_text()


def english_of(node: object, language: str) -> set[str]:
    """Return every English text of a spec that the other language does not repeat."""
    if isinstance(node, dict):
        if {"en", language} <= node.keys():
            return {node["en"]} - {node[language]}
        return set().union(*(english_of(value, language) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(english_of(value, language) for value in node))
    return set()


@pytest.mark.parametrize("language", ["es", "fil"])
def test_a_page_in_another_language_has_nothing_left_in_english(
    pages: dict[str, str], language: str
) -> None:
    folder = SPECS.parent
    files = [SPECS / f"{D1}.yml", folder / "words.yml", folder / "labels.yml"]
    english = set().union(
        *(english_of(yaml.safe_load(file.read_text()), language) for file in files)
    )
    # The link to the other language is in that language; short words mean nothing.
    english -= {"Read in English"}
    english = {text for text in english if len(text) > 3}

    said = set(words_of(pages[language]))
    drawn = {
        str(value)
        for chart in charts_of(pages[language]).values()
        for value in re.findall(r"'([^']*)'", str(chart))
    } - {FIGURES, EVENTS}  # names of data sets, which nobody reads

    assert len(english) > 80
    assert english & (said | drawn) == set()
    assert english & set(words_of(pages["en"])), "the same search finds English there"


def test_pages_say_language_and_title_and_link_to_each_other(
    pages: dict[str, str],
) -> None:
    assert '<html lang="es">' in pages["es"]
    assert "<title>D1 Panorama de los sitios · Datos sintéticos</title>" in pages["es"]
    assert 'href="d1-multi-site-overview.es.html"' in pages["en"]
    assert 'href="d1-multi-site-overview.en.html"' in pages["es"]


def test_every_chart_has_its_figures_as_a_table_too(pages: dict[str, str]) -> None:
    for chart in charts_of(pages["en"]):
        card = chart.removeprefix("chart-").rpartition("-")[0]
        assert row_headings_of(card_of(pages["en"], card)), card


def test_a_page_names_no_address_and_forbids_fetching(pages: dict[str, str]) -> None:
    page = pages["en"]
    markup = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)

    # Inside the libraries addresses are names of XML namespaces and words of messages;
    # the policy keeps even those from being fetched.
    assert re.findall(r"https?://|\ssrc=|@import|url\(", markup) == []
    assert "default-src 'none'" in markup
    assert charts_of(page)
    assert "http" not in str(charts_of(page))


def test_the_release_and_the_live_figure_stand_side_by_side(
    pages: dict[str, str],
) -> None:
    words = " ".join(words_of(card_of(pages["en"], "income_since_launch")))

    assert "Release 2021-07" in words
    assert "+1.0\N{NO-BREAK SPACE}%" in words or "+1.0 %" in words
    assert re.search("95 % interval \N{MINUS SIGN}10\\.0 to \\+13\\.0.%", words)
    assert "n = 90" in words
    assert re.search(r"Live: \+2\.4.%, n = 92", words)


def test_the_definition_card_shows_the_sign_turning(pages: dict[str, str]) -> None:
    card = card_of(pages["en"], "definition_card")
    rows = row_headings_of(card)

    assert rows.index("Headline definition") < rows.index("Median of family changes")
    assert "+1.0\N{NO-BREAK SPACE}% (" in card
    assert "\N{MINUS SIGN}5.7\N{NO-BREAK SPACE}% (" in card
    assert "M03 v1" in pages["en"]


def test_counts_behind_a_figure_are_printed(pages: dict[str, str]) -> None:
    assert "44 to 48, n = 90" in words_of(card_of(pages["en"], "circle_families"))
    assert "24 of 96, n = 90" in words_of(card_of(pages["en"], "child_investments"))


def test_a_small_panel_is_marked(pages: dict[str, str]) -> None:
    words = " ".join(words_of(card_of(pages["en"], "income_index_sites")))

    assert "n = 18 to 22; fewer than 30 families: read with care" in words


def test_a_warehouse_without_rows_says_so_on_every_card(
    empty_warehouse: str, tmp_path: Path
) -> None:
    fill(empty_warehouse)
    engine = create_engine(
        empty_warehouse.replace("postgresql://", "postgresql+psycopg://")
    )
    with engine.begin() as connection:
        for table in ("metric_values", "site_months", "country_months"):
            connection.exec_driver_sql(f"truncate share.{table}")
    engine.dispose()

    build_site(tmp_path, url=empty_warehouse, languages=["en"], specs=d1_specs())

    page = (tmp_path / "d1-multi-site-overview.en.html").read_text()
    assert "No figures yet" in card_of(page, "income_index")
    assert charts_of(page) == {}


def test_building_twice_gives_the_same_bytes(
    site: SiteReport, small_warehouse: str, tmp_path: Path
) -> None:
    again = build_site(
        tmp_path, url=small_warehouse, is_synthetic=True, specs=d1_specs()
    )

    for first, second in zip(site.pages, again.pages, strict=True):
        assert first.read_bytes() == second.read_bytes()


def test_pages_of_before_go_and_files_of_others_stay(
    small_warehouse: str, tmp_path: Path
) -> None:
    shutil.copyfile(SPECS.parent / "words.yml", tmp_path / "notes.txt")
    (tmp_path / "d9-journals.en.html").write_text("of an older version")
    (tmp_path / "about.html").write_text("somebody's own page")

    build_site(tmp_path, url=small_warehouse, languages=["es"], specs=d1_specs())

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "about.html",
        "d1-multi-site-overview.es.html",
        "index.html",
        "notes.txt",
    ]
