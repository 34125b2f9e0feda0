"""The data of a card as a table: for whoever reads no charts, and for checking one."""

from dashboards.contents import Content, is_suppressed, panels
from dashboards.formats import DASH, named, plain, written
from dashboards.queries import Row
from dashboards.spec import (
    BarCard,
    CalendarCard,
    DistributionCard,
    FunnelCard,
    IntervalCard,
    MapCard,
    Measure,
    NumberCard,
    ProgressCard,
    StripCard,
    TableCard,
    TrendCard,
)
from dashboards.static.views import (
    Table,
    figure,
    release_name,
    uncertainty,
    windows,
)
from dashboards.words import say
from pages import Language

Charted = (
    NumberCard
    | TrendCard
    | CalendarCard
    | IntervalCard
    | BarCard
    | DistributionCard
    | ProgressCard
    | MapCard
    | FunnelCard
    | StripCard
)
NOT_PLACES = frozenset({"variant_code", "category_code"})


def table_of(content: Content, card: Charted, language: Language) -> Table:
    """Return the data of a chart as a table, for whoever does not use the chart."""
    measures = _measures(card)
    places = card.row_key
    if isinstance(card, CalendarCard):
        places = (*places, card.age)
    if isinstance(card, MapCard):
        places = (*places, card.month)
    headings = [_heading(column, card, language) for column in places]
    has_release = not isinstance(card, TrendCard | StripCard | CalendarCard)
    if has_release:
        headings.append(say("release", language))
    has_own_windows = len(windows(content.rows, language)) > 1
    if has_own_windows:
        headings.append(say("window", language))
    for measure in measures:
        title = (measure.label or card.title).in_language(language)
        headings += [title]
        if measure.low:
            headings += [say("interval", language)]
    headings.append("n")
    rows = [
        [
            *(_place(row, column, card, language) for column in places),
            *([_release(row, language)] if has_release else []),
            *([_window(row, language)] if has_own_windows else []),
            *_figures(row, measures, language),
        ]
        for _, group in panels(content.rows, places[0], language)
        for row in group
    ]
    return Table(headings, rows, _month_column(card))


def _month_column(card: Charted) -> int:
    """Return which column counts months since launch; -1 where none does."""
    match card:
        case TrendCard() | StripCard():
            return 1
        case CalendarCard():
            return 2
        case _:
            return -1


def _place(row: Row, column: str, card: Charted, language: Language) -> str:
    if column == _month_of(card):
        return plain(row[column], "month", language)
    if isinstance(card, CalendarCard) and column == card.age:
        return plain(row[column], "count", language)
    return named(row, column, language)


def _month_of(card: Charted) -> str | None:
    """Return the column of a calendar month, where the card has one."""
    match card:
        case CalendarCard():
            return card.x
        case MapCard():
            return card.month
        case _:
            return None


def _measures(card: Charted) -> list[Measure]:
    """Return what has a column; of progress also the part and the whole."""
    if not isinstance(card, ProgressCard):
        return card.measures
    n = card.measure.families
    counts = [
        Measure(column=one.column, format=one.format, label=one.label, families=n)
        for one in (card.part, card.whole)
    ]
    return [*counts, card.measure]


def _release(row: Row, language: Language) -> str:
    return release_name(str(row["release_code"]), language)


def _window(row: Row, language: Language) -> str:
    return next(iter(windows([row], language)), DASH)


def _heading(
    column: str,
    card: Charted,
    language: Language,
) -> str:
    if isinstance(card, TrendCard | StripCard | CalendarCard) and column == card.x:
        return card.x_label.in_language(language)
    if isinstance(card, CalendarCard) and column == card.age:
        return say("since_launch", language)
    if isinstance(card, MapCard) and column == card.month:
        return say("month", language).capitalize()
    if column in NOT_PLACES:
        return say(column, language)
    return say("place", language)


def _figures(row: Row, measures: list[Measure], language: Language) -> list[str]:
    """Return each figure with its interval, and n."""
    cells = []
    for measure in measures:
        cells.append(figure(row, measure, language))
        if measure.low:
            cells.append(uncertainty(row, measure, language) or DASH)
    count = row[measures[0].families]
    return [*cells, plain(count, "count", language)]


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
    if column.format == "flag" and row[column.column] is None:
        return say("not_known", language)
    return written(row[column.column], column.format, language)
