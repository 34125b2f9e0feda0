"""Every card of every dashboard on the pilot: filled, with the figures of the marts."""

import re
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from dashboards import SiteReport
from dashboards.contents import read_dashboard
from dashboards.formats import THIN_SPACE
from dashboards.queries import snapshot
from dashboards.site import check_site
from dashboards.spec import NoteCard
from dashboards.spec_file import load_specs
from dashboards.static.page import page_name
from pages import LANGUAGES
from tests.dashboards.reading import card_of, charts_of, whole_text
from tests.warehouse.conftest import Warehouse

HEAVIEST_PAGE = 3_000_000  # bytes
NO_FIGURES = {
    "en": "No figures yet",
    "es": "Todavía no hay cifras",
    "fil": "Wala pang bilang",
}
STAMP = {
    "en": "Synthetic data",
    "es": "Datos sintéticos",
    "fil": "Gawa-gawang datos",
}
CELL = re.compile(r"<t[hd](?: scope=\"row\")?>(.*?)</t[hd]>", re.DOTALL)
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
MONTHS = re.compile(r"[A-Z][a-z]{2} \d{4} to ")  # the window, where places differ
FIGURES = """
    select
        coalesce(sites.site_name, countries.country_name),
        release_code,
        value,
        figures.family_count
    from marts.fct_metric_values as figures
    left join marts.dim_sites as sites on scope_code = sites.site_code
    left join marts.dim_countries as countries on scope_code = countries.country_code
    where
        metric_code = %(metric)s and statistic_code = %(statistic)s
        and panel_code = %(panel)s and price_code = %(price)s
        and category_code = %(category)s and scope_type_code = %(scope)s
        and outlier_code = 'kept' and denominator_code = 'household'
        and start_month < end_month
"""

STATUSES = """
    select
        countries.country_name,
        months.journal_month,
        count(*) filter (where months.journal_status_code = 'on_time'),
        count(*) filter (where months.journal_status_code = 'late'),
        count(*) filter (where months.journal_status_code in ('missing', 'rejected'))
    from marts.fct_family_months as months
    inner join marts.dim_countries as countries
        on months.country_code = countries.country_code
    group by 1, 2
"""
RECEIVED = """
    select country_code, journal_month, reported_family_count, expected_family_count
    from share.country_months
    where reported_family_count > 0
"""


class Sample(NamedTuple):
    """A card, and the figures of the marts that it shows, by a second way."""

    dashboard: str
    card: str
    metric: str
    statistic: str
    panel: str = "all_reporters"
    price: str = "nominal"
    category: str = "total"
    scope: str = "country"
    factor: float = 100


SAMPLES = [
    Sample("D1", "income_since_launch", "M03", "growth_of_means", "balanced"),
    Sample(
        "D2",
        "real_change_sites",
        "M06",
        "growth_of_means",
        panel="balanced",
        price="real",
        scope="site",
    ),
    Sample("D3", "circle_money", "M22", "growth_of_means", "balanced"),
    Sample("D4", "shared_sites", "M36", "share", scope="site"),
    Sample("D5", "days_median", "M32", "median", factor=1),
    Sample("D6", "absent_year", "M29", "share", category="absent"),
    Sample("D7", "costly_coping", "M26", "share"),
    Sample("D8", "control_growth", "M60", "growth_of_means", "balanced"),
    Sample("D9", "paid_amount", "M51", "share", category="paid_amount", scope="site"),
    Sample("D10", "group_decisions", "M56", "share", category="group"),
]


def page_of(site: SiteReport, code: str) -> str:
    spec = next(spec for spec in load_specs() if spec.dashboard.code == code)
    return (site.out / page_name(spec, "en")).read_text(encoding="utf-8")


def rows_of(card: str) -> list[list[str]]:
    return [
        cells
        for row in ROW.findall(card)
        if (cells := [cell.strip() for cell in CELL.findall(row)])
    ]


def number_in(words: str) -> float:
    digits = words.replace("\N{MINUS SIGN}", "-").replace(THIN_SPACE, "")
    found = re.match(r"[+-]?[0-9.]+", digits)
    assert found, words
    return float(found.group())


def test_every_query_runs_reads_what_it_may_and_fits_its_card(
    built_pilot: Warehouse,
) -> None:
    report = check_site(built_pilot.url)

    assert report.dashboard_count == 12
    assert report.card_count == len(report.timed) > 150


def test_every_card_shows_something_in_every_language(pilot_site: SiteReport) -> None:
    empty = [
        f"{spec.name}.{language}: {card.id}"
        for spec in load_specs()
        for language in LANGUAGES
        for card in spec.dashboard.cards
        if not isinstance(card, NoteCard)
        and NO_FIGURES[language]
        in card_of(
            (pilot_site.out / page_name(spec, language)).read_text(encoding="utf-8"),
            card.id,
        )
    ]

    assert empty == []


def test_no_card_is_hidden_by_its_definition(built_pilot: Warehouse) -> None:
    """What `share` shows in another way, everywhere and always, is no use as a card."""
    with snapshot(built_pilot.url) as connection:
        hidden = [
            f"{spec.name}: {name}"
            for spec in load_specs()
            for name, content in read_dashboard(connection, spec).cards.items()
            if {row.get("suppression_reason_code") for row in content.rows}
            - {"fewer_than_k_families"}
            == {"shown_in_another_way"}
        ]

    assert hidden == []


def test_every_page_is_light_links_to_every_other_and_is_stamped(
    pilot_site: SiteReport,
) -> None:
    specs = load_specs()
    for spec in specs:
        for language in LANGUAGES:
            path = pilot_site.out / page_name(spec, language)
            page = path.read_text(encoding="utf-8")
            assert path.stat().st_size < HEAVIEST_PAGE, path.name
            unlinked = [
                other.name
                for other in specs
                if f'href="{page_name(other, language)}"' not in page
            ]
            assert unlinked == [], path.name
            assert {chart["title"]["text"] for chart in charts_of(page).values()} <= {
                STAMP[language]
            }
            assert "wala pang nagsasalin" not in page, path.name


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.dashboard)
def test_the_figures_on_a_page_are_those_of_the_marts(
    sample: Sample, pilot_site: SiteReport, built_pilot: Warehouse
) -> None:
    with psycopg.connect(built_pilot.url) as connection:
        found = connection.execute(FIGURES, sample._asdict()).fetchall()
    expected = {
        (place, "Live" if release == "live" else f"Release {release}"): value
        for place, release, value, count in found
        if count >= 10
    }
    shown = {
        (row[0], row[1]): next(cell for cell in row[2:] if not MONTHS.match(cell))
        for row in rows_of(card_of(page_of(pilot_site, sample.dashboard), sample.card))
        if "Not shown" not in row
    }

    assert len(shown) >= 4
    assert shown.keys() <= expected.keys()
    for spot, words in shown.items():
        assert number_in(words) == pytest.approx(
            float(expected[spot]) * sample.factor, abs=0.051
        ), spot


def test_the_parts_of_a_month_are_the_journals_of_its_families(
    pilot_site: SiteReport, built_pilot: Warehouse
) -> None:
    counted = {
        (country, f"{month:%b %Y}"): tuple(counts)
        for country, month, *counts in built_pilot.rows(STATUSES)
    }
    shown = {
        (row[0], row[1]): tuple(map(int, row[3:6]))
        for row in rows_of(card_of(page_of(pilot_site, "D9"), "journals_by_status"))
        if "Not shown" not in row
    }

    assert len(shown) > 70
    assert shown == {spot: counted[spot] for spot in shown}


def test_progress_shows_what_the_table_shows(pilot_site: SiteReport) -> None:
    progress = {
        row[0]: (row[3], row[2])
        for row in rows_of(card_of(page_of(pilot_site, "D9"), "received_now"))
    }
    table = {
        row[0]: (row[3], row[4])
        for row in rows_of(card_of(page_of(pilot_site, "D9"), "missing_now"))
    }
    assert len(progress) >= 9
    assert progress == table


def test_a_map_shows_what_is_shared_of_the_month_that_it_names(
    pilot_site: SiteReport, built_pilot: Warehouse
) -> None:
    page = page_of(pilot_site, "D1")
    received = {
        (code, f"{month:%b %Y}"): (count, expected)
        for code, month, count, expected in built_pilot.rows(RECEIVED)
    }
    last_months = {tuple(row[1:3]) for row in rows_of(card_of(page, "sites_now"))}
    figures = charts_of(page)["chart-countries_now-1"]["datasets"]["figures"]
    countries = [one for one in figures if not one["is_hidden"]]
    assert {one["code"] for one in countries} == {"COL", "LBR", "MEX", "PHL", "USA"}
    for one in countries:
        count, expected = received[one["code"], one["journal_month"]]
        assert one["n"] == str(count), one
        share = 100 * count / expected
        assert number_in(one["words"]) == pytest.approx(share, abs=0.051), one
        assert one["value"] == pytest.approx(share, abs=0.051), one
        assert (one["item"], one["journal_month"]) in last_months
    table = rows_of(card_of(page, "countries_now"))
    written = {(row[0], row[1], row[3], row[4]) for row in table}
    assert written >= {
        (one["item"], one["journal_month"], one["words"], one["n"]) for one in countries
    }


def test_no_page_names_a_family_a_group_or_a_login(
    pilot_site: SiteReport, built_pilot: Warehouse
) -> None:
    with psycopg.connect(built_pilot.url) as connection:
        keys = connection.execute(
            "select family_key from marts.dim_families "
            "union all select peer_group_code from marts.dim_peer_groups"
        ).fetchall()
    names = re.compile("|".join(re.escape(key) for (key,) in keys if key))

    assert keys
    for path in pilot_site.out.glob("*.html"):
        assert not names.search(_without_libraries(path)), path.name


def _without_libraries(path: Path) -> str:
    page = whole_text(path.read_text(encoding="utf-8"))
    return re.sub(r"<script>\(function \(\) \{.*?</script>", "", page, flags=re.DOTALL)
