"""Read what a Metabase holds of ours: found by marks in it, with no memory of ours."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from dashboards.metabase.there.symbols import (
    Raw,
    Symbols,
    card_form,
    dashboard_form,
)
from dashboards.metabase.transport import Transport
from dashboards.metabase.wanted.things import HASH, KEY, Content, Form

ROLE_PREFIX = "metabase_"
PAGE = 200
MANAGED_BY = "family-journal-warehouse"
COLLECTION_MARK = re.compile(re.escape(f"[{KEY} ") + r"(?P<key>[^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Found:
    """A card or dashboard of ours that is there.

    Attributes:
        kind: `card` or `dashboard`.
        number: Metabase's.
        key: Ours.
        form: What is compared.
        written_hash: Of the form that we wrote last; None where the mark is lost.
        raw: As Metabase gives it.
    """

    kind: str
    number: int
    key: str
    form: Form
    written_hash: str | None
    raw: Raw


@dataclass(frozen=True, slots=True)
class Stranger:
    """Something in a managed collection that somebody made by hand."""

    kind: str
    number: int
    name: str


@dataclass(slots=True)
class There:
    """What a Metabase holds.

    Attributes:
        symbols: Our keys of its numbers.
        databases: Connections of ours by role.
        collections: Managed collections by key.
        found: Cards and dashboards of ours by kind and key.
        doubled: Further ones of a key that is there already.
        strangers: What is not ours in managed collections.
    """

    symbols: Symbols = field(default_factory=Symbols)
    databases: dict[str, Raw] = field(default_factory=dict)
    collections: dict[str, Raw] = field(default_factory=dict)
    found: dict[tuple[str, str], Found] = field(default_factory=dict)
    doubled: list[Found] = field(default_factory=list)
    strangers: list[Stranger] = field(default_factory=list)


def read_there(
    transport: Transport,
    wanted: Content,
    on_step: Callable[[str], None] = lambda _: None,
) -> There:
    """Return what is there.

    Args:
        transport: Of an administrator.
        wanted: Tells by which names things of ours may lie in the trash.
        on_step: Told what is read next.

    Raises:
        MetabaseError: It cannot be read.
    """
    there = There()
    read_databases(transport, there)
    read_collections(transport, there)
    raws: list[tuple[str, Raw]] = []
    for key, collection in there.collections.items():
        on_step(f"Reading {key}")
        raws += [
            (stub["model"], read_one(transport, stub))
            for stub in items(transport, collection["id"])
        ]
    raws += _trashed(transport, wanted)
    _note_numbers(there, raws)
    for kind, raw in sorted(raws, key=lambda one: (one[1]["archived"], one[1]["id"])):
        note(there, kind, raw)
    return there


def read_databases(transport: Transport, there: There) -> None:
    """Note the connections of ours: those whose user is a role for Metabase."""
    answer = transport.get("/api/database")
    for raw in answer["data"] if isinstance(answer, dict) else answer:
        user = str((raw.get("details") or {}).get("user") or "")
        if raw.get("engine") == "postgres" and user.startswith(ROLE_PREFIX):
            there.databases.setdefault(user, raw)
            there.symbols.databases.setdefault(user, raw["id"])


def read_collections(transport: Transport, there: There) -> None:
    """Note the managed collections: their description tells the key."""
    for raw in sorted(
        transport.get("/api/collection"), key=lambda one: str(one["id"]).zfill(9)
    ):
        mark = COLLECTION_MARK.search(raw.get("description") or "")
        if mark and not raw.get("archived"):
            there.collections.setdefault(mark["key"], raw)
            there.symbols.collections.setdefault(mark["key"], raw["id"])


def items(transport: Transport, collection: int | str, **more: str) -> Iterator[Raw]:
    """Yield the cards and dashboards of a collection, in short."""
    offset = 0
    while True:
        asked = [("models", "card"), ("models", "dashboard"), *more.items()]
        asked += [("limit", str(PAGE)), ("offset", str(offset))]
        path = f"/api/collection/{collection}/items?{urlencode(asked)}"
        page = transport.get(path)
        yield from page["data"]
        offset += PAGE
        if offset >= (page.get("total") or 0):
            return


def read_one(transport: Transport, stub: Raw) -> Raw:
    """Return a card or dashboard in full."""
    raw: Raw = transport.get(f"/api/{stub['model']}/{stub['id']}")
    return raw


def key_and_hash(kind: str, raw: Raw) -> tuple[str | None, str | None]:
    """Return the marks of a card or dashboard."""
    if kind == "card":
        settings = raw.get("visualization_settings") or {}
        return settings.get(KEY), settings.get(HASH)
    try:
        mark = json.loads(raw.get("caveats") or "{}")
    except ValueError:
        mark = {}
    if isinstance(mark, dict) and mark.get("managed_by") == MANAGED_BY:
        return mark.get("key"), mark.get("hash")
    # One that was made but not filled yet carries its key where a person sees it.
    begun = COLLECTION_MARK.search(raw.get("description") or "")
    return (begun["key"], None) if begun else (None, None)


def found_of(kind: str, raw: Raw, symbols: Symbols) -> Found | None:
    """Return a thing of ours; None of any other."""
    key, written = key_and_hash(kind, raw)
    if key is None:
        return None
    form_of = card_form if kind == "card" else dashboard_form
    return Found(kind, raw["id"], key, form_of(raw, symbols), written, raw)


def note(there: There, kind: str, raw: Raw) -> None:
    """Note one card or dashboard."""
    found = found_of(kind, raw, there.symbols)
    if found is None:
        if not raw["archived"]:
            there.strangers.append(Stranger(kind, raw["id"], str(raw["name"])))
    elif (kind, found.key) not in there.found:
        there.found[kind, found.key] = found
    elif not raw["archived"]:
        there.doubled.append(found)


def _note_numbers(there: There, raws: Sequence[tuple[str, Raw]]) -> None:
    """Note every number before any form is made: dashboards speak of cards."""
    ordered = sorted(raws, key=lambda one: (one[1]["archived"], one[1]["id"]))
    for kind, raw in ordered:
        key, _ = key_and_hash(kind, raw)
        if key:
            numbers = (
                there.symbols.cards if kind == "card" else there.symbols.dashboards
            )
            numbers.setdefault(key, raw["id"])


def _trashed(transport: Transport, wanted: Content) -> list[tuple[str, Raw]]:
    names = _names(wanted.cards) | _names(wanted.dashboards)
    trash = transport.find("/api/collection/trash")
    if not trash:
        return []
    return [
        (stub["model"], read_one(transport, stub))
        for stub in items(transport, trash["id"], archived="true")
        if stub["name"] in names
    ]


def _names(things: Iterable[object]) -> set[str]:
    return {str(getattr(thing, "name", "")) for thing in things}
