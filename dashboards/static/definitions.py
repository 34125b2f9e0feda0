"""The definition card: each headline with its variants side by side."""

from collections.abc import Sequence
from itertools import groupby
from typing import cast, get_args

from dashboards.contents import Content, panels, published_release
from dashboards.formats import named, said
from dashboards.queries import Row
from dashboards.spec import DefinitionCard, Format, Measure
from dashboards.static.pivots import released_and_live
from dashboards.static.views import Definition, Table, split_releases
from dashboards.words import say
from pages import Language, Said

SIGNED = frozenset({"percent", "percentage_points", "points"})


def definitions(
    content: Content, card: DefinitionCard, language: Language
) -> list[Definition]:
    """Return one entry for each metric, by its code."""
    release = published_release(content.rows)
    ordered = sorted(content.rows, key=lambda row: str(row["metric_code"]))
    return [
        _definition(list(rows), card, language, release)
        for _, rows in groupby(ordered, key=lambda row: str(row["metric_code"]))
    ]


def _definition(
    rows: Sequence[Row],
    card: DefinitionCard,
    language: Language,
    release: str | None,
) -> Definition:
    first = rows[0]
    name = said(first, "metric_name", language)
    places = [name for name, _ in panels(rows, card.item, language)]
    variants: dict[str, list[Row]] = {}
    for row in rows:
        variants.setdefault(str(row["variant_code"]), []).append(row)
    lines = []
    for own in variants.values():
        by_place = dict(panels(own, card.item, language))
        cells = [
            _cell(by_place.get(place, []), card, language, release) for place in places
        ]
        lines.append([named(own[0], "variant_code", language), *cells])
    return Definition(
        name=Said(f"{first['metric_code']} {name.text}", name.language),
        text=said(first, "definition", language),
        formula=str(first["formula"]),
        version=str(first["definition_version"]),
        table=Table([say("definition", language), *places], lines),
    )


def _cell(
    rows: Sequence[Row],
    card: DefinitionCard,
    language: Language,
    release: str | None,
) -> str:
    chosen = [row for group in split_releases(rows, release) for row in group]
    return released_and_live([(row, _measure(row, card)) for row in chosen], language)


def _measure(row: Row, card: DefinitionCard) -> Measure:
    kind = str(row["format_code"])
    known = cast("Format", kind if kind in get_args(Format) else "text")
    return Measure(
        column=card.value,
        format=known,
        families=card.families,
        low=card.low,
        high=card.high,
        is_signed=bool(row.get("is_change")) and known in SIGNED,
    )
