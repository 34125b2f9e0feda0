"""Cards, and the questions they ask."""

from copy import deepcopy
from typing import Any

from sandbox.http_server.exchange import Answer, json_answer
from sandbox.metabase import bodies
from sandbox.metabase.behaviour import Behaviour
from sandbox.metabase.exchange import Raw, forbidden
from sandbox.metabase.queries import Native, read_query, run
from sandbox.metabase.service import Call
from sandbox.metabase.stored import new_entity_id
from sandbox.metabase.views.connections import details_of

ACCEPTED = 202  # what every question is answered with, also one that fails


def list_cards(call: Call) -> Answer:
    """Return every card."""
    call.require_login()
    found = [
        rendered(call, raw)
        for raw in call.stored.cards.values()
        if not raw["archived"]
        and (call.is_admin or call.level(raw["collection_id"]) != "none")
    ]
    return json_answer(found)


def make_card(call: Call) -> Answer:
    """Make a card."""
    body = bodies.parsed(bodies.NewCard, call.request.body)
    call.require_level(body.collection_id, "write")
    native = read_query(body.dataset_query)
    call.service.one(call.stored.databases, native.database)
    if body.collection_id is not None:
        call.service.one(call.stored.collections, body.collection_id)
    number = call.stored.next_number()
    moment = call.stored.moment()
    call.stored.cards[number] = {
        "id": number,
        "name": body.name,
        "description": body.description,
        "display": body.display,
        "type": body.type or "question",
        "archived": False,
        "collection_id": body.collection_id,
        "collection_position": body.collection_position,
        "database_id": native.database,
        "native": native,
        "visualization_settings": body.visualization_settings,
        "parameters": body.parameters or [],
        "parameter_mappings": body.parameter_mappings or [],
        "cache_ttl": body.cache_ttl,
        # What was sent as entity_id is not kept.
        "entity_id": new_entity_id(),
        "creator_id": call.user,
        "created_at": moment,
        "updated_at": moment,
    }
    return json_answer(rendered(call, call.stored.cards[number]))


def get_card(call: Call, number: int) -> Answer:
    """Return one card."""
    raw = call.service.one(call.stored.cards, number)
    call.require_level(raw["collection_id"], "read")
    return json_answer(rendered(call, raw))


def change_card(call: Call, number: int) -> Answer:
    """Change a card."""
    raw = call.service.one(call.stored.cards, number)
    call.require_level(raw["collection_id"], "write")
    body = bodies.parsed(bodies.ChangedCard, call.request.body)
    changed = body.model_dump(exclude_unset=True)
    query = changed.pop("dataset_query", None)
    if query is not None:
        native = read_query(query)
        call.service.one(call.stored.databases, native.database)
        raw |= {"native": native, "database_id": native.database}
    nullable = ("description", "collection_id", "cache_ttl")
    raw |= {
        name: value
        for name, value in changed.items()
        if value is not None or name in nullable
    }
    raw["updated_at"] = call.stored.moment()
    return json_answer(rendered(call, raw))


def query_card(call: Call, number: int) -> Answer:
    """Ask a card's question, through the connection it belongs to."""
    raw = call.service.one(call.stored.cards, number)
    call.require_level(raw["collection_id"], "read")
    body = bodies.parsed(bodies.Asked, call.request.body)
    return _answered(call, raw["native"], body.parameters or [])


def query_dashcard(call: Call, dashboard: int, dashcard: int, card: int) -> Answer:
    """Ask the question of a card on a dashboard, with the dashboard's filters."""
    board = call.service.one(call.stored.dashboards, dashboard)
    call.require_level(board["collection_id"], "read")
    on_it = call.service.one(call.stored.dashcards, dashcard)
    raw = call.service.one(call.stored.cards, card)
    if (on_it["dashboard_id"], on_it["card_id"]) != (dashboard, card):
        raise call.service.missing()
    body = bodies.parsed(bodies.Asked, call.request.body)
    targets = {
        mapping["parameter_id"]: mapping["target"]
        for mapping in on_it["parameter_mappings"]
    }
    given = [
        {**parameter, "target": targets[parameter["id"]]}
        for parameter in body.parameters or []
        if parameter.get("id") in targets
    ]
    return _answered(call, raw["native"], given)


def query_dataset(call: Call) -> Answer:
    """Ask a question that is no card: only who may write queries."""
    body = bodies.parsed(bodies.Dataset, call.request.body)
    call.require_login()
    levels = [
        call.stored.data_levels.get(group, {}).get(body.database, "no")
        for group in call.groups or ()
    ]
    if not call.is_admin and "query-builder-and-native" not in levels:
        raise forbidden()
    asked = body.model_dump(by_alias=True, exclude_none=True)
    return _answered(call, read_query(asked), body.parameters or [])


def _answered(call: Call, native: Native, parameters: list[Raw]) -> Answer:
    found = run(details_of(call, native.database), native, parameters)
    return json_answer(found, ACCEPTED)


def rendered(call: Call, raw: Raw) -> Raw:
    """Return a card as its version shows it."""
    shown = {name: value for name, value in raw.items() if name != "native"}
    return {
        **deepcopy(shown),
        "dataset_query": _query(raw["native"], call.service.behaviour),
        "query_type": "native",
        "table_id": None,
        "dashboard_id": None,
        "result_metadata": None,
        "enable_embedding": False,
        "embedding_params": None,
        "public_uuid": None,
        "card_schema": 22,
        "can_write": call.is_admin,
        "can_restore": False,
        "can_delete": raw["archived"],
        "archived_directly": raw["archived"],
        "is_remote_synced": False,
        "view_count": 0,
    }


def _query(native: Native, behaviour: Behaviour) -> Raw:
    tags = {name: _tag(tag, behaviour) for name, tag in native.tags.items()}
    stage: Raw = {"lib/type": "mbql.stage/native", "native": native.sql}
    if tags:
        stage["template-tags"] = (
            list(tags.values()) if behaviour.tags_are_listed else tags
        )
    return {
        "lib/type": "mbql/query",
        "database": native.database,
        "stages": [stage],
        "lib.convert/converted?": True,
    }


def _tag(tag: Raw, behaviour: Behaviour) -> Raw:
    dimension: Any = tag.get("dimension")
    if dimension is None:
        return dict(tag)
    numbers = [part for part in dimension if isinstance(part, int)]
    clause = ["field", {}, *numbers]
    legacy = ["field", *numbers, None]
    return {**tag, "dimension": clause if behaviour.fields_are_clauses else legacy}
