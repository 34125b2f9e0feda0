"""One dashboard in one language as one HTML page that needs nothing but itself."""

import base64
import gzip
import json
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from dashboards.contents import (
    Content,
    DashboardContent,
    definition_versions,
    is_wholly_in,
    panels,
)
from dashboards.demands import row_key
from dashboards.formats import month
from dashboards.spec import (
    AreaCard,
    AskingCard,
    BarCard,
    ComboCard,
    DefinitionCard,
    DistributionCard,
    FunnelCard,
    IntervalCard,
    LineCard,
    MapCard,
    NoteCard,
    NumberCard,
    PivotCard,
    ProgressCard,
    StripCard,
    TableCard,
    TrendCard,
)
from dashboards.spec_file import Spec
from dashboards.static import theme
from dashboards.static.calendar_panels import (
    area_panels,
    area_shade,
    combo_panels,
    line_panels,
)
from dashboards.static.definitions import definitions
from dashboards.static.drawing import strip_panels, trend_panels
from dashboards.static.filters import page_filters
from dashboards.static.maps import map_panels, map_tiles
from dashboards.static.pivots import pivot_table
from dashboards.static.rows import (
    bar_panels,
    class_names,
    distribution_panels,
    funnel_panels,
    interval_panels,
    progress_panels,
    spread_shade,
)
from dashboards.static.shapes import Chart
from dashboards.static.tables import plain_table, table_of
from dashboards.static.tiles import number_tiles
from dashboards.static.views import (
    CardView,
    Key,
    Panel,
    basis,
    release_name,
    shown_releases,
)
from dashboards.words import page_words, say
from pages import Language, Said

HERE = Path(__file__).parent
LINES = ("first", "second")  # marks of a trend's lines, as the style sheet has them
VEGA_LITE = "6.4"  # the version that Altair 6 writes


def page_name(spec: Spec, language: Language) -> str:
    """Return the page's file name."""
    return f"{spec.slug}.{language}.html"


def render_page(
    content: DashboardContent,
    language: Language,
    languages: Sequence[Language],
    *,
    is_synthetic: bool,
    neighbours: Sequence[Spec] = (),
) -> str:
    """Return the page as HTML.

    Args:
        content: The dashboard with its rows.
        language: The page's own.
        languages: Those the page links to.
        is_synthetic: Whether every chart is stamped as synthetic.
        neighbours: All dashboards of the site, which each page links to.
    """
    dashboard = content.spec.dashboard
    stamp = say("synthetic", language) if is_synthetic else ""
    cards = {
        card.id: card_view(content.cards[card.id], language, stamp)
        for card in dashboard.cards
    }
    charts = {
        chart_id(view.id, place): panel.chart
        for view in cards.values()
        for place, panel in enumerate(view.panels, start=1)
        if panel.chart
    }
    return _template("page.html.j2").render(
        language=language,
        words=page_words(language),
        dashboard=dashboard,
        cards=cards,
        stamp=stamp,
        others=[
            (other, page_name(content.spec, other), say("read_here", other))
            for other in languages
            if other != language
        ],
        neighbours=[(spec.dashboard, page_name(spec, language)) for spec in neighbours],
        filters=page_filters(content, language),
        state=_state_words(content, language),
        is_whole=is_wholly_in(content, language),
        versions=definition_versions(dashboard, content),
        style=_asset("style.css"),
        script=_asset("page.js"),
        libraries=_libraries() if charts else "",
        config=_json(theme.CONFIG),
        charts=_packed(charts),
        chart_id=chart_id,
    )


def render_index(
    specs: Sequence[Spec],
    languages: Sequence[Language],
    *,
    is_synthetic: bool,
) -> str:
    """Return the page that lists every dashboard in every language."""
    return _template("index.html.j2").render(
        words={language: page_words(language) for language in languages},
        languages=languages,
        dashboards=[
            (spec.dashboard, {code: page_name(spec, code) for code in languages})
            for spec in specs
        ],
        is_synthetic=is_synthetic,
        style=_asset("style.css"),
    )


def chart_id(card: str, place: int) -> str:
    """Return the id of the chart in a card's panel, counted from 1."""
    return f"chart-{card}-{place}"


def card_view(content: Content, language: Language, stamp: str) -> CardView:
    """Return a card as the template wants it."""
    card = content.card
    view = CardView(
        id=card.id,
        kind=card.kind,
        title=card.title.said(language),
        subtitle=card.subtitle.said(language) if card.subtitle else None,
        note=card.note.said(language) if card.note else None,
        width=card.width,
        notice=_card_notice(content, language),
        basis=basis(content, language),
        price=(card.price or "") if isinstance(card, AskingCard) else "",
    )
    _fill(view, content, language, stamp)
    return view


def _fill(view: CardView, content: Content, language: Language, stamp: str) -> None:
    match content.card:
        case NoteCard() as card:
            view.paragraphs.extend(words.said(language) for words in card.paragraphs)
        case DefinitionCard() as card:
            view.definitions.extend(definitions(content, card, language))
        case TableCard() as card:
            view.tables.append(plain_table(content, card, language))
        case PivotCard() as card:
            view.tables.append(pivot_table(content, card, language))
        case card:
            view.panels.extend(_panels(content, language, stamp))
            view.keys.extend(_keys(content, language))
            view.tables.append(table_of(content, card, language))
            if isinstance(card, NumberCard):
                view.tiles.extend(number_tiles(content, card, language))
            if isinstance(card, MapCard):
                view.tiles.extend(map_tiles(content, card, language))


_DRAWN: dict[type, Callable[[Content, Any, Language, str], list[Panel]]] = {
    TrendCard: trend_panels,
    LineCard: line_panels,
    AreaCard: area_panels,
    ComboCard: combo_panels,
    IntervalCard: interval_panels,
    BarCard: bar_panels,
    DistributionCard: distribution_panels,
    ProgressCard: progress_panels,
    MapCard: map_panels,
    FunnelCard: funnel_panels,
    StripCard: strip_panels,
}


def _panels(content: Content, language: Language, stamp: str) -> list[Panel]:
    draw = _DRAWN.get(type(content.card))
    return draw(content, content.card, language, stamp) if draw else []


def _keys(content: Content, language: Language) -> list[Key]:
    """Return the legend: lines and parts, classes of a whole, releases of a figure."""
    match content.card:
        case TrendCard() | LineCard() | AreaCard() | ComboCard() as card:
            return _measure_keys(card, language)
        case DistributionCard() as card:
            names = class_names(content, card, language)
            return [
                Key(f"shade-{spread_shade(index, len(names))}", Said(name, language))
                for index, name in enumerate(names)
            ]
        case IntervalCard():
            return _release_keys(content, language, "circle")
        case BarCard() | FunnelCard() | ProgressCard():
            return _release_keys(content, language, "bar")
        case _:
            return []


def _measure_keys(
    card: TrendCard | LineCard | AreaCard | ComboCard, language: Language
) -> list[Key]:
    marks: Sequence[str] = LINES
    if isinstance(card, AreaCard):
        count = len(card.parts)
        marks = [f"shade-{area_shade(n, count)} edge-{n}" for n in range(count)]
    if isinstance(card, ComboCard):
        marks = ["counted", "second-line"]
    return [
        Key(mark, measure.label.said(language), measure.price or "")
        for measure, mark in zip(card.measures, marks, strict=False)
        if measure.label
    ]


def _release_keys(content: Content, language: Language, mark: str) -> list[Key]:
    names = [release_name(code, language) for code in shown_releases(content)]
    return [
        Key(shape, Said(name, language))
        for shape, name in zip((mark, "diamond"), names, strict=False)
    ]


def _card_notice(content: Content, language: Language) -> str:
    """Return what holds for the card, where its parts do not carry it each."""
    card = content.card
    said = []
    if content.relaunched:
        names = [
            name for name, _ in panels(content.relaunched, row_key(card)[0], language)
        ]
        said.append(f"{say('several_launches', language)} {', '.join(names)}.")
    if (
        isinstance(card, TableCard | DefinitionCard | PivotCard)
        and content.has_suppressed
    ):
        said.append(say("suppressed_some", language))
    return " ".join(said)


def _state_words(content: DashboardContent, language: Language) -> list[str]:
    state = content.state
    reach, form = state["latest_journal_month"], state["form_version_name"]
    release = state["release_code"]
    known = {
        "data_reach": month(reach, language) if isinstance(reach, date) else "",
        "newest_release": str(release or ""),
        "newest_form": str(form or ""),
    }
    return [f"{say(key, language)} {words}" for key, words in known.items() if words]


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _asset(name: str) -> Markup:
    return Markup((HERE / name).read_text(encoding="utf-8"))  # noqa: S704 - our own file


@cache
def _libraries() -> Markup:
    """Return Vega, Vega-Lite and Vega-Embed as one script, from their own package."""
    bundle = vl_convert.javascript_bundle(
        "window.vegaEmbed = vegaEmbed;", vl_version=VEGA_LITE
    )
    return Markup(f"(function () {{\n{bundle}\n}})();")  # noqa: S704 - a library


def _json(value: object) -> Markup:
    """Return JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - escaped just here


def _packed(charts: dict[str, Chart]) -> str:
    """Return the specifications as the browser unpacks them.

    Charts of one card differ in little but their figures, and a reader of many places
    has hundreds: packed, they take a tenth of the room.
    """
    packed = gzip.compress(_json(charts).encode(), mtime=0)
    return base64.b64encode(packed).decode("ascii")
