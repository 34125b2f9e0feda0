"""The pages as a browser shows them, at the width of a desk and of a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from dashboards import SiteReport
from dashboards.spec import IntervalCard, MapCard, StripCard, TrendCard
from dashboards.spec_file import load_specs
from tests.dashboards.browsing import DESK, PHONE, Shown, installed_browser
from tests.dashboards.d1_alone import d1_specs


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser once for all tests of this file."""
    with installed_browser() as browser:
        yield browser


@pytest.fixture(
    scope="module", params=[(DESK, "en"), (PHONE, "es"), (PHONE, "fil"), (DESK, "fil")]
)
def shown(
    request: pytest.FixtureRequest, browser: Browser, site: SiteReport
) -> Iterator[Shown]:
    """Open D1 at one width in one language."""
    width, language = request.param
    shown = Shown(browser, width)
    page = site.out / f"d1-multi-site-overview.{language}.html"
    shown.open(page.as_uri())
    yield shown
    shown.page.close()


def test_nothing_is_complained_about_and_nothing_fetched(shown: Shown) -> None:
    assert shown.complaints == []
    assert [url for url in shown.requests if not url.startswith("file:")] == []


def test_every_chart_is_drawn_with_a_size(shown: Shown) -> None:
    charts = shown.boxes(".chart svg")

    assert len(charts) == len(shown.boxes(".chart"))
    assert [box for box in charts if box["width"] < 200 or box["height"] < 60] == []


def test_every_card_that_draws_has_a_chart(shown: Shown) -> None:
    (spec,) = load_specs(d1_specs())
    drawing = {
        card.id
        for section in spec.dashboard.sections
        for card in section.cards
        if isinstance(card, StripCard | TrendCard | IntervalCard | MapCard)
    }

    cards = {box["id"].split("-")[1] for box in shown.boxes(".chart")}
    assert cards == drawing


def test_no_chart_is_blank(shown: Shown) -> None:
    assert shown.blank_charts() == []


def test_nothing_is_wider_than_the_screen(shown: Shown) -> None:
    assert shown.too_wide() == []


def test_no_card_and_no_panel_covers_another(shown: Shown) -> None:
    for selector in (".card", ".panel", ".tile"):
        assert shown.covering(selector) == [], selector


def test_no_words_of_a_chart_run_into_each_other(shown: Shown) -> None:
    """Names and figures above an interval share one line."""
    assert shown.crossing_words() == []


def test_a_chosen_place_is_all_that_is_left_and_can_be_undone(
    browser: Browser, site: SiteReport
) -> None:
    shown = Shown(browser, DESK)
    shown.open((site.out / "d1-multi-site-overview.en.html").as_uri())
    everything = shown.visible_words("#income_index h4, #site_strip svg text")

    shown.choose({"place": "Ámbar", "from": "2", "to": "10", "price": "real"})

    assert shown.visible_words("#income_index h4") == ["Mexico"]
    assert shown.visible_words("#income_index_sites h4") == ["Ámbar"]
    strip = shown.visible_words("#site_strip svg text")
    assert "Ámbar" in strip
    assert "Loma Clara" not in strip
    assert {"2", "10"} <= set(strip)
    assert not {"1", "12"} & set(strip)
    assert shown.visible_words("#income_index .keys li") == ["After the rise of prices"]
    assert shown.visible_words("#income_since_launch h3") == []
    assert "Showing: Ámbar, 2, 10, After the rise of prices" in shown.page.inner_text(
        "form.filters [role=status]"
    )
    assert shown.blank_charts() == []

    shown.reset()

    assert shown.visible_words("#income_index h4, #site_strip svg text") == everything
    assert shown.complaints == []
    shown.page.close()


def test_cells_say_on_a_phone_what_they_are_of(
    browser: Browser, site: SiteReport
) -> None:
    shown = Shown(browser, PHONE)
    shown.open((site.out / "d1-multi-site-overview.es.html").as_uri())
    shown.page.locator("#income_index details.data summary").click()
    rows = shown.page.locator("#income_index").get_by_role("row")
    row = rows.filter(has_text="México").first

    said = row.evaluate(
        "row => Array.from(row.querySelectorAll('[role=cell]'), cell =>"
        " getComputedStyle(cell, '::before').content)"
    )
    shown.page.close()

    assert said[:2] == ['"Meses desde el inicio"', '"Nominal"']


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_browser_too_old_for_charts_says_so_and_shows_the_tables(
    browser: Browser, site: SiteReport, width: int
) -> None:
    shown = Shown(browser, width)
    shown.page.add_init_script("delete window.DecompressionStream")
    shown.open((site.out / "d1-multi-site-overview.en.html").as_uri())

    assert "browser of 2023" in shown.page.inner_text("#no-charts")
    assert shown.visible_words(".chart svg") == []
    assert shown.page.locator("#site_strip tbody th").first.is_visible()
    assert "Loma Clara" in shown.visible_words("#site_strip tbody th")
    shown.choose({"place": "Ámbar"})
    assert set(shown.visible_words("#site_strip tbody th")) == {"Ámbar"}
    assert shown.complaints == []
    assert shown.too_wide() == []
    shown.page.close()


def test_without_scripts_a_page_has_its_words_and_tables(
    browser: Browser, site: SiteReport
) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": PHONE, "height": 900}
    )
    page = context.new_page()
    page.goto((site.out / "d1-multi-site-overview.en.html").as_uri())

    assert page.locator("#no-charts").is_visible()
    page.locator("#income_index details.data summary").click()
    assert page.locator("#income_index tbody tr").first.is_visible()
    context.close()


def test_filters_are_reached_by_keyboard_and_have_names(
    browser: Browser, site: SiteReport
) -> None:
    shown = Shown(browser, DESK)
    shown.open((site.out / "d1-multi-site-overview.es.html").as_uri())
    reached = []
    for _ in range(40):
        shown.page.keyboard.press("Tab")
        reached.append(
            shown.page.evaluate(
                "(document.activeElement.labels || [])[0]"
                "?.firstChild.textContent.trim() || document.activeElement.type || ''"
            )
        )
    shown.page.close()

    assert [name for name in reached if name][:5] == [
        "Lugar",
        "Desde el mes",
        "Hasta el mes",
        "Precios",
        "reset",
    ]
