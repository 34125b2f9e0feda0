"""Collections, cards and dashboards as they should be, by keys of ours.

A form is plain JSON: what is compared, hashed and shown. Metabase's own numbers never
stand in one, so the same specs give the same forms in every Metabase.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Form = dict[str, Any]

KEY = "journal.key"  # beside a card's settings, where Metabase keeps what it is given
HASH = "journal.hash"
NAMESPACE = uuid.UUID("6b2f2f0c-1f0d-4f5e-9d53-0f1f2f3a7c11")


def hash_of(form: Form) -> str:
    """Return a short hash of a form."""
    text = json.dumps(bare(form), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def bare(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the JSON without what is empty: Metabase gives null, [] and {} alike."""
    if isinstance(value, Mapping):
        filled = {key: bare(inner) for key, inner in value.items()}
        return {
            key: inner for key, inner in filled.items() if inner not in (None, [], {})
        }
    if isinstance(value, list | tuple):
        return [bare(inner) for inner in value]
    return value


def differing(one: Form, other: Form) -> tuple[str, ...]:
    """Return the names of what differs between two forms."""
    first, second = bare(one), bare(other)
    return tuple(
        name
        for name in sorted({*first, *second})
        if first.get(name) != second.get(name)
    )


def tag_id(key: str, name: str) -> str:
    """Return the id of a template tag, the same in every run."""
    return str(uuid.uuid5(NAMESPACE, f"{key}/{name}"))


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder. Its key is part of the key of all that lies in it."""

    key: str
    name: str
    parent: str | None
    words: str

    @property
    def description(self) -> str:
        """Return what it says of itself; the key in it tells it from any other."""
        return f"{self.words} [{KEY} {self.key}]"


@dataclass(frozen=True, slots=True)
class Card:
    """One question.

    Attributes:
        key: Such as `metabase_mexico/en/d1_multi_site_overview/sites_now`.
        collection: Key of the collection.
        database: Role of the connection it runs through.
        name: Title.
        description: What people read beside it.
        display: One of Metabase's charts.
        sql: With `{{tags}}`.
        tags: Template tags by name.
        settings: Of the chart.
    """

    key: str
    collection: str
    database: str
    name: str
    description: str | None
    display: str
    sql: str
    tags: Mapping[str, Form] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """Return what is compared."""
        return {
            "name": self.name,
            "description": self.description,
            "collection": self.collection,
            "database": self.database,
            "display": self.display,
            "sql": self.sql,
            "tags": dict(self.tags),
            "settings": dict(self.settings),
            "archived": False,
        }


@dataclass(frozen=True, slots=True)
class Dashcard:
    """A card, or words, at its place on a dashboard.

    Attributes:
        key: Its own; a subscription knows it by the number behind it.
        tab: Name of the tab.
        place: Row, column, width and height in a grid of 24 columns.
        card: Key of the card; None where it is words.
        settings: What this dashboard says of the card.
        mappings: Template tag by filter.
    """

    key: str
    tab: str
    place: tuple[int, int, int, int]
    card: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    mappings: Mapping[str, str] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """Return what is compared."""
        return {
            "key": self.key,
            "tab": self.tab,
            "place": list(self.place),
            "card": self.card,
            "settings": dict(self.settings),
            "mappings": dict(self.mappings),
        }


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One dashboard in one language for one reader."""

    key: str
    collection: str
    name: str
    description: str
    filters: tuple[Form, ...]
    tabs: tuple[str, ...]
    dashcards: tuple[Dashcard, ...]

    @property
    def form(self) -> Form:
        """Return what is compared."""
        return {
            "name": self.name,
            "description": self.description,
            "collection": self.collection,
            "filters": [dict(one) for one in self.filters],
            "tabs": list(self.tabs),
            "dashcards": [card.form for card in in_reading_order(self.dashcards)],
            "width": "full",
            "archived": False,
        }


def in_reading_order(dashcards: tuple[Dashcard, ...]) -> list[Dashcard]:
    """Return the cards by tab, row and column, whatever order they came in."""
    return sorted(dashcards, key=lambda card: (card.tab, card.place, card.key))


@dataclass(frozen=True, slots=True)
class Content:
    """Everything in managed collections."""

    collections: tuple[Collection, ...]
    cards: tuple[Card, ...]
    dashboards: tuple[Dashboard, ...]
