"""What a dashboard is, apart from how any renderer draws it.

One dashboard is one YAML file of these models and, beside it, a folder of the same name
with one SQL file per card. Nothing here knows HTML, Vega-Lite or Metabase.
"""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pages import Language, Said

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Sentence = Annotated[str, Field(min_length=1)]

Format = Literal[
    "percent",  # a share: 0.01 is 1 %
    "percentage_points",  # a difference of shares: 0.01 is 1 point
    "points",  # a difference of scores
    "index",  # 1.0 is 100, the launch month
    "money",  # needs the column with the currency
    "score",
    "count",
    "number",  # with one decimal, such as sources of income for each family
    "days",
    "months",
    "month",
    "day",
    "instant",  # in UTC
    "text",
    "flag",  # true or false, shown in words only where true
]


Price = Literal["nominal", "real", "usd_ppp"]
PRICE_HELP = (
    "Given where the same figure stands on the page at other prices too: a reader who "
    "picks one basis sees the others no more."
)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Entry):
    """The same words in every language a page is made in."""

    en: Sentence
    es: Sentence
    fil: Sentence | None = Field(
        default=None, description="English stands on the page where it is missing."
    )

    def said(self, language: Language) -> Said:
        """Return the words in one language, or in English where it has none."""
        own = {"en": self.en, "es": self.es, "fil": self.fil}[language]
        return Said(self.en, "en") if own is None else Said(own, language)

    def in_language(self, language: Language) -> str:
        """Return what `said` does, without the language it is in."""
        return self.said(language).text


class Measure(_Entry):
    """A figure with its uncertainty and the number of families behind it."""

    column: Name = "value"
    format: Format
    families: Name = Field(description="Column with n: no figure is shown without it.")
    label: Words | None = None
    low: Name | None = Field(default=None, description="Lower end of the interval.")
    high: Name | None = Field(default=None, description="Upper end of the interval.")
    currency: Name | None = Field(default=None, description="Needed for money.")
    is_signed: bool = Field(default=False, description="Print + before an increase.")
    price: Price | None = Field(default=None, description=PRICE_HELP)

    @model_validator(mode="after")
    def _check_columns_belong_together(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high are given together or not at all")
        if (self.format == "money") != (self.currency is not None):
            raise ValueError("currency is given for the format money, and only there")
        return self


class Detail(_Entry):
    """Two counts that stand behind a figure: 44 to 48, or 24 of 96."""

    kind: Literal["from_to", "part_of"]
    first: Name
    second: Name


class Column(_Entry):
    """One column of a table."""

    column: Name
    label: Words
    format: Format


class _Card(_Entry):
    id: Name
    title: Words
    subtitle: Words | None = None
    note: Words | None = None
    width: Literal["third", "half", "full"] = "full"


class AskingCard(_Card):
    """A card with a query."""

    query: Name | None = Field(
        default=None, description="The SQL file's name; the card's id if not given."
    )
    parameters: dict[Name, Sentence] = Field(
        default_factory=dict,
        description="What the SQL says as `:name`; sent beside the SQL, never into it.",
    )
    price: Price | None = Field(default=None, description=PRICE_HELP)

    @property
    def query_name(self) -> str:
        """The SQL file's name without its ending."""
        return self.query or self.id

    @property
    @abstractmethod
    def row_key(self) -> tuple[str, ...]:
        """Columns that tell the rows of the card apart, the place first."""

    @property
    def measures(self) -> list[Measure]:
        """What is drawn, in order; nothing where columns are named one by one."""
        return []


class MeasuredCard(AskingCard):
    """A card of one figure."""

    measure: Measure

    @property
    def measures(self) -> list[Measure]:
        """The figure."""
        return [self.measure]


class NumberCard(MeasuredCard):
    """One large figure for each place, with interval and n."""

    kind: Literal["number"]
    item: Name
    beside: Measure | None = Field(
        default=None, description="The same change otherwise put, such as in points."
    )
    detail: Detail | None = None

    @property
    def row_key(self) -> tuple[str, ...]:
        """Columns that tell the rows of the card apart, the place first."""
        return (self.item,)

    @property
    def measures(self) -> list[Measure]:
        """The figure, and the same otherwise put where there is one."""
        return [self.measure, self.beside] if self.beside else [self.measure]


class TrendCard(AskingCard):
    """Lines over months since launch, one panel for each place."""

    kind: Literal["trend"]
    panel: Name
    x: Name
    x_label: Words
    lines: Annotated[list[Measure], Field(min_length=1, max_length=2)]
    reference: float | None = Field(default=None, description="A line to compare with.")
    events: Name | None = Field(default=None, description="SQL of the event marks.")

    @model_validator(mode="after")
    def _check_lines_share_an_axis(self) -> Self:
        _check_lines(self.lines)
        return self

    @property
    def row_key(self) -> tuple[str, ...]:
        """Columns that tell the rows of the card apart, the place first."""
        return (self.panel, self.x)

    @property
    def measures(self) -> list[Measure]:
        """The lines."""
        return self.lines


def _check_lines(lines: Sequence[Measure]) -> None:
    if len({line.format for line in lines}) > 1:
        raise ValueError("lines of one chart have one format")
    if len(lines) > 1 and any(line.label is None for line in lines):
        raise ValueError("each of several lines needs a label")


class CalendarCard(AskingCard):
    """Calendar months from left to right, one panel for each place.

    A month also says its age, for the page is narrowed down by months since launch. It
    has none where several launches overlap, and is drawn all the same.
    """

    panel: Name
    x: Name = Field(default="journal_month", description="Column of the month, a date.")
    x_label: Words
    age: Name = Field(
        default="months_since_launch_count",
        description="Column of the months since launch; null where they are not known.",
    )

    @property
    def row_key(self) -> tuple[str, ...]:
        """Columns that tell the rows of the card apart, the place first."""
        return (self.panel, self.x)


class LineCard(CalendarCard):
    """Lines over calendar months: for seasons, and what happened on a date."""

    kind: Literal["line"]
    lines: Annotated[list[Measure], Field(min_length=1, max_length=2)]
    reference: float | None = Field(default=None, description="A line to compare with.")

    @model_validator(mode="after")
    def _check_lines_share_an_axis(self) -> Self:
        _check_lines(self.lines)
        return self

    @property
    def measures(self) -> list[Measure]:
        """The lines."""
        return self.lines


class AreaCard(CalendarCard):
    """The parts of a whole on top of each other, the first at the bottom.

    A month is shown with all its parts or not at all: one of them follows from the
    others.
    """

    kind: Literal["area"]
    whole: Words = Field(description="What the parts add up to.")
    parts: Annotated[list[Measure], Field(min_length=2, max_length=4)]

    @model_validator(mode="after")
    def _check_parts_can_be_added(self) -> Self:
        if any(part.format != "count" for part in self.parts):
            raise ValueError("parts of an area are counts: they are added up")
        if any(part.label is None for part in self.parts):
            raise ValueError("each part of an area needs a label")
        return self

    @property
    def measures(self) -> list[Measure]:
        """The parts."""
        return self.parts


class ComboCard(CalendarCard):
    """Bars of how many and a line of which share of them, each on an axis of its own.

    The line is a share of just what the bars count, so two axes tell one thing.
    """

    kind: Literal["combo"]
    bars: Measure
    line: Measure

    @model_validator(mode="after")
    def _check_the_line_is_a_share_of_the_bars(self) -> Self:
        if self.bars.format != "count" or self.line.format != "percent":
            raise ValueError("bars are a count, and the line a share of it: percent")
        if self.bars.label is None or self.line.label is None:
            raise ValueError("bars and line need a label each, which names their axis")
        return self

    @property
    def measures(self) -> list[Measure]:
        """The bars, then the line."""
        return [self.bars, self.line]


class IntervalCard(MeasuredCard):
    """A figure between its low and its high for each item, on one axis."""

    kind: Literal["interval"]
    item: Name
    panel: Name | None = None
    reference: float | None = None
    item_order: Literal["name", "query"] = Field(
        default="name",
        description="Places always stand by name; definitions may keep their order.",
    )

    @model_validator(mode="after")
    def _check_places_are_never_ranked(self) -> Self:
        if self.item_order == "query" and self.item in PLACES:
            raise ValueError("places stand by name, never in an order of the query")
        if self.measure.low is None:
            raise ValueError("measure needs low and high, for they are what is drawn")
        return self

    @property
    def row_key(self) -> tuple[str, ...]:
        """Columns that tell the rows of the card apart, the place first."""
        return (self.panel, self.item) if self.panel else (self.item,)


class BarCard(MeasuredCard):
    """Bars from zero for each category, one panel for each place.

    Categories keep the order of the query; places stand by name.
    """

    kind: Literal["bar"]
    panel: Name
    item: Name

    @property
    def item_order(self) -> Literal["name", "query"]:
        """How the bars stand: places are never ranked."""
        return "name" if self.item in PLACES else "query"

    @property
    def row_key(self) -> tuple[str, ...]:
        """Columns that tell the rows of the card apart, the place first."""
        return (self.panel, self.item)


class DistributionCard(MeasuredCard):
    """The classes that a whole falls into, as one divided bar for each place.

    The classes are ordered, from few to much, and keep the order of the query. A place
    with a class that is held back is held back whole: the others would tell it.
    """

    kind: Literal["distribution"]
    item: Name
    classes: Name = Field(default="category_code", description="Column of the class.")

    @property
    def row_key(self) -> tuple[str, ...]:
        """Columns that tell the rows of the card apart, the place first."""
        return (self.item, self.classes)


class ProgressCard(MeasuredCard):
    """How much of a stated whole there is, as a filled bar for each place.

    The measure is the part's share of the whole, which is what there can be,
    such as journals expected: never a target, for the programme sets none.
    """

    kind: Literal["progress"]
    item: Name
    part: Column = Field(description="What there is.")
    whole: Column = Field(description="What there can be.")

    @model_validator(mode="after")
    def _check_it_is_a_share_of_counts(self) -> Self:
        if {self.part.format, self.whole.format} != {"count"}:
            raise ValueError("part and whole are counts")
        if self.measure.format != "percent":
            raise ValueError("measure is the part's share of the whole: percent")
        return self

    @property
    def row_key(self) -> tuple[str, ...]:
        """Columns that tell the rows of the card apart, the place first."""
        return (self.item,)


class MapCard(MeasuredCard):
    """Countries on a map, shaded by a share, each with its figure and month beside."""

    kind: Literal["map"]
    item: Literal["country_code"] = "country_code"
    two_letter_code: Name = Field(
        default="country_two_letter_code",
        description="Column of the code under which Metabase knows the country.",
    )
    month: Name = Field(
        default="journal_month",
        description="Column of the month that a country's figure is of.",
    )

    @model_validator(mode="after")
    def _check_countries_compare(self) -> Self:
        # A shade of counts tells how large a country's programme is, and nothing else.
        if self.measure.format != "percent":
            raise ValueError("a map shades a share: percent")
        return self

    @property
    def row_key(self) -> tuple[str, ...]:
        """Columns that tell the rows of the card apart, the place first."""
        return (self.item,)


class FunnelCard(AskingCard):
    """What is left of a whole from stage to stage, one panel for each place."""

    kind: Literal["funnel"]
    item: Name
    whole: Words = Field(description="What 100 % is, such as journals expected.")
    stages: Annotated[list[Measure], Field(min_length=2, max_length=5)]

    @model_validator(mode="after")
    def _check_stages_are_shares_with_names(self) -> Self:
        if any(stage.format != "percent" for stage in self.stages):
            raise ValueError("stages of a funnel are shares of the whole: percent")
        if any(stage.label is None for stage in self.stages):
            raise ValueError("each stage of a funnel needs a label")
        return self

    @property
    def row_key(self) -> tuple[str, ...]:
        """Columns that tell the rows of the card apart, the place first."""
        return (self.item,)

    @property
    def measures(self) -> list[Measure]:
        """The stages."""
        return self.stages


class PivotCard(MeasuredCard):
    """A table of one measure: items down, in the query's order, and places across."""

    kind: Literal["pivot"]
    item: Name
    item_label: Words
    panel: Name = Field(description="Column of the places, which stand by name.")

    @property
    def row_key(self) -> tuple[str, ...]:
        """Columns that tell the rows of the card apart, the place first."""
        return (self.panel, self.item)


class StripCard(MeasuredCard):
    """One row of months for each place, shaded by a share."""

    kind: Literal["strip"]
    item: Name
    x: Name
    x_label: Words

    @property
    def row_key(self) -> tuple[str, ...]:
        """Columns that tell the rows of the card apart, the place first."""
        return (self.item, self.x)


class TableCard(AskingCard):
    """Rows and columns; the first column names the place and orders the rows."""

    kind: Literal["table"]
    columns: Annotated[list[Column], Field(min_length=2)]

    @property
    def row_key(self) -> tuple[str, ...]:
        """Columns that tell the rows of the card apart, the place first."""
        return (self.columns[0].column,)


class DefinitionCard(AskingCard):
    """Each headline with all its definitions side by side, for each place.

    The query returns `metric_code`, `metric_name`, `definition`, `formula`,
    `definition_version`, `variant_code` and `format_code` beside the columns below.
    """

    kind: Literal["definition"]
    item: Name
    value: Name = "value"
    low: Name = "interval_low"
    high: Name = "interval_high"
    families: Name = "family_count"

    @property
    def row_key(self) -> tuple[str, ...]:
        """Columns that tell the rows of the card apart, the place first."""
        return (self.item, "metric_code", "variant_code")


class NoteCard(_Card):
    """Words only."""

    kind: Literal["note"]
    paragraphs: Annotated[list[Words], Field(min_length=1)]


QueryCard = (
    NumberCard
    | TrendCard
    | LineCard
    | AreaCard
    | ComboCard
    | IntervalCard
    | BarCard
    | DistributionCard
    | ProgressCard
    | MapCard
    | FunnelCard
    | PivotCard
    | StripCard
    | TableCard
    | DefinitionCard
)
Card = Annotated[QueryCard | NoteCard, Field(discriminator="kind")]


class Section(_Entry):
    """Cards under one heading."""

    id: Name
    title: Words
    subtitle: Words | None = None
    cards: Annotated[list[Card], Field(min_length=1)]


class Dashboard(_Entry):
    """One page."""

    code: Annotated[str, Field(pattern=r"^D[0-9]+$")]
    title: Words
    subtitle: Words
    questions: list[Words] = Field(
        default_factory=list, description="What the reader can answer with the page."
    )
    data_state: Name = Field(
        description="SQL of one row: how far the data reach and what was released."
    )
    sections: Annotated[list[Section], Field(min_length=1)]

    @property
    def cards(self) -> tuple[Card, ...]:
        """Every card, in order."""
        return tuple(card for section in self.sections for card in section.cards)

    def is_wholly_in(self, language: Language) -> bool:
        """Return whether no word of the page is missing in a language."""
        return all(words.said(language).language == language for words in _words(self))


def _words(entry: object) -> Iterator[Words]:
    """Yield all words of an entry and of what it holds."""
    if isinstance(entry, Words):
        yield entry
    elif isinstance(entry, _Entry):
        for _, inner in entry:
            yield from _words(inner)
    elif isinstance(entry, list):
        for inner in entry:
            yield from _words(inner)


PLACES = frozenset({"site_code", "site_name", "country_code", "cohort_code"})
