"""From specs to what Metabase should hold, for every reader and language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboards.metabase.access import Reader
from dashboards.metabase.wanted.asked import Asked, Chart
from dashboards.metabase.wanted.charts import charts_of
from dashboards.metabase.wanted.filters import (
    RELEASE,
    WORDS,
    Choices,
    crossfilter,
    filters_of,
    parameters,
    tags,
)
from dashboards.metabase.wanted.formatting import column_key, column_settings
from dashboards.metabase.wanted.health import health_card
from dashboards.metabase.wanted.layout import GRID, WIDTHS, Box, placed, words
from dashboards.metabase.wanted.sql import (
    Query,
    Shown,
    month_of,
    select,
    with_tags,
)
from dashboards.metabase.wanted.things import (
    Card,
    Collection,
    Content,
    Dashboard,
    Dashcard,
    tag_id,
)
from dashboards.queries import parameters_of
from dashboards.spec import NoteCard, QueryCard, Section, TableCard, TrendCard, Words
from dashboards.spec_file import Spec
from dashboards.words import say
from pages import LANGUAGE_NAMES, Language

Columns = Mapping[tuple[str, str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What only the warehouse knows.

    Attributes:
        columns: What each query returns, by name of spec and of query.
        releases: Codes of the releases there are.
    """

    columns: Columns
    releases: Sequence[str]


def compile_content(
    specs: Sequence[Spec],
    readers: Iterable[Reader],
    languages: Sequence[Language] | None,
    facts: Facts,
    *,
    is_synthetic: bool,
) -> Content:
    """Return everything that managed collections should hold.

    Args:
        specs: Every dashboard.
        readers: For each of whom all is made.
        languages: Which languages to make. None takes those of each reader.
        facts: Of the warehouse.
        is_synthetic: Whether dashboards say that data are synthetic.

    Raises:
        SpecError: A card cannot be said in Metabase; the message names it.
    """
    collections: list[Collection] = []
    cards: list[Card] = []
    dashboards: list[Dashboard] = []
    for reader in readers:
        about = say("managed_as_code", "en")
        collections.append(Collection(reader.role, reader.title, None, about))
        for language in languages or reader.languages:
            page = _Page(reader, language, specs, facts, is_synthetic=is_synthetic)
            name = LANGUAGE_NAMES[language]
            about = say("managed_as_code", language)
            collections.append(Collection(page.folder, name, reader.role, about))
            cards.append(health_card(page.folder, reader.role, language))
            for spec in specs:
                compiled = _compile_dashboard(page, spec)
                cards += compiled.cards
                dashboards.append(compiled.dashboard)
    return Content(tuple(collections), tuple(cards), tuple(dashboards))


def dashboard_key(folder: str, spec_name: str) -> str:
    """Return the key of a spec's dashboard in a collection."""
    return f"{folder}/{spec_name}"


@dataclass(frozen=True, slots=True)
class _Page:
    reader: Reader
    language: Language
    specs: Sequence[Spec]
    facts: Facts
    is_synthetic: bool

    @property
    def folder(self) -> str:
        return f"{self.reader.role}/{self.language}"

    def words(self, words: Words) -> str:
        return words.in_language(self.language)

    def title(self, spec: Spec) -> str:
        return f"{spec.dashboard.code} {self.words(spec.dashboard.title)}"

    def query(self, spec: Spec, name: str, where: str) -> Query:
        return Query(spec.queries[name], self.facts.columns[spec.name, name], where)


@dataclass(slots=True)
class _Compiled:
    dashboard: Dashboard
    cards: list[Card] = field(default_factory=list)


@dataclass(slots=True)
class _Drawn:
    """The cards of a dashboard while it is put together."""

    page: _Page
    spec: Spec
    key: str
    cards: list[Card] = field(default_factory=list)
    drivers: dict[str, str] = field(default_factory=dict)


def _compile_dashboard(page: _Page, spec: Spec) -> _Compiled:
    drawn = _Drawn(page, spec, dashboard_key(page.folder, spec.name))
    drawn.drivers = _drivers(spec)
    dashcards: list[Dashcard] = []
    for number, section in enumerate(spec.dashboard.sections):
        boxes = [_heading(page, section)]
        if number == 0:
            boxes = [*_opening(drawn), *boxes]
        for card in section.cards:
            boxes += _boxes(drawn, card)
        dashcards += placed(page.words(section.title), boxes)
    used = {name for card in dashcards for name in card.mappings}
    choices = Choices(page.facts.releases, page.reader)
    dashboard = Dashboard(
        key=drawn.key,
        collection=page.folder,
        name=page.title(spec),
        description=page.words(spec.dashboard.subtitle),
        filters=parameters(used, choices, page.language),
        tabs=tuple(page.words(section.title) for section in spec.dashboard.sections),
        dashcards=tuple(dashcards),
    )
    return _Compiled(dashboard, drawn.cards)


def _drivers(spec: Spec) -> dict[str, str]:
    """Return the table that sets each filter by place when somebody clicks in it.

    It is itself not filtered by that place, or one click would leave one row to click.
    """
    found: dict[str, str] = {}
    for card in spec.dashboard.cards:
        if isinstance(card, TableCard):
            for column in card.columns:
                if column.column in WORDS:
                    found.setdefault(column.column, card.id)
    return found


def _heading(page: _Page, section: Section) -> Box:
    lines = [f"## {page.words(section.title)}"]
    if section.subtitle:
        lines.append(page.words(section.subtitle))
    if page.is_synthetic:
        lines.append(f"**{say('synthetic_long', page.language)}**")
    return words(f"heading/{section.id}", "\n\n".join(lines))


def _opening(drawn: _Drawn) -> list[Box]:
    """Return what stands above the first cards: questions, links, the data's reach."""
    page, dashboard = drawn.page, drawn.spec.dashboard
    lines = [page.words(dashboard.subtitle)]
    if not dashboard.is_wholly_in(page.language):
        lines.append(f"*{say('partly_english', page.language)}*")
    lines += [f"- {page.words(question)}" for question in dashboard.questions]
    others = [other for other in page.specs if other.name != drawn.spec.name]
    links = [
        f"[{page.title(other)}](/dashboard/{dashboard_key(page.folder, other.name)})"
        for other in others
    ]
    if links:
        lines.append(f"{say('more_dashboards', page.language)}: {' · '.join(links)}")
    return [words("opening", "\n".join(lines)), _state_of_data(drawn)]


def _state_of_data(drawn: _Drawn) -> Box:
    page, name = drawn.page, drawn.spec.dashboard.data_state
    query = page.query(drawn.spec, name, f"{drawn.spec.name}, data_state")
    shown = [
        Shown(
            "latest_journal_month",
            month_of("latest_journal_month", page.language),
            say("data_reach", page.language),
        ),
        Shown(
            "form_version_name",
            "card.form_version_name::text",
            say("newest_form", page.language),
        ),
        Shown(RELEASE, f"card.{RELEASE}::text", say("newest_release", page.language)),
    ]
    card = Card(
        key=f"{drawn.key}/{name}",
        collection=page.folder,
        database=page.reader.role,
        name=f"{drawn.spec.dashboard.code} · {say('state_of_data', page.language)}",
        description=None,
        display="table",
        sql=select(query, shown=shown, filters={}, order=["1"]),
        settings={"column_settings": column_settings(shown, page.language)},
    )
    drawn.cards.append(card)
    return Box(f"card/{name}", GRID, 3, card.key, {}, {})


def _boxes(drawn: _Drawn, card: QueryCard | NoteCard) -> list[Box]:
    page = drawn.page
    if isinstance(card, NoteCard):
        lines = [f"### {page.words(card.title)}"]
        lines += [page.words(paragraph) for paragraph in card.paragraphs]
        return [words(f"note/{card.id}", "\n\n".join(lines))]
    asked = _asked(drawn, card)
    return [_box(drawn, card, chart, asked) for chart in charts_of(asked)]


def _asked(drawn: _Drawn, card: QueryCard) -> Asked:
    page, spec = drawn.page, drawn.spec
    where = f"{spec.name}, card {card.id}"
    query = page.query(spec, card.query_name, where)
    events = None
    if isinstance(card, TrendCard) and card.events:
        events = page.query(spec, card.events, f"{spec.name}, events of card {card.id}")
    filters = {
        name: sql
        for name, sql in filters_of(query, page.language).items()
        if drawn.drivers.get(name) != card.id
    }
    return Asked(card, query, page.language, filters, events)


def _box(drawn: _Drawn, card: QueryCard, chart: Chart, asked: Asked) -> Box:
    page = drawn.page
    name = f"{card.id}/{chart.suffix}" if chart.suffix else card.id
    key = f"{drawn.key}/{name}"
    asked_for = parameters_of(chart.sql)
    fixed = {one: value for one, value in card.parameters.items() if one in asked_for}
    used = [one for one in asked.filters if f"{{{{{one}}}}}" in chart.sql]
    ids = {one: tag_id(key, one) for one in (*used, *fixed)}
    parts = [card.subtitle, card.note]
    drawn.cards.append(
        Card(
            key=key,
            collection=page.folder,
            database=page.reader.role,
            name=page.words(card.title) + chart.title,
            description=" ".join(page.words(part) for part in parts if part) or None,
            display=chart.display,
            sql=with_tags(chart.sql, sorted(fixed)),
            tags=tags(ids, page.language, fixed),
            settings=chart.settings,
        )
    )
    settings = _clicks(drawn, card, chart)
    mappings = {one: one for one in used}
    width = WIDTHS[card.width]
    return Box(f"card/{name}", width, chart.height, key, settings, mappings)


def _clicks(drawn: _Drawn, card: QueryCard, chart: Chart) -> dict[str, Any]:
    driven = [
        name
        for name, driver in drawn.drivers.items()
        if driver == card.id and name in chart.shown
    ]
    if not driven:
        return {}
    return {
        "column_settings": {
            column_key(name): {"click_behavior": crossfilter(name, name)}
            for name in driven
        }
    }
