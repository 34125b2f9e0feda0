"""The pages as a browser shows them, at the width of a desk and of a phone."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from dashboards import SiteReport

DESK, PHONE = 1280, 390
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start an installed Chromium, or skip: nothing is downloaded for a test."""
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]
    path = next((path for path in found if path), None)
    if path is None:
        pytest.skip(
            f"no browser: none of {', '.join(NAMES)} is installed; install Chromium or "
            "name one in the variable CHROMIUM"
        )
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*ARGUMENTS, *root]
        )
        yield browser
        browser.close()


class Shown:
    """A page that was opened, and what the browser had to say about it."""

    def __init__(self, browser: Browser, width: int) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page: Page = browser.new_page(viewport={"width": width, "height": 900})
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def open(self, address: str) -> None:
        """Open the page and wait until every chart was tried."""
        self.page.goto(address)
        self.page.wait_for_selector("body[data-drawn]", state="attached")

    def boxes(self, selector: str) -> list[dict[str, Any]]:
        """Return what stands where."""
        found: list[dict[str, Any]] = self.page.eval_on_selector_all(
            selector,
            """elements => elements.map(element => {
                const box = element.getBoundingClientRect();
                return {id: element.id, left: box.left, top: box.top,
                        right: box.right, bottom: box.bottom,
                        width: box.width, height: box.height};
            })""",
        )
        return found


@pytest.fixture(
    scope="module", params=[(DESK, "en"), (PHONE, "en"), (PHONE, "es"), (DESK, "es")]
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

    assert len(charts) == len(shown.boxes(".chart")) >= 20
    assert [box for box in charts if box["width"] < 200 or box["height"] < 60] == []


def test_no_chart_is_blank(shown: Shown) -> None:
    """Axes and lines of reference stand there without data; figures do not."""
    blank = shown.page.eval_on_selector_all(
        ".chart",
        """charts => charts.filter(chart => {
            const marks = chart.querySelectorAll(
                "g.mark-line path, g.mark-symbol path, g.mark-rect path");
            return ![...marks].some(mark => {
                const box = mark.getBoundingClientRect();
                return box.width > 1 && box.height > 1;
            });
        }).map(chart => chart.id)""",
    )

    assert blank == []


def test_nothing_is_wider_than_the_screen(shown: Shown) -> None:
    widths = shown.page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    viewport = shown.page.viewport_size
    assert viewport
    outside = [
        box["id"]
        for box in shown.boxes(".card, .panel, .chart, .chart svg, table")
        if box["right"] > viewport["width"] + 0.5 or box["left"] < 0
    ]

    assert widths[0] <= widths[1]
    assert outside == []


def test_no_card_and_no_panel_covers_another(shown: Shown) -> None:
    for selector in (".card", ".panel", ".tile"):
        boxes = shown.boxes(selector)
        covering = [
            (one["id"], other["id"])
            for index, one in enumerate(boxes)
            for other in boxes[index + 1 :]
            if one["left"] < other["right"] - 1
            and other["left"] < one["right"] - 1
            and one["top"] < other["bottom"] - 1
            and other["top"] < one["bottom"] - 1
        ]
        assert covering == [], selector


def test_no_words_of_a_chart_run_into_each_other(shown: Shown) -> None:
    """Names and figures above an interval share one line."""
    crossing = shown.page.eval_on_selector_all(
        ".kind-interval .chart svg",
        """charts => charts.flatMap(chart => {
            const texts = [...chart.querySelectorAll("g.mark-text text")]
                .filter(text => text.textContent && text.getAttribute("fill") !== null
                    && !text.getAttribute("stroke"))
                .map(text => [text.textContent, text.getBoundingClientRect()]);
            const bad = [];
            texts.forEach(([one, a], i) => texts.slice(i + 1).forEach(([two, b]) => {
                if (a.left < b.right && b.left < a.right &&
                    a.top < b.bottom - 2 && b.top < a.bottom - 2) bad.push([one, two]);
            }));
            return bad;
        })""",
    )

    assert crossing == []
