"""Number cards: one large figure for each place, with what stands behind it."""

from collections.abc import Sequence

from dashboards.contents import Content, is_suppressed, panels
from dashboards.formats import plain
from dashboards.queries import Row
from dashboards.spec import Detail, Language, NumberCard
from dashboards.static.views import (
    Tile,
    care,
    families,
    figure,
    reason,
    split_releases,
    uncertainty,
)
from dashboards.words import say


def number_tiles(content: Content, card: NumberCard, language: Language) -> list[Tile]:
    """Return one tile for each place, by name."""
    main, live, _ = split_releases(content.rows)
    live_by_name = dict(panels(live, card.item, language))
    return [
        _tile(name, rows[0], live_by_name.get(name, []), card, language)
        for name, rows in panels(main, card.item, language)
    ]


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


def _detail(row: Row, detail: Detail | None, language: Language) -> str:
    """Return `44 to 48` or `24 of 96`."""
    if detail is None or row[detail.first] is None or row[detail.second] is None:
        return ""
    word = say("to" if detail.kind == "from_to" else "of", language)
    first = plain(row[detail.first], "count", language)
    return f"{first} {word} {plain(row[detail.second], 'count', language)}"
