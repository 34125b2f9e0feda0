"""Collections, what lies in them, and the trash."""

from urllib.parse import parse_qs

from sandbox.http_server.exchange import Answer, json_answer
from sandbox.metabase import bodies
from sandbox.metabase.exchange import Raw, paged
from sandbox.metabase.service import Call
from sandbox.metabase.stored import TRASH, new_entity_id

MODELS = {"card": "cards", "dashboard": "dashboards"}


def list_collections(call: Call) -> Answer:
    """Return the collections that whoever asks may open, the root first."""
    call.require_login()
    root = {
        "id": "root",
        "name": "Our analytics",
        "parent_id": None,
        "is_personal": False,
        "authority_level": None,
        "can_write": call.is_admin,
    }
    found = [
        rendered(call, raw)
        for raw in call.stored.collections.values()
        if not raw["archived"] and (call.is_admin or call.level(raw["id"]) != "none")
    ]
    return json_answer([root, *found])


def make_collection(call: Call) -> Answer:
    """Make a collection; who may open the one it lies in may open it too."""
    body = bodies.parsed(bodies.NewCollection, call.request.body)
    call.require_level(body.parent_id, "write")
    location = "/"
    if body.parent_id is not None:
        parent = call.service.one(call.stored.collections, body.parent_id)
        location = f"{parent['location']}{parent['id']}/"
    number = call.stored.next_number()
    call.stored.collections[number] = {
        "id": number,
        "name": body.name,
        "description": body.description,
        "archived": False,
        "slug": body.name.lower().replace(" ", "_"),
        "location": location,
        "parent_id": body.parent_id,
        "personal_owner_id": None,
        "is_personal": False,
        "authority_level": body.authority_level,
        "namespace": body.namespace,
        "type": None,
        "is_sample": False,
        "entity_id": new_entity_id(),
        "created_at": call.stored.moment(),
    }
    above = "root" if body.parent_id is None else str(body.parent_id)
    for levels in call.stored.collection_levels.values():
        if above in levels:
            levels[str(number)] = levels[above]
    return json_answer(rendered(call, call.stored.collections[number]))


def get_collection(call: Call, number: int) -> Answer:
    """Return one collection."""
    call.require_level(number, "read")
    return json_answer(
        rendered(call, call.service.one(call.stored.collections, number))
    )


def change_collection(call: Call, number: int) -> Answer:
    """Change a collection; what lies in it goes to the trash with it."""
    call.require_level(number, "write")
    body = bodies.parsed(bodies.ChangedCollection, call.request.body)
    raw = call.service.one(call.stored.collections, number)
    raw |= body.model_dump(exclude_unset=True, exclude_none=True)
    if body.archived:
        _archive_within(call, number)
    return json_answer(rendered(call, raw))


def _archive_within(call: Call, number: int) -> None:
    for raw in call.stored.collections.values():
        if f"/{number}/" in raw["location"]:
            raw["archived"] = True
    for table in MODELS.values():
        for raw in getattr(call.stored, table).values():
            inside = call.stored.collections.get(raw["collection_id"])
            if inside and inside["archived"]:
                raw["archived"] = True


def trash(call: Call) -> Answer:
    """Return the collection of what is archived."""
    call.require_login()
    return json_answer(
        {
            "id": TRASH,
            "name": "Trash",
            "type": "trash",
            "archived": False,
            "description": None,
            "entity_id": "trashtrashtrashtrasht",
            "is_personal": False,
        }
    )


def list_items(call: Call, number: int) -> Answer:
    """Return what lies in a collection, in short."""
    if number != TRASH:
        call.service.one(call.stored.collections, number)
        call.require_level(number, "read")
    asked = parse_qs(call.request.query_string)
    models = asked.get("models") or list(MODELS)
    rows = [
        _stub(model, raw)
        for model in models
        if model in MODELS
        for raw in getattr(call.stored, MODELS[model]).values()
        if raw["archived"] == (number == TRASH)
        and (number == TRASH or raw["collection_id"] == number)
        and (call.is_admin or call.level(raw["collection_id"]) != "none")
    ]
    limit = int(asked["limit"][0]) if "limit" in asked else None
    return paged(rows, limit, int(asked.get("offset", ["0"])[0]))


def rendered(call: Call, raw: Raw) -> Raw:
    """Return a collection as it is shown."""
    return {
        **raw,
        "can_write": call.is_admin or call.level(raw["id"]) == "write",
        "archived_directly": raw["archived"],
        "can_restore": False,
        "can_delete": raw["archived"],
        "is_remote_synced": False,
    }


def _stub(model: str, raw: Raw) -> Raw:
    return {
        "model": model,
        "id": raw["id"],
        "name": raw["name"],
        "description": raw["description"],
        "archived": raw["archived"],
        "collection_id": raw["collection_id"],
        "entity_id": raw["entity_id"],
        "collection_position": None,
        "can_write": True,
    }
