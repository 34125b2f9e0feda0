"""Where things stand on a dashboard: 24 columns, rows that fill from the left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.metabase.wanted.things import Dashcard

GRID = 24
WIDTHS = {"third": 8, "half": 12, "full": 24}
LETTERS_A_ROW = 110  # of words over the whole width


@dataclass(frozen=True, slots=True)
class Box:
    """Something that wants a place: as wide and high as it says."""

    key: str
    width: int
    height: int
    card: str | None
    settings: Mapping[str, Any]
    mappings: Mapping[str, str]


def placed(tab: str, boxes: Iterable[Box]) -> list[Dashcard]:
    """Return the boxes of one tab at their places."""
    found = []
    row = column = tallest = 0
    for box in boxes:
        if column + box.width > GRID:
            row, column, tallest = row + tallest, 0, 0
        place = (row, column, box.width, box.height)
        found.append(
            Dashcard(box.key, tab, place, box.card, box.settings, box.mappings)
        )
        column += box.width
        tallest = max(tallest, box.height)
    return found


def words(key: str, text: str) -> Box:
    """Return words over the whole width, in Markdown."""
    rows = sum(1 + len(line) // LETTERS_A_ROW for line in text.splitlines())
    settings = {
        "virtual_card": {
            "name": None,
            "display": "text",
            "visualization_settings": {},
            "dataset_query": {},
            "archived": False,
        },
        "text": text,
        "dashcard.background": False,
    }
    return Box(key, GRID, max(2, rows), None, settings, {})
