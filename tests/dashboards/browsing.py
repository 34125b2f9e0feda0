"""A browser, a page in it, and what can go wrong with how a page looks."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

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


@contextmanager
def installed_browser() -> Iterator[Browser]:
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

    def choose(self, values: dict[str, str]) -> None:
        """Set filters of the page and wait until it is drawn anew."""
        self.page.evaluate("delete document.body.dataset.drawn")
        for name, value in values.items():
            field = self.page.locator(f"form.filters [name={name}]")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
                field.blur()
        self._settle()

    def reset(self) -> None:
        """Undo every filter of the page and wait until it is drawn anew."""
        self.page.evaluate("delete document.body.dataset.drawn")
        self.page.click("form.filters button[type=reset]")
        self._settle()

    def _settle(self) -> None:
        self.page.wait_for_selector("body[data-drawn=yes]", state="attached")

    def visible_words(self, selector: str) -> list[str]:
        """Return the words of the parts that are seen, in order."""
        found: list[str] = self.page.eval_on_selector_all(
            selector,
            """parts => parts.filter(part => part.getClientRects().length)
                .map(part => part.textContent.trim())""",
        )
        return found

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

    def blank_charts(self) -> list[str]:
        """Return charts that are seen and have no figure: axes stand there alone."""
        found: list[str] = self.page.eval_on_selector_all(
            ".chart:not(.filtered)",
            """charts => charts.filter(chart => chart.offsetParent).filter(chart => {
                const marks = chart.querySelectorAll(
                    "g.mark-line path, g.mark-symbol path, g.mark-rect path,"
                    + " g.mark-shape path");
                return ![...marks].some(mark => {
                    const box = mark.getBoundingClientRect();
                    return box.width > 1 && box.height > 1;
                });
            }).map(chart => chart.id)""",
        )
        return found

    def too_wide(self) -> list[str]:
        """Return what is wider than the screen, the page itself by the name `page`."""
        widths = self.page.evaluate(
            "[document.documentElement.scrollWidth,"
            " document.documentElement.clientWidth]"
        )
        viewport = self.page.viewport_size
        assert viewport
        parts = ".card, .panel, .chart, .chart svg, table, form.filters"
        outside = [
            str(box["id"])
            for box in self.boxes(parts)
            if box["right"] > viewport["width"] + 0.5 or box["left"] < 0
        ]
        return outside + (["page"] if widths[0] > widths[1] else [])

    def covering(self, selector: str) -> list[tuple[str, str]]:
        """Return pairs of parts of which one covers the other."""
        boxes = [box for box in self.boxes(selector) if box["height"] > 0]
        return [
            (str(one["id"]), str(other["id"]))
            for index, one in enumerate(boxes)
            for other in boxes[index + 1 :]
            if one["left"] < other["right"] - 1
            and other["left"] < one["right"] - 1
            and one["top"] < other["bottom"] - 1
            and other["top"] < one["bottom"] - 1
        ]

    def crossing_words(self) -> list[list[str]]:
        """Return words of charts of rows that run into each other."""
        found: list[list[str]] = self.page.eval_on_selector_all(
            ".kind-interval .chart svg, .kind-bar .chart svg, .kind-funnel .chart svg,"
            " .kind-progress .chart svg",
            """charts => charts.flatMap(chart => {
                const texts = [...chart.querySelectorAll("g.mark-text text")]
                    .filter(text => text.textContent
                        && text.getAttribute("fill") !== null
                        && !text.getAttribute("stroke"))
                    .map(text => [text.textContent, text.getBoundingClientRect()]);
                const bad = [];
                texts.forEach(([one, a], i) => texts.slice(i + 1).forEach(
                    ([two, b]) => {
                        if (a.left < b.right && b.left < a.right &&
                            a.top < b.bottom - 2 && b.top < a.bottom - 2) {
                            bad.push([one, two]);
                        }
                    }));
                return bad;
            })""",
        )
        return found
