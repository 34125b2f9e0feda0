"""Pivot cards: items down, places across, each cell a figure with interval and n."""

from collections.abc import Sequence

from dashboards.contents import Content, is_suppressed, panels, published_release
from dashboards.formats import DASH, named
from dashboards.queries import Row
from dashboards.spec import Measure, PivotCard
from dashboards.static.views import (
    Table,
    families,
    figure,
    release_name,
    split_releases,
    uncertainty,
)
from dashboards.words import say
from pages import Language


def pivot_table(content: Content, card: PivotCard, language: Language) -> Table:
    """Return the table, places by name and items in the order of the query."""
    release = published_release(content.rows)
    places = [name for name, _ in panels(content.rows, card.panel, language)]
    items: dict[str, list[Row]] = {}
    for row in content.rows:
        items.setdefault(named(row, card.item, language), []).append(row)
    lines = []
    for name, own in items.items():
        by_place = dict(panels(own, card.panel, language))
        cells = [
            released_and_live(
                [
                    (row, card.measure)
                    for group in split_releases(by_place.get(place, []), release)
                    for row in group
                ],
                language,
            )
            for place in places
        ]
        lines.append([name, *cells])
    return Table([card.item_label.in_language(language), *places], lines)


def released_and_live(rows: Sequence[tuple[Row, Measure]], language: Language) -> str:
    """Return the release's figure with interval and n, and the live one below."""
    lines = []
    for row, measure in rows:
        words = _figure(row, measure, language)
        is_live = row["release_code"] == "live"
        lines.append(f"{release_name('live', language)}: {words}" if is_live else words)
    return "\n".join(lines) or DASH


def _figure(row: Row, measure: Measure, language: Language) -> str:
    if is_suppressed(row):
        return say("suppressed", language)
    spread = uncertainty(row, measure, language)
    parts = [
        figure(row, measure, language),
        f"({spread})" if spread else "",
        families(row, measure),
    ]
    return " ".join(part for part in parts if part)
