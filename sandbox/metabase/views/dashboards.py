"""Dashboards: lists that are replaced as a whole, by number."""

from copy import deepcopy
from typing import Any

from sandbox.http_server.exchange import Answer, json_answer, refused
from sandbox.metabase import bodies
from sandbox.metabase.exchange import Raw
from sandbox.metabase.service import Call
from sandbox.metabase.stored import new_entity_id
from sandbox.metabase.views import cards

WITHOUT_TAB = "This dashboard has tab, makes sure every card has a tab"
PARAMETER_KEYS = set(bodies.Parameter.model_fields)
NULLABLE = ("description", "collection_id", "cache_ttl", "caveats")


def make_dashboard(call: Call) -> Answer:
    """Make an empty dashboard."""
    body = bodies.parsed(bodies.NewDashboard, call.request.body)
    call.require_level(body.collection_id, "write")
    if body.collection_id is not None:
        call.service.one(call.stored.collections, body.collection_id)
    number = call.stored.next_number()
    moment = call.stored.moment()
    call.stored.dashboards[number] = {
        "id": number,
        "name": body.name,
        "description": body.description,
        "archived": False,
        "collection_id": body.collection_id,
        "collection_position": body.collection_position,
        "cache_ttl": body.cache_ttl,
        "parameters": _parameters(call, body.parameters),
        "caveats": None,
        "points_of_interest": None,
        "width": "fixed",
        "auto_apply_filters": True,
        "enable_embedding": False,
        "embedding_params": None,
        "public_uuid": None,
        "creator_id": call.user,
        "entity_id": new_entity_id(),
        "created_at": moment,
        "updated_at": moment,
    }
    return json_answer(_rendered(call, call.stored.dashboards[number]))


def get_dashboard(call: Call, number: int) -> Answer:
    """Return one dashboard with all that is on it."""
    raw = call.service.one(call.stored.dashboards, number)
    call.require_level(raw["collection_id"], "read")
    return json_answer(_rendered(call, raw))


def change_dashboard(call: Call, number: int) -> Answer:
    """Change a dashboard; tabs and cards only where cards are sent."""
    raw = call.service.one(call.stored.dashboards, number)
    call.require_level(raw["collection_id"], "write")
    body = bodies.parsed(bodies.ChangedDashboard, call.request.body)
    changed = body.model_dump(
        exclude_unset=True, exclude={"tabs", "dashcards", "parameters"}
    )
    if body.dashcards is not None:
        _replace(call, number, body)
    raw |= {
        name: value
        for name, value in changed.items()
        if value is not None or name in NULLABLE
    }
    if body.parameters is not None:
        _change_parameters(call, raw, body.parameters)
    raw["updated_at"] = call.stored.moment()
    return json_answer(_rendered(call, raw))


def _change_parameters(
    call: Call, raw: Raw, parameters: list[bodies.Parameter]
) -> None:
    """Set the filters; a subscription that used one that goes is archived."""
    kept = {parameter.id for parameter in parameters}
    gone = {parameter["id"] for parameter in raw["parameters"]} - kept
    for pulse in call.stored.pulses.values():
        used = {parameter.get("id") for parameter in pulse["parameters"]}
        if pulse["dashboard_id"] == raw["id"] and used & gone:
            pulse["archived"] = True
    raw["parameters"] = _parameters(call, parameters)


def _parameters(call: Call, given: list[bodies.Parameter] | None) -> list[Raw]:
    found = [one.model_dump(exclude_unset=True) for one in given or []]
    if call.service.behaviour.drops_unknown_keys:
        found = [
            {name: value for name, value in one.items() if name in PARAMETER_KEYS}
            for one in found
        ]
    return found


def _replace(call: Call, number: int, body: bodies.ChangedDashboard) -> None:
    stored = call.stored
    numbers = _replace_tabs(call, number, body.tabs)
    sent = body.dashcards or []
    kept = {one.id for one in sent}
    for known in stored.cards_of(number):
        if known["id"] not in kept:
            del stored.dashcards[known["id"]]
            _forget_dashcard(call, known["id"])
    for one in sent:
        tab = numbers.get(one.dashboard_tab_id or 0)
        if numbers and tab is None:
            if len(numbers) > 1:
                raise refused(400, {"message": WITHOUT_TAB})
            tab = next(iter(numbers.values()))
        if one.card_id is not None:
            call.service.one(stored.cards, one.card_id)
        before = stored.dashcards.get(one.id, {})
        if before.get("dashboard_id") != number:
            before = {
                "id": stored.next_number(),
                "dashboard_id": number,
                "entity_id": new_entity_id(),
                "created_at": stored.moment(),
            }
        stored.dashcards[before["id"]] = {
            **before,
            **_placed(one),
            "dashboard_tab_id": tab,
            "updated_at": stored.moment(),
        }


def _placed(one: bodies.Dashcard) -> Raw:
    sent: dict[str, Any] = one.model_dump(exclude={"id", "dashboard_tab_id"})
    return {
        **sent,
        "parameter_mappings": sent["parameter_mappings"] or [],
        "visualization_settings": sent["visualization_settings"] or {},
        "series": sent["series"] or [],
    }


def _replace_tabs(
    call: Call, number: int, tabs: list[bodies.Tab] | None
) -> dict[int, int]:
    """Return the number of each tab by the number it was sent with."""
    stored = call.stored
    known = {tab["id"] for tab in stored.tabs_of(number)}
    sent = tabs or []
    for gone in known - {tab.id for tab in sent}:
        del stored.tabs[gone]
        for card in stored.cards_of(number):
            if card["dashboard_tab_id"] == gone:
                del stored.dashcards[card["id"]]
    numbers = {}
    for position, tab in enumerate(sent):
        own = tab.id if tab.id in known else stored.next_number()
        before = stored.tabs.get(own, {"entity_id": new_entity_id()})
        stored.tabs[own] = {
            **before,
            "id": own,
            "dashboard_id": number,
            "name": tab.name,
            "position": position,
        }
        numbers[tab.id] = own
    return numbers


def _forget_dashcard(call: Call, dashcard: int) -> None:
    for pulse in call.stored.pulses.values():
        pulse["cards"] = [
            card for card in pulse["cards"] if card.get("dashboard_card_id") != dashcard
        ]


def _rendered(call: Call, raw: Raw) -> Raw:
    stored = call.stored
    dashcards = [
        {
            **deepcopy(card),
            "card": cards.rendered(call, stored.cards[card["card_id"]])
            if card["card_id"]
            else None,
            "collection_authority_level": None,
        }
        for card in stored.cards_of(raw["id"])
        if not card["card_id"] or not stored.cards[card["card_id"]]["archived"]
    ]
    return {
        **deepcopy(raw),
        "dashcards": dashcards,
        "tabs": stored.tabs_of(raw["id"]),
        "can_write": call.is_admin,
        "can_restore": False,
        "can_delete": raw["archived"],
        "archived_directly": raw["archived"],
        "collection_authority_level": None,
        "is_remote_synced": False,
        "view_count": 0,
    }
