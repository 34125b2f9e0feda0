"""Every page of the pilot as a browser shows it, on a desk and on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from dashboards import SiteReport
from dashboards.spec_file import Spec, load_specs
from dashboards.static.page import page_name
from pages import Language
from tests.dashboards.browsing import DESK, PHONE, Shown, installed_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the browser once for all pages."""
    with installed_browser() as browser:
        yield browser


@pytest.mark.parametrize(
    ("width", "language"),
    [
        (PHONE, "es"),
        pytest.param(PHONE, "fil", marks=pytest.mark.long),
        pytest.param(DESK, "en", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("spec", load_specs()[1:], ids=lambda spec: spec.dashboard.code)
def test_a_page_is_drawn_whole_and_nothing_lies_over_anything(
    browser: Browser,
    pilot_site: SiteReport,
    spec: Spec,
    width: int,
    language: Language,
) -> None:
    shown = Shown(browser, width)
    shown.open((pilot_site.out / page_name(spec, language)).as_uri())

    try:
        assert shown.complaints == []
        assert [url for url in shown.requests if not url.startswith("file:")] == []
        assert len(shown.boxes(".chart svg")) == len(shown.boxes(".chart"))
        assert shown.blank_charts() == []
        assert shown.too_wide() == []
        assert shown.crossing_words() == []
        for selector in (".card", ".panel", ".tile"):
            assert shown.covering(selector) == [], selector
    finally:
        shown.page.close()
