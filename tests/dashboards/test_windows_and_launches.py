"""Several launches in one place, several windows, and what a card says about both."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from dashboards.__main__ import app
from dashboards.errors import QueryError
from dashboards.site import build_site, check_site
from dashboards.spec import NoteCard
from dashboards.spec_file import SHARED, load_specs
from pages import Language
from tests.dashboards.d1_alone import D1, copy_d1, d1_specs
from tests.dashboards.reading import card_of, charts_of, column_of, words_of
from tests.dashboards.small_warehouse import fill

SECOND_LAUNCH = "2021-01-01"  # six months after the first


@pytest.fixture
def changing(empty_warehouse: str) -> Iterator[Connection]:
    """Connect to a small warehouse of the test's own, to change its rows."""
    fill(empty_warehouse)
    engine = create_engine(
        make_url(empty_warehouse).set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def overlap_launches(connection: Connection) -> None:
    """Launch a second cohort in Mexico: from then on a month has two ages, so none."""
    for scope, code in (("site", "MX-01"), ("country", "MEX")):
        connection.exec_driver_sql(
            f"update share.{scope}_months set months_since_launch_count = null "  # noqa: S608 - words of this test
            f"where {scope}_code = '{code}' and journal_month >= '{SECOND_LAUNCH}'"
        )


def add_second_window(connection: Connection, where: str) -> None:
    """Give the figures a second window, whose rows stand first in the table."""
    connection.exec_driver_sql(
        "create temporary table later as select * from share.metric_values "  # noqa: S608 - words of this test
        f"where {where}"
    )
    connection.exec_driver_sql(
        f"update later set start_month = '{SECOND_LAUNCH}', value = 0.777"  # noqa: S608 - a constant
    )
    connection.exec_driver_sql(
        "create temporary table earlier as table share.metric_values"
    )
    connection.exec_driver_sql("truncate share.metric_values")
    connection.exec_driver_sql("insert into share.metric_values table later")
    connection.exec_driver_sql("insert into share.metric_values table earlier")


def page_of(url: str, out: Path) -> str:
    """Build the English page of a warehouse."""
    build_site(out, url=url, languages=["en"], specs=d1_specs())
    return (out / "d1-multi-site-overview.en.html").read_text(encoding="utf-8")


def test_months_in_which_launches_overlap_are_left_out_and_said_to_be(
    changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    overlap_launches(changing)

    done = CliRunner().invoke(
        app,
        [
            "build",
            "--url",
            empty_warehouse,
            "--out",
            str(tmp_path),
            "--specs",
            str(d1_specs()),
        ],
    )

    assert done.exit_code == 0, done.output
    page = (tmp_path / "d1-multi-site-overview.en.html").read_text(encoding="utf-8")
    for card, place in (("site_strip", "Loma Clara"), ("income_index", "Mexico")):
        said = " ".join(words_of(card_of(page, card)))
        assert re.search(rf"More than one launch, .*: {place}\.", said), card
    mexico = charts_of(page)["chart-income_index-2"]["datasets"]["figures"]
    assert sorted({figure["x"] for figure in mexico}) == [0, 1, 2, 3, 4, 5]
    assert "More than one launch" not in card_of(page, "definition_card")


@pytest.mark.parametrize("where", ["scope_code = 'MEX'", "true"])
def test_the_first_launch_gives_the_headline_whatever_the_order_of_rows(
    where: str, changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    add_second_window(changing, where)

    page = page_of(empty_warehouse, tmp_path)

    words = words_of(card_of(page, "income_since_launch"))
    assert words.count("+1.0 %") == 6  # three tiles, three table rows
    assert "+77.7 %" not in " ".join(words_of(page))
    assert "More than one launch" in " ".join(words)
    for card in ("income_since_launch", "income_pooled", "definition_card"):
        words = words_of(card_of(page, card))
        assert "Release 2021-07 beside live figures, Jul 2020 to Jul 2021" in words


def test_places_with_other_windows_say_their_own(
    changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    changing.exec_driver_sql(
        f"update share.metric_values set start_month = '{SECOND_LAUNCH}' "  # noqa: S608 - a constant
        "where scope_code = 'COL'"
    )

    words = words_of(card_of(page_of(empty_warehouse, tmp_path), "income_since_launch"))

    assert (
        "Release 2021-07 beside live figures, each place over its own months" in words
    )
    assert words[words.index("Colombia") + 2] == "Jan 2021 to Jul 2021"
    assert words[words.index("Mexico") + 2] == "Jul 2020 to Jul 2021"


def test_live_figures_are_over_the_window_of_the_release(
    changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    changing.exec_driver_sql(
        "update share.metric_values set end_month = '2022-03-01' "
        "where release_code = 'live'"
    )

    page = page_of(empty_warehouse, tmp_path)

    for card in ("income_since_launch", "income_pooled", "definition_card"):
        words = words_of(card_of(page, card))
        assert "Release 2021-07, Jul 2020 to Jul 2021" in words, card
        assert not any(word.startswith("Live") for word in words), card


def test_a_place_that_launched_after_the_release_has_its_live_figure(
    changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    changing.exec_driver_sql(
        "delete from share.metric_values "
        "where scope_code = 'COL' and release_code <> 'live'"
    )

    page = page_of(empty_warehouse, tmp_path)

    words = words_of(card_of(page, "income_since_launch"))
    assert words[words.index("Colombia") + 2] == "Live figures"
    drawn = charts_of(page)["chart-savings_growth-1"]["datasets"]["figures"]
    assert [value["item"] for value in drawn if value["is_named"]].count("Colombia")


@pytest.mark.parametrize("language", ["en", "es"])
def test_live_figures_never_pass_for_released_beside_a_release(
    language: Language, changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    changing.exec_driver_sql(
        "delete from share.metric_values "
        "where scope_code = 'COL' and release_code <> 'live'"
    )

    live = {"en": "Live", "es": "Al día"}[language]
    release = {"en": "Release 2021-07", "es": "Publicación 2021-07"}[language]
    build_site(tmp_path, url=empty_warehouse, languages=[language], specs=d1_specs())
    page = (tmp_path / f"d1-multi-site-overview.{language}.html").read_text("utf-8")

    for place, expected in ((1, {live}), (2, {live, release})):
        chart = charts_of(page)[f"chart-income_definitions-{place}"]
        figures = chart["datasets"]["figures"]
        assert {figure["release"] for figure in figures} == expected
        for figure in figures:
            is_live = figure["release"] == live
            assert figure["is_live"] == is_live
            assert figure["words"].startswith(f"{live}: ") == is_live
    cells = column_of(card_of(page, "definition_card"), "Colombia")
    assert len(cells) > 10
    assert [cell for cell in cells if not cell.startswith(f"{live}: ")] == []


def test_an_older_release_never_passes_for_the_newest(
    changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    changing.exec_driver_sql(
        "update share.metric_values set release_code = '2021-01' "
        "where scope_code = 'COL' and release_code <> 'live'"
    )

    page = page_of(empty_warehouse, tmp_path)

    chart = charts_of(page)["chart-income_definitions-1"]
    assert {value["release"] for value in chart["datasets"]["figures"]} == {"Live"}
    tile = words_of(card_of(page, "income_since_launch"))
    assert tile[tile.index("Colombia") + 2] == "Live figures"


def test_before_the_first_release_live_figures_stand_in_its_place(
    changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    changing.exec_driver_sql(
        "delete from share.metric_values where release_code <> 'live'"
    )

    page = page_of(empty_warehouse, tmp_path)

    card = card_of(page, "income_definitions")
    assert re.findall(r'class="mark (\w+)"></span>(.*?)<', card) == [("circle", "Live")]
    chart = charts_of(page)["chart-income_definitions-1"]
    assert {value["is_live"] for value in chart["datasets"]["figures"]} == {False}


@pytest.mark.parametrize(
    ("query", "card", "spot"),
    [
        ("place_figures", "income_since_launch", "Colombia in 2021-07"),
        ("income_definitions", "income_definitions", r"Colombia, .* in 2021-07"),
        ("definition_card", "definition_card", r"Colombia, M02, .* in 2021-07"),
        ("retention", "retention", "Colombia, 0 in live"),
        ("site_strip", "site_strip", "Dalampasigan, 0 in live"),
        ("sites_now", "sites_now", "Dalampasigan in live"),
    ],
)
def test_two_rows_for_one_place_and_release_are_an_error_naming_both(
    query: str, card: str, spot: str, small_warehouse: str, tmp_path: Path
) -> None:
    specs = copy_d1(tmp_path / "specs")
    own, shared = (specs / folder / f"{query}.sql" for folder in (D1, SHARED))
    path = own if own.exists() else shared
    path.write_text(
        f"select once.* from ({path.read_text()}) as once "  # noqa: S608 - a file of ours
        "cross join generate_series(1, 2)"
    )

    with pytest.raises(
        QueryError, match=f"card {card}: .*more than one row for {spot}"
    ):
        check_site(small_warehouse, specs=specs)


def test_one_country_is_no_pool(
    changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    assert charts_of(page_of(empty_warehouse, tmp_path))["chart-income_pooled-1"]
    changing.exec_driver_sql(
        "delete from share.metric_values where scope_code in ('COL', 'PHL')"
    )

    page = page_of(empty_warehouse, tmp_path)

    assert "No figures yet" in words_of(card_of(page, "income_pooled"))


def test_a_silent_site_stands_in_the_last_month_without_its_old_figures(
    changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    changing.exec_driver_sql(
        "delete from share.site_months "
        "where site_code = 'MX-02' and journal_month > '2021-03-01'"
    )

    words = words_of(card_of(page_of(empty_warehouse, tmp_path), "sites_now"))

    silent = words.index("Ámbar")
    assert words[silent + 1 : silent + 7] == ["Mexico", "Aug 2021", *"\N{EN DASH}" * 4]
    assert {word for word in words if re.fullmatch(r"[A-Z][a-z]{2} 20\d\d", word)} == {
        "Aug 2021"
    }


def test_a_site_whose_programme_has_ended_stands_in_the_last_month_of_its_own(
    changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    changing.exec_driver_sql(
        "update marts.dim_cohorts set extension_end_month = null, "
        "analysis_end_month = '2021-05-01' where 'MX-02' = any(site_codes)"
    )

    words = words_of(card_of(page_of(empty_warehouse, tmp_path), "sites_now"))

    ended, going_on = words.index("Ámbar"), words.index("Dalampasigan")
    assert words[ended + 2 : ended + 4] == ["May 2021", "10"]
    assert words[going_on + 2] == "Aug 2021"


def test_a_site_without_a_cohort_or_a_journal_stands_there_all_the_same(
    changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    changing.exec_driver_sql("delete from marts.dim_cohorts")
    changing.exec_driver_sql("delete from share.site_months")
    changing.exec_driver_sql("delete from share.country_months")

    words = words_of(card_of(page_of(empty_warehouse, tmp_path), "sites_now"))

    assert {"Ámbar", "Dalampasigan", "Loma Clara", "Puente Nuevo"} <= set(words)
    assert not {word for word in words if re.fullmatch(r"[A-Z][a-z]{2} 20\d\d", word)}


def countries_in(page: str) -> dict[str, dict[str, Any]]:
    """Return what the map says of each country, by its code."""
    figures = charts_of(page)["chart-countries_now-1"]["datasets"]["figures"]
    return {figure["code"]: figure for figure in figures}


def test_a_silent_country_stands_in_the_last_month_without_its_old_share(
    changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    changing.exec_driver_sql(
        "update share.country_months set reported_family_count = 0 "
        "where country_code = 'COL' and journal_month > '2021-03-01'"
    )
    changing.exec_driver_sql(
        "delete from share.country_months "
        "where country_code = 'PHL' and journal_month > '2021-03-01'"
    )

    page = page_of(empty_warehouse, tmp_path)

    countries = countries_in(page)
    assert {one["journal_month"] for one in countries.values()} == {"Aug 2021"}
    silent = {code: (one["value"], one["is_hidden"]) for code, one in countries.items()}
    assert silent["COL"] == (0.0, False)
    assert silent["PHL"] == (None, True)
    assert countries["PHL"]["words"] == "\N{EN DASH}"
    assert column_of(card_of(page, "countries_now"), "Month") == ["Aug 2021"] * 3


def test_a_country_whose_programme_has_ended_stands_in_its_own_last_month(
    changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    changing.exec_driver_sql(
        "update marts.dim_cohorts set extension_end_month = null, "
        "analysis_end_month = '2021-05-01' where 'MX-02' = any(site_codes)"
    )

    countries = countries_in(page_of(empty_warehouse, tmp_path))

    months = {code: one["journal_month"] for code, one in countries.items()}
    assert months == {"COL": "Aug 2021", "MEX": "May 2021", "PHL": "Aug 2021"}


def test_a_site_of_a_country_with_a_yearly_price_index_only_says_so(
    changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    changing.exec_driver_sql(
        "update marts.dim_sites set price_frequency_code = "
        "case when site_code = 'MX-02' then 'annual' else 'monthly' end"
    )

    words = words_of(card_of(page_of(empty_warehouse, tmp_path), "sites_now"))

    yearly, monthly = words.index("Ámbar"), words.index("Dalampasigan")
    assert words[yearly:monthly].count("yes") == 2, "a small panel and a yearly index"


@pytest.mark.parametrize(
    ("language", "live", "release"),
    [
        ("en", "Live figures", "Release 2021-07 beside live figures"),
        ("es", "Cifras al día", "Publicación 2021-07 al lado de cifras al día"),
    ],
)
def test_every_card_says_whether_its_figures_are_released_or_live(
    pages: dict[str, str], language: str, live: str, release: str
) -> None:
    cards = [
        card
        for spec in load_specs(d1_specs())
        for card in spec.dashboard.cards
        if not isinstance(card, NoteCard)
    ]
    said = {
        card.id: re.findall(
            r'<p class="basis">(.*?)</p>', card_of(pages[language], card.id)
        )
        for card in cards
    }

    assert {len(words) for words in said.values()} == {1}
    lives = {card for card, words in said.items() if words[0] == live}
    assert lives == {
        "countries_now",
        "site_strip",
        "sites_now",
        "income_index",
        "income_index_sites",
        "savers_and_circles",
        "retention",
    }
    others = [words[0] for card, words in said.items() if card not in lives]
    assert [words for words in others if not words.startswith(release)] == []


def test_the_header_claims_no_release_for_live_cards(pages: dict[str, str]) -> None:
    header = pages["en"].partition("<main")[0].partition("<body>")[2]

    assert "Newest release 2021-07" in words_of(header)
    assert "Release 2021-07" not in words_of(header)
    assert "Newest journal form 2021010401" in words_of(header)


def test_the_header_names_the_last_month_that_has_a_journal(
    changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    changing.exec_driver_sql(
        "update share.country_months set reported_family_count = 0 "
        "where journal_month > '2021-06-01'"
    )

    page = page_of(empty_warehouse, tmp_path)

    header = page.partition("<main")[0].partition("<body>")[2]
    assert "Journals up to Jun 2021" in words_of(header)


def test_a_change_of_a_share_stands_in_points_beside_the_percent(
    pages: dict[str, str],
) -> None:
    words = " ".join(words_of(card_of(pages["en"], "circle_families")))

    assert re.search(r"\+9\.1.% .*\+4\.5 points \(.0\.5 to \+10\.6 points\)", words)


def test_a_change_in_points_that_is_hidden_leaves_the_percent_alone(
    changing: Connection, empty_warehouse: str, tmp_path: Path
) -> None:
    changing.exec_driver_sql(
        "update share.metric_values set is_suppressed = true "
        "where metric_code = 'M21' and statistic_code = 'difference'"
    )

    card = card_of(page_of(empty_warehouse, tmp_path), "circle_families")

    words = " ".join(words_of(card))
    assert "+9.1" in words
    assert "+4.5 points" not in words
