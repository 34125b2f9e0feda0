"""Write collections, cards and dashboards: read again before, and once more after.

Metabase has no way to write only if nothing has changed; reading again just before the
write leaves a moment too short for a person, and whoever is faster is told.
"""

import json
from collections.abc import Iterable, Mapping

from dashboards.errors import MetabaseChangedError, MetabaseRejectedError
from dashboards.metabase.plan import Step
from dashboards.metabase.there.reading import (
    MANAGED_BY,
    Found,
    There,
    found_of,
    items,
    key_and_hash,
    read_one,
)
from dashboards.metabase.there.symbols import Raw, with_numbers, written_query
from dashboards.metabase.transport import Transport
from dashboards.metabase.wanted.things import (
    HASH,
    KEY,
    Card,
    Collection,
    Dashboard,
    Dashcard,
    Form,
    bare,
    differing,
    hash_of,
)


class Writer:
    """Writes to one Metabase what a plan says.

    Args:
        transport: Of an administrator.
        there: What was read; numbers of new things are noted in it.
    """

    def __init__(self, transport: Transport, there: There) -> None:
        self._transport = transport
        self._there = there
        self._has_restored = False

    def write_collection(self, one: Collection) -> None:
        """Make a collection, or give it its name and words again."""
        body: Raw = {"name": one.name, "description": one.description}
        known = self._there.collections.get(one.key)
        if known is not None:
            self._transport.put(f"/api/collection/{known['id']}", body)
            return
        body["parent_id"] = self._there.symbols.collections.get(one.parent or "")
        made = self._transport.create(
            "/api/collection", body, lambda: self._find_collection(one)
        )
        self._there.collections[one.key] = made
        self._there.symbols.collections[one.key] = made["id"]

    def _find_collection(self, one: Collection) -> Raw | None:
        mark = f"[{KEY} {one.key}]"
        for raw in self._transport.get("/api/collection"):
            if mark in (raw.get("description") or "") and not raw.get("archived"):
                found: Raw = raw
                return found
        return None

    def write_card(self, card: Card, step: Step) -> None:
        """Make a card, or bring it to what it should be.

        Raises:
            MetabaseChangedError: Somebody changed it since the plan.
            MetabaseRejectedError: Metabase stored something else.
        """
        symbols = self._there.symbols
        body: Raw = {
            "name": card.name,
            "description": card.description,
            "display": card.display,
            "collection_id": symbols.collections[card.collection],
            "dataset_query": written_query(
                card.sql, card.tags, symbols.databases[card.database]
            ),
            "visualization_settings": {
                **card.settings,
                KEY: card.key,
                HASH: hash_of(card.form),
            },
        }
        if step.found is None:
            made = self._create("card", card, {**body, "type": "question"})
            symbols.cards[card.key] = made["id"]
            number = made["id"]
        else:
            number = step.found.number
            self._require_unchanged(step.found)
            self._has_restored |= step.found.form["archived"]
            self._transport.put(f"/api/card/{number}", {**body, "archived": False})
        self._require_written("card", number, card.form)

    def begin_dashboard(self, board: Dashboard) -> None:
        """Make an empty dashboard, so that others can link to it."""
        body = {
            "name": board.name,
            # Its key, until it is filled and carries it where nobody sees it.
            "description": f"[{KEY} {board.key}]",
            "collection_id": self._there.symbols.collections[board.collection],
        }
        made = self._create("dashboard", board, body)
        self._there.symbols.dashboards[board.key] = made["id"]

    def write_dashboard(self, board: Dashboard, step: Step) -> None:
        """Fill a dashboard, keeping the numbers of all that stays on it.

        Raises:
            MetabaseChangedError: Somebody changed it since the plan.
            MetabaseRejectedError: Metabase stored something else.
        """
        symbols = self._there.symbols
        number = symbols.dashboards[board.key]
        if step.found is not None:
            self._require_unchanged(step.found)
        raw = self._transport.get(f"/api/dashboard/{number}")
        tabs = _numbers({tab["name"]: tab["id"] for tab in raw["tabs"]}, board.tabs)
        known = {
            (card.get("visualization_settings") or {}).get(KEY): card["id"]
            for card in raw["dashcards"]
        }
        cards = _numbers(known, [card.key for card in board.dashcards])
        mark = {"managed_by": MANAGED_BY, "key": board.key, "hash": hash_of(board.form)}
        body = {
            "name": board.name,
            "description": board.description,
            "caveats": json.dumps(mark),
            "collection_id": symbols.collections[board.collection],
            "parameters": [{**one, "isMultiSelect": False} for one in board.filters],
            "width": "full",
            "archived": False,
            "tabs": [{"id": tabs[name], "name": name} for name in board.tabs],
            "dashcards": [
                self._dashcard(card, cards[card.key], tabs) for card in board.dashcards
            ],
        }
        self._transport.put(f"/api/dashboard/{number}", body)
        self._require_written("dashboard", number, board.form)

    def _dashcard(self, card: Dashcard, number: int, tabs: Mapping[str, int]) -> Raw:
        symbols = self._there.symbols
        settings = {**card.settings, KEY: card.key}
        if "text" in settings:
            settings["text"] = with_numbers(settings["text"], symbols)
        card_id = symbols.cards[card.card] if card.card else None
        row, column, width, height = card.place
        return {
            "id": number,
            "card_id": card_id,
            "dashboard_tab_id": tabs[card.tab],
            "row": row,
            "col": column,
            "size_x": width,
            "size_y": height,
            "series": [],
            "visualization_settings": settings,
            "parameter_mappings": [
                {
                    "parameter_id": name,
                    "card_id": card_id,
                    "target": ["variable", ["template-tag", tag]],
                }
                for name, tag in card.mappings.items()
            ],
        }

    def archive(self, step: Step) -> None:
        """Put what no spec asks for into Metabase's trash, whence it can come back.

        Raises:
            MetabaseChangedError: Somebody changed it since the plan.
        """
        if step.kind == "collection":
            number = self._there.symbols.collections[step.key]
            self._transport.put(f"/api/collection/{number}", {"archived": True})
        elif step.found is not None:
            self._require_unchanged(step.found)
            path = f"/api/{step.kind}/{step.found.number}"
            self._transport.put(path, {"archived": True})

    def _create(self, kind: str, thing: Card | Dashboard, body: Raw) -> Raw:
        collection = self._there.symbols.collections[thing.collection]

        def look() -> Raw | None:
            for stub in items(self._transport, collection):
                if (stub["model"], stub["name"]) == (kind, thing.name):
                    raw = read_one(self._transport, stub)
                    if key_and_hash(kind, raw)[0] == thing.key:
                        return raw
            return None

        made: Raw = self._transport.create(f"/api/{kind}", body, look)
        return made

    def _require_unchanged(self, found: Found) -> None:
        raw = self._transport.find(f"/api/{found.kind}/{found.number}")
        # Taken anew: numbers of things made meanwhile have keys now.
        now = found_of(found.kind, raw, self._there.symbols) if raw else None
        before = found_of(found.kind, found.raw, self._there.symbols)
        is_same = (
            raw is not None
            and now is not None
            and before is not None
            and raw.get("updated_at") == found.raw.get("updated_at")
        )
        # A card that came out of the trash is on its dashboards again: our own doing.
        is_ours = self._has_restored and found.kind == "dashboard"
        if now and before and not is_ours:
            is_same &= bare(now.form) == bare(before.form)
        if not is_same:
            raise MetabaseChangedError(
                f"The {found.kind} {found.form['name']!r} was changed in "
                f"{self._transport.url} while we worked: look at it, then run plan "
                "again."
            )

    def _require_written(self, kind: str, number: int, wanted: Form) -> None:
        raw = self._transport.get(f"/api/{kind}/{number}")
        found = found_of(kind, raw, self._there.symbols)
        fields = differing(wanted, found.form) if found else ("mark",)
        if fields:
            raise MetabaseRejectedError(
                f"{self._transport.url} took the {kind} {wanted['name']!r} but stored "
                f"another {', '.join(fields)}: this version of Metabase does not keep "
                "what we write, or somebody else changed it that moment; run plan."
            )


def _numbers(known: Mapping[str | None, int], wanted: Iterable[str]) -> dict[str, int]:
    """Return the number of each; a new one gets one below zero, as Metabase asks."""
    found: dict[str, int] = {}
    for index, name in enumerate(wanted, start=1):
        found[name] = known.get(name, -index)
    return found
