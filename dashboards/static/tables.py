"""The data of a card as a table: for whoever reads no charts, and for checking one."""

from dashboards.contents import Content, is_suppressed, panels
from dashboards.formats import DASH, named, plain, written
from dashboards.queries import Row
from dashboards.spec import (
    IntervalCard,
    Language,
    Measure,
    NumberCard,
    StripCard,
    TableCard,
    TrendCard,
)
from dashboards.static.views import Table, figure, release_name, uncertainty
from dashboards.words import say

Charted = NumberCard | TrendCard | IntervalCard | StripCard


def table_of(content: Content, card: Charted, language: Language) -> Table:
    """Return the data of a chart as a table, for whoever does not use the chart."""
    measures = card.lines if isinstance(card, TrendCard) else [card.measure]
    places = _place_columns(card)
    headings = [_heading(column, card, language) for column in places]
    has_release = not isinstance(card, TrendCard | StripCard)
    if has_release:
        headings.append(say("release", language))
    for measure in measures:
        title = (measure.label or card.title).in_language(language)
        headings += [title]
        if measure.low:
            headings += [say("interval", language)]
    headings.append("n")
    rows = [
        _table_row(row, places, measures, language, has_release=has_release)
        for _, group in panels(content.rows, places[0], language)
        for row in group
    ]
    return Table(headings, rows)


def _place_columns(
    card: Charted,
) -> list[str]:
    match card:
        case TrendCard():
            return [card.panel, card.x]
        case StripCard():
            return [card.item, card.x]
        case IntervalCard(panel=str(panel)):
            return [panel, card.item]
        case _:
            return [card.item]


def _heading(
    column: str,
    card: Charted,
    language: Language,
) -> str:
    if isinstance(card, TrendCard | StripCard) and column == card.x:
        return card.x_label.in_language(language)
    if column == "variant_code":
        return say("definition", language)
    return say("place", language)


def _table_row(
    row: Row,
    places: list[str],
    measures: list[Measure],
    language: Language,
    *,
    has_release: bool,
) -> list[str]:
    cells = [named(row, column, language) for column in places]
    if has_release:
        cells.append(release_name(str(row["release_code"]), language))
    for measure in measures:
        cells.append(figure(row, measure, language))
        if measure.low:
            cells.append(uncertainty(row, measure, language) or DASH)
    count = row[measures[0].families]
    cells.append(plain(count, "count", language))
    return cells


def plain_table(content: Content, card: TableCard, language: Language) -> Table:
    """Return a table card's rows, ordered by the name in its first column."""
    rows = [
        [_cell(row, card, index, language) for index in range(len(card.columns))]
        for _, group in panels(content.rows, card.columns[0].column, language)
        for row in group
    ]
    return Table([column.label.in_language(language) for column in card.columns], rows)


def _cell(row: Row, card: TableCard, index: int, language: Language) -> str:
    column = card.columns[index]
    if column.format == "text":
        return named(row, column.column, language)
    if is_suppressed(row) and row[column.column] is None:
        return say("suppressed", language)
    return written(row[column.column], column.format, language)
