"""The pages as a browser shows and prints them; one per language."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pages import LANGUAGES
from reports.groups import Strategy
from reports.page import render_page
from tests.dashboards.browsing import DESK, PHONE, installed_browser
from tests.reports.made_up import GROUP, MONTH, TOLD, YEAR_BEFORE

# As much as a page ever has to hold, and a hidden total in the middle of it.
FULL = replace(
    GROUP,
    months={
        **GROUP.months,
        MONTH: replace(TOLD, received_total_local=None, meeting_count=2),
        YEAR_BEFORE: replace(TOLD, journal_month=YEAR_BEFORE),
    },
    strategies=tuple(
        Strategy({"en": f"Start or grow a small business, {number}"}, 4)
        for number in range(3)
    ),
)
CONTRASTS = """
() => {
    const light = colour => {
        const parts = colour.match(/[0-9.]+/g).slice(0, 3).map(part => {
            const share = part / 255;
            return share <= 0.04045
                ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const paper = light(getComputedStyle(document.body).backgroundColor);
    return [...document.querySelectorAll("h1, h2, p, span, small")]
        .filter(part => part.textContent.trim())
        .map(part => (paper + 0.05) / (light(getComputedStyle(part).color) + 0.05));
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser once for all tests of this file."""
    with installed_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the full page in every language; the value is the folder."""
    folder = tmp_path_factory.mktemp("group-pages")
    for language in LANGUAGES:
        text = render_page(FULL, MONTH, language, is_synthetic=True)
        (folder / f"{language}.html").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(params=LANGUAGES)
def page(
    request: pytest.FixtureRequest, browser: Browser, folder: Path
) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": DESK, "height": 900})
    page.goto((folder / f"{request.param}.html").as_uri())
    yield page
    page.close()


def wide(page: Page) -> list[str]:
    """Return what is wider than the screen."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("html, .block, .bars li, .track")]
            .filter(part => part.scrollWidth > part.clientWidth + 1
                || part.getBoundingClientRect().right > window.innerWidth + 0.5)
            .map(part => part.id || part.className || part.tagName)"""
    )
    return found


def test_it_fits_desk_and_phone_and_every_block_says_something(page: Page) -> None:
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        assert wide(page) == []
    blocks = page.locator(".block")
    assert blocks.count() == 7
    for text in blocks.all_inner_texts():
        assert len(text.splitlines()) >= 2, text


def test_every_bar_is_as_long_as_its_figure_and_none_is_blank(page: Page) -> None:
    widths = page.eval_on_selector_all(
        "#savings .bar", "bars => bars.map(bar => bar.getBoundingClientRect().width)"
    )
    colours = page.eval_on_selector_all(
        ".bar", "bars => bars.map(bar => getComputedStyle(bar).backgroundColor)"
    )

    assert widths[1] == pytest.approx(widths[0] / 2, rel=0.02)
    assert min(widths) > 50
    assert set(colours) == {"rgb(31, 95, 153)"}


def test_words_stand_out_from_the_paper_as_wcag_asks(page: Page) -> None:
    contrasts = page.evaluate(CONTRASTS)

    assert len(contrasts) > 30
    assert min(contrasts) >= 4.5


def test_it_prints_on_one_page_of_a4(page: Page) -> None:
    printed = page.pdf(prefer_css_page_size=True)

    assert printed.count(b"/Type /Page") - printed.count(b"/Type /Pages") == 1
