"""The definition card: each headline with its variants side by side."""

from collections.abc import Sequence
from itertools import groupby
from typing import cast, get_args

from dashboards.contents import Content, is_suppressed, panels, published_release
from dashboards.formats import DASH, named
from dashboards.queries import Row
from dashboards.spec import DefinitionCard, Format, Language, Measure
from dashboards.static.views import (
    Definition,
    Table,
    families,
    figure,
    release_name,
    split_releases,
    uncertainty,
)
from dashboards.words import say

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
        name=f"{first['metric_code']} {named(first, 'metric_name', language)}",
        text=named(first, "definition", language),
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
    """Return the release's figure with interval and n, and the live one below."""
    main, live = split_releases(rows, release)
    lines = [_figure(row, card, language) for row in main]
    lines += [
        f"{release_name('live', language)}: {_figure(row, card, language)}"
        for row in live
    ]
    return "\n".join(lines) or DASH


def _figure(row: Row, card: DefinitionCard, language: Language) -> str:
    if is_suppressed(row):
        return say("suppressed", language)
    kind = str(row["format_code"])
    known = cast("Format", kind if kind in get_args(Format) else "text")
    measure = Measure(
        column=card.value,
        format=known,
        families=card.families,
        low=card.low,
        high=card.high,
        is_signed=bool(row.get("is_change")) and known in SIGNED,
    )
    spread = uncertainty(row, measure, language)
    parts = [figure(row, measure, language), f"({spread})" if spread else ""]
    return " ".join(part for part in [*parts, families(row, measure)] if part)
