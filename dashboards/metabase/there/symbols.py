"""From Metabase's numbers to our keys and back; its many ways of saying one thing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboards.metabase.wanted.things import HASH, KEY, Form

Raw = dict[str, Any]
LINK = re.compile(r"/dashboard/([0-9]+)\b")
KEYED_LINK = re.compile(r"/dashboard/(metabase_[a-z0-9_]+/[a-z]+/[a-z0-9_]+)")
NATIVE_STAGE = "mbql.stage/native"
TAG_PARTS = ("id", "name", "display-name", "type", "required", "default")
FILTER_PARTS = (
    "id",
    "name",
    "slug",
    "type",
    "sectionId",
    "default",
    "values_query_type",
    "values_source_type",
    "values_source_config",
)


@dataclass(slots=True)
class Symbols:
    """Numbers by key, of one Metabase.

    Attributes:
        databases: Number of each connection by its role.
        collections: Of each managed collection.
        cards: Of each card of ours.
        dashboards: Of each dashboard of ours.
    """

    databases: dict[str, int] = field(default_factory=dict)
    collections: dict[str, int] = field(default_factory=dict)
    cards: dict[str, int] = field(default_factory=dict)
    dashboards: dict[str, int] = field(default_factory=dict)


def named(numbers: Mapping[str, int], number: int | None, what: str) -> str | None:
    """Return the key behind a number; of what is not ours, its kind and number."""
    if number is None:
        return None
    for key, known in numbers.items():
        if known == number:
            return key
    return f"{what} {number}"


def card_form(raw: Raw, symbols: Symbols) -> Form:
    """Return what is compared of a card."""
    sql, tags = native_query(raw.get("dataset_query") or {})
    database = raw.get("database_id") or (raw.get("dataset_query") or {}).get(
        "database"
    )
    return {
        "name": raw.get("name"),
        "description": raw.get("description"),
        "collection": named(
            symbols.collections, raw.get("collection_id"), "collection"
        ),
        "database": named(symbols.databases, database, "database"),
        "display": raw.get("display"),
        "sql": sql,
        "tags": tags,
        "settings": without_marks(raw.get("visualization_settings") or {}),
        "archived": bool(raw.get("archived")),
    }


def native_query(query: Raw) -> tuple[str | None, Form]:
    """Return SQL and template tags, whichever way Metabase gives them.

    Up to 62 it gives tags by name, from 63 on a list; a query comes in stages since 57,
    and before, or where somebody asked for it, under `native`.
    """
    stages = query.get("stages")
    if stages:
        first = stages[0] if stages[0].get("lib/type") == NATIVE_STAGE else {}
        sql, tags = first.get("native"), first.get("template-tags")
    else:
        native = query.get("native") or {}
        sql, tags = native.get("query"), native.get("template-tags")
    listed = tags if isinstance(tags, list) else list((tags or {}).values())
    return sql, {
        tag["name"]: {part: tag[part] for part in TAG_PARTS if part in tag}
        for tag in listed
    }


def written_query(sql: str, tags: Mapping[str, Form], database: int) -> Raw:
    """Return a query as every supported version takes it."""
    stage: Raw = {"lib/type": NATIVE_STAGE, "native": sql}
    if tags:
        stage["template-tags"] = dict(tags)
    return {"lib/type": "mbql/query", "database": database, "stages": [stage]}


def without_marks(settings: Mapping[str, Any]) -> Form:
    """Return settings without the marks of ours."""
    return {name: value for name, value in settings.items() if name not in {KEY, HASH}}


def dashboard_form(raw: Raw, symbols: Symbols) -> Form:
    """Return what is compared of a dashboard."""
    tabs = {tab["id"]: tab["name"] for tab in raw.get("tabs") or []}
    dashcards = [
        _dashcard_form(dashcard, tabs, symbols) for dashcard in raw.get("dashcards", [])
    ]
    return {
        "name": raw.get("name"),
        "description": raw.get("description"),
        "collection": named(
            symbols.collections, raw.get("collection_id"), "collection"
        ),
        "filters": [
            {part: one[part] for part in FILTER_PARTS if part in one}
            for one in raw.get("parameters") or []
        ],
        "tabs": list(tabs.values()),
        "dashcards": sorted(
            dashcards, key=lambda one: (one["tab"], one["place"], one["key"])
        ),
        "width": raw.get("width"),
        "archived": bool(raw.get("archived")),
    }


def _dashcard_form(raw: Raw, tabs: Mapping[int, str], symbols: Symbols) -> Form:
    settings = dict(raw.get("visualization_settings") or {})
    key = settings.get(KEY) or f"dashcard {raw['id']}"
    if "text" in settings:
        settings["text"] = LINK.sub(
            lambda found: _keyed(found, symbols), settings["text"]
        )
    return {
        "key": key,
        "tab": tabs.get(raw.get("dashboard_tab_id") or 0, ""),
        "place": [raw["row"], raw["col"], raw["size_x"], raw["size_y"]],
        "card": named(symbols.cards, raw.get("card_id"), "card"),
        "settings": without_marks(settings),
        "mappings": {
            mapping["parameter_id"]: _tag_of(mapping["target"])
            for mapping in raw.get("parameter_mappings") or []
        },
    }


def _keyed(found: re.Match[str], symbols: Symbols) -> str:
    key = named(symbols.dashboards, int(found[1]), "dashboard")
    return f"/dashboard/{key}" if key and "/" in key else found[0]


def _tag_of(target: Any) -> str:  # noqa: ANN401 - any JSON
    is_ours = isinstance(target, list) and target[:1] == ["variable"]
    return str(target[1][1]) if is_ours else repr(target)


def with_numbers(text: str, symbols: Symbols) -> str:
    """Return words with links to dashboards by number."""
    return KEYED_LINK.sub(
        lambda found: f"/dashboard/{symbols.dashboards[found[1]]}", text
    )
