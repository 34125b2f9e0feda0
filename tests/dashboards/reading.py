"""Read a finished page as its reader would: headings, charts, tables, words."""

import base64
import gzip
import html
import json
import re
from html.parser import HTMLParser
from typing import Any

CELL = re.compile(r"<t[hd](?: scope=\"(?:row|col)\")?>(.*?)</t[hd]>", re.DOTALL)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self.words += [value for name, value in attrs if name == "aria-label" and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.words.append(" ".join(data.split()))


def words_of(page: str) -> list[str]:
    """Return the page's words, without scripts and styles."""
    parser = _Words()
    parser.feed(page)
    return parser.words


def charts_of(page: str) -> dict[str, dict[str, Any]]:
    """Return every chart's specification by its id."""
    found = re.search(r'<script [^>]*id="charts">(.*?)</script>', page)
    if not found:
        return {}
    charts: dict[str, dict[str, Any]] = json.loads(
        gzip.decompress(base64.b64decode(found[1]))
    )
    return charts


def whole_text(page: str) -> str:
    """Return the page's text and that of its charts, which it has packed."""
    return page + json.dumps(charts_of(page), ensure_ascii=False)


def card_of(page: str, card: str) -> str:
    """Return the part of the page that is one card."""
    match = re.search(rf'<article [^>]*id="{card}".*?</article>', page, re.DOTALL)
    assert match, f"no card {card}"
    return match.group()


def headings_of(part: str, level: int) -> list[str]:
    """Return the headings of one level, in order."""
    found = re.findall(rf"<h{level}[^>]*>(.*?)</h{level}>", part, re.DOTALL)
    return [html.unescape(text) for text in found]


def row_headings_of(part: str) -> list[str]:
    """Return what each row of the part's tables is called, in order."""
    found = re.findall(r'<th scope="row">(.*?)</th>', part, re.DOTALL)
    return [html.unescape(text) for text in found]


def column_of(part: str, heading: str) -> list[str]:
    """Return the cells below a heading, of all tables of the part that have it."""
    cells = []
    for table in re.findall(r"<table.*?</table>", part, re.DOTALL):
        headings, *rows = [
            [html.unescape(cell) for cell in CELL.findall(row)]
            for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
        ]
        if heading in headings:
            cells += [row[headings.index(heading)] for row in rows]
    return cells
