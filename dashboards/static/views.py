"""Cards as the page's template wants them: words and charts, nothing left to decide."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from dashboards.contents import (
    LIVE,
    SMALL_PANEL,
    Content,
    is_suppressed,
)
from dashboards.formats import (
    DASH,
    NO_BREAK_SPACE,
    interval,
    month,
    named,
    plain,
    written,
)
from dashboards.queries import Row
from dashboards.spec import Measure
from dashboards.static.shapes import Chart
from dashboards.words import say
from pages import Language, Said


@dataclass(frozen=True, slots=True)
class Table:
    """A table as words; the first cell of a row is its heading.

    Attributes:
        headings: Of the columns.
        rows: Each as long as the headings.
        month_column: Which column counts months since launch; -1 where none does.
    """

    headings: list[str]
    rows: list[list[str]]
    month_column: int = -1


@dataclass(frozen=True, slots=True)
class Tile:
    """One large figure."""

    name: str
    figure: str
    lines: list[str] = field(default_factory=list)
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart, with the place it is about."""

    name: str
    families: str
    chart: Chart | None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend: a colour, how the line is drawn, its words, its prices."""

    mark: str
    words: Said
    price: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """One headline with its variants."""

    name: Said
    text: Said
    formula: str
    version: str
    table: Table


@dataclass(frozen=True, slots=True)
class CardView:
    """A card, ready to be written."""

    id: str
    kind: str
    title: Said
    subtitle: Said | None
    note: Said | None
    width: str
    tiles: list[Tile] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    paragraphs: list[Said] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notice: str = ""
    basis: str = ""
    price: str = ""


def figure(row: Row, measure: Measure, language: Language) -> str:
    """Return the measure of a row with its unit, or that it is not shown."""
    if is_suppressed(row):
        return say("suppressed", language)
    return written(
        row[measure.column],
        measure.format,
        language,
        is_signed=measure.is_signed,
        currency=str(row[measure.currency]) if measure.currency else "",
    )


def uncertainty(row: Row, measure: Measure, language: Language) -> str:
    """Return the interval of a row's measure as words, empty where there is none."""
    if measure.low is None or measure.high is None or is_suppressed(row):
        return ""
    return interval(
        row[measure.low],
        row[measure.high],
        measure.format,
        language,
        is_signed=measure.is_signed,
    )


def families(row: Row, measure: Measure) -> str:
    """Return `n = 90`, or nothing where it is not known or held back."""
    count = row.get(measure.families)
    if count is None:
        return ""
    return f"n{NO_BREAK_SPACE}={NO_BREAK_SPACE}{plain(count, 'count', 'en')}"


def families_between(rows: Iterable[Row], measure: Measure, language: Language) -> str:
    """Return `n = 88 to 96`, with a word of care where panels are small."""
    counts = [row[measure.families] for row in rows]
    known = sorted(int(str(count)) for count in counts if count is not None)
    if not known:
        return ""
    ends = sorted({known[0], known[-1]})
    words = "n = " + f" {say('to', language)} ".join(str(end) for end in ends)
    return f"{words}; {care(known[0], language)}" if known[0] < SMALL_PANEL else words


def care(count: int, language: Language) -> str:
    """Return the mark of a small panel."""
    return say("small_panel", language) if count < SMALL_PANEL else ""


def release_name(code: str, language: Language) -> str:
    """Return `Live` or `Release 2021-07`."""
    if code == LIVE:
        return say("live", language)
    return f"{say('release', language)} {code}"


def shown_releases(content: Content) -> list[str]:
    """Return the releases among the rows: the newest published one, then live."""
    codes = {str(row["release_code"]) for row in content.rows}
    return sorted(codes - {LIVE})[-1:] + sorted(codes & {LIVE})


def basis(content: Content, language: Language) -> str:
    """Return as of when a card's figures are known, and over which months.

    Such as `Release 2021-07 beside live figures, Jul 2020 to Jul 2021`.
    """
    codes = shown_releases(content)
    if not codes:
        return ""
    if codes == [LIVE]:
        words = say("live_figures", language)
    else:
        words = release_name(codes[0], language)
        words += f" {say('beside_live', language)}" if LIVE in codes else ""
    found = windows(content.rows, language)
    if len(found) > 1:
        return f"{words}, {say('own_window', language)}"
    return ", ".join([words, *found])


def windows(rows: Iterable[Row], language: Language) -> list[str]:
    """Return the spans of months that the rows compare, each once."""
    spans = {(row.get("start_month"), row.get("end_month")) for row in rows}
    return [
        f"{month(start, language)} {say('to', language)} {month(end, language)}"
        for start, end in sorted(
            (start, end)
            for start, end in spans
            if isinstance(start, date) and isinstance(end, date)
        )
    ]


def split_releases(
    rows: Iterable[Row], release: str | None
) -> tuple[list[Row], list[Row]]:
    """Return the rows of the card's release, and the live ones.

    The release is that of the whole card, even for rows of one place: a place without
    it has live figures alone, and nothing may pass for released beside the others.
    Before the first release (None) the live rows stand in for it.
    """
    everything = list(rows)
    live = [row for row in everything if row["release_code"] == LIVE]
    if release is None:
        return live, []
    return [row for row in everything if row["release_code"] == release], live


def reason(row: Row, language: Language) -> str:
    """Return why a row is held back."""
    words = named(row, "suppression_reason_code", language)
    return "" if words == DASH else words
