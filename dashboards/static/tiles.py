"""Number cards: one large figure for each place, with what stands behind it."""

from collections.abc import Sequence

from dashboards.contents import Content, is_suppressed, panels, published_release
from dashboards.formats import plain
from dashboards.queries import Row
from dashboards.spec import Detail, Measure, NumberCard
from dashboards.static.views import (
    Tile,
    care,
    families,
    figure,
    reason,
    split_releases,
    uncertainty,
    windows,
)
from dashboards.words import say
from pages import Language


def number_tiles(content: Content, card: NumberCard, language: Language) -> list[Tile]:
    """Return one tile for each place, by name."""
    main, live = split_releases(content.rows, published_release(content.rows))
    released = dict(panels(main, card.item, language))
    living = dict(panels(live, card.item, language))
    has_own_windows = len(windows(content.rows, language)) > 1
    tiles = []
    for name, _ in panels([*main, *live], card.item, language):
        # A place that launched after the release has live figures alone.
        rows = released.get(name) or living[name]
        beside = living.get(name, []) if name in released else []
        tile = _tile(name, rows[0], beside, card, language)
        if name not in released:
            tile.lines.insert(0, say("live_figures", language))
        if has_own_windows:
            tile.lines[:0] = windows(rows, language)
        tiles.append(tile)
    return tiles


def _tile(
    name: str, row: Row, live: Sequence[Row], card: NumberCard, language: Language
) -> Tile:
    if is_suppressed(row):
        words = say("suppressed", language)
        return Tile(name, words, [reason(row, language)], is_hidden=True)
    measure = card.measure
    spread = uncertainty(row, measure, language)
    count = row[measure.families]
    behind = [_detail(row, card.detail, language), families(row, measure)]
    lines = [
        f"{say('interval', language)} {spread}" if spread else "",
        _beside(row, card.beside, language),
        ", ".join(part for part in behind if part),
        care(int(str(count)), language) if count is not None else "",
    ]
    lines += [
        f"{say('live', language)}: {figure(other, measure, language)}, "
        f"{families(other, measure)}"
        for other in live
        if not is_suppressed(other)
    ]
    text = figure(row, measure, language)
    return Tile(name, text, [line for line in lines if line])


def _beside(row: Row, measure: Measure | None, language: Language) -> str:
    """Return `+4.5 points (-2.0 to +11.0 points)`, the same change otherwise put."""
    if measure is None or row[measure.column] is None:
        return ""
    spread = uncertainty(row, measure, language)
    words = figure(row, measure, language)
    return f"{words} ({spread})" if spread else words


def _detail(row: Row, detail: Detail | None, language: Language) -> str:
    """Return `44 to 48` or `24 of 96`."""
    if detail is None or row[detail.first] is None or row[detail.second] is None:
        return ""
    word = say("to" if detail.kind == "from_to" else "of", language)
    first = plain(row[detail.first], "count", language)
    return f"{first} {word} {plain(row[detail.second], 'count', language)}"
