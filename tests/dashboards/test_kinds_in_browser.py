"""Calendar months, progress and maps in a browser: drawn whole, and narrowed down."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from dashboards.site import build_site
from tests.dashboards.browsing import DESK, PHONE, Shown, installed_browser
from tests.dashboards.kinds_board import PAGE, board_specs


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser once for all tests of this file."""
    with installed_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def board(small_warehouse: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the board in every language; the value is its folder."""
    out = tmp_path_factory.mktemp("board")
    build_site(out, url=small_warehouse, is_synthetic=True, specs=board_specs())
    return out


@pytest.fixture
def shown(browser: Browser, board: Path) -> Iterator[Shown]:
    """Open the English page on a desk."""
    shown = Shown(browser, DESK)
    shown.open((board / f"{PAGE}.en.html").as_uri())
    yield shown
    shown.page.close()


@pytest.mark.parametrize(
    ("width", "language"), [(DESK, "en"), (PHONE, "es"), (PHONE, "fil")]
)
def test_every_kind_is_drawn_whole_on_a_desk_and_on_a_phone(
    browser: Browser, board: Path, width: int, language: str
) -> None:
    shown = Shown(browser, width)
    shown.open((board / f"{PAGE}.{language}.html").as_uri())

    assert shown.complaints == []
    assert len(shown.boxes(".chart svg")) == 3 * 3 + 2
    assert shown.blank_charts() == []
    assert shown.too_wide() == []
    assert shown.crossing_words() == []
    for selector in (".card", ".panel", ".tile"):
        assert shown.covering(selector) == [], selector
    shown.page.close()


def bars_of(shown: Shown, chart: str) -> int:
    found: int = shown.page.locator(f"#chart-{chart} g.mark-rect path").count()
    return found


def test_months_since_launch_narrow_the_calendar_down(shown: Shown) -> None:
    assert bars_of(shown, "both-3") == 14

    shown.choose({"from": "2", "to": "5"})

    assert bars_of(shown, "both-3") == 4
    shown.page.locator("#both details.data summary").click()
    cells = "#both tbody tr:has(th:text-is('Loma Clara')) td:first-of-type"
    rows = shown.page.locator(f"{cells} >> visible=true")
    months = ["Sep 2020", "Oct 2020", "Nov 2020", "Dec 2020"]
    assert rows.all_text_contents() == months

    shown.reset()

    assert bars_of(shown, "both-3") == 14


def test_a_month_without_an_age_is_there_until_months_are_chosen(
    shown: Shown,
) -> None:
    shown.page.evaluate(
        """() => document.querySelectorAll("#parts tbody tr").forEach(row => {
            row.children[2].textContent = "-";
        })"""
    )
    shown.page.locator("#parts details.data summary").click()

    shown.choose({"place": "Loma Clara"})
    assert len(shown.visible_words("#parts tbody tr")) == 14
    shown.choose({"to": "3"})
    assert shown.visible_words("#parts tbody tr") == []


def test_a_place_narrows_down_panels_progress_and_the_map(shown: Shown) -> None:
    shown.choose({"place": "Loma Clara"})

    assert shown.visible_words("#parts h4") == ["Loma Clara"]
    assert shown.visible_words("#where h4") == ["Mexico"]
    names = shown.visible_words("#filled svg g.mark-text text")
    assert "Loma Clara" in names
    assert "Puente Nuevo" not in names
    codes = shown.visible_words("#where svg g.mark-text text")
    assert "MEX" in codes
    assert not {"COL", "PHL"} & set(codes)
    assert shown.complaints == []


def test_a_price_leaves_one_line_of_two(shown: Shown) -> None:
    lines = "#chart-index-3 g.mark-line path"
    assert shown.page.locator(lines).count() == 2

    shown.choose({"price": "real"})

    assert shown.page.locator(lines).count() == 1
    assert shown.visible_words("#index .keys li") == ["Real"]
