"""Groups, who is in them, and the two graphs of rights."""

from sandbox.http_server.exchange import Answer, json_answer, refused
from sandbox.metabase import bodies
from sandbox.metabase.exchange import Raw, invalid
from sandbox.metabase.service import Call
from sandbox.metabase.stored import ADMINISTRATORS

STALE = "Looks like someone else edited the permissions and your data is out of date."
FULL = "query-builder-and-native"


def list_groups(call: Call) -> Answer:
    """Return every group."""
    call.require_admin()
    return json_answer([_group(call, number) for number in call.stored.groups])


def make_group(call: Call) -> Answer:
    """Make a group; no two have one name."""
    call.require_admin()
    body = bodies.parsed(bodies.NewGroup, call.request.body)
    if body.name in call.stored.groups.values():
        raise invalid("name", "A group with that name already exists.")
    number = call.stored.next_number()
    call.stored.groups[number] = body.name
    return json_answer(_group(call, number))


def _group(call: Call, number: int) -> Raw:
    return {
        "id": number,
        "name": call.stored.groups[number],
        "member_count": len(call.stored.members[number]),
    }


def add_member(call: Call) -> Answer:
    """Put a user into a group."""
    call.require_admin()
    body = bodies.parsed(bodies.Membership, call.request.body)
    if body.group_id not in call.stored.groups:
        raise call.service.missing()
    call.service.one(call.stored.users, body.user_id)
    call.stored.members[body.group_id].add(body.user_id)
    return json_answer({str(body.user_id): [{"group_id": body.group_id}]})


def get_data_graph(call: Call) -> Answer:
    """Return who may write queries through which connection."""
    call.require_admin()
    groups = {
        str(group): {
            str(number): _edge(call, level)
            for number, level in call.stored.data_levels.get(group, {}).items()
        }
        for group in call.stored.groups
        if group != ADMINISTRATORS
    }
    databases = call.stored.databases
    groups[str(ADMINISTRATORS)] = {
        str(number): _edge(call, FULL) for number in databases
    }
    return json_answer({"revision": call.stored.data_revision, "groups": groups})


def _edge(call: Call, level: object) -> Raw:
    if call.service.behaviour.edges_are_bare:
        return {"create-queries": level}
    return {"view-data": "unrestricted", "create-queries": level}


def change_data_graph(call: Call) -> Answer:
    """Change the levels that are sent."""
    call.require_admin()
    body = bodies.parsed(bodies.Graph, call.request.body)
    if body.revision != call.stored.data_revision:
        raise refused(409, {"message": STALE})
    for group, levels in body.groups.items():
        for number, edge in levels.items():
            if not isinstance(edge, dict) or edge.get("view-data", "unrestricted") != (
                "unrestricted"
            ):
                raise invalid("groups", "view-data is unrestricted in this edition")
            call.service.one(call.stored.databases, int(number))
            known = call.stored.data_levels.setdefault(int(group), {})
            known[int(number)] = edge.get("create-queries", "no")
    call.stored.data_revision += 1
    return get_data_graph(call)


def get_collection_graph(call: Call) -> Answer:
    """Return who may open what; none is not told."""
    call.require_admin()
    groups = {
        str(group): {
            place: level
            for place, level in call.stored.collection_levels.get(group, {}).items()
            if level != "none"
        }
        for group in call.stored.groups
        if group != ADMINISTRATORS
    }
    every = ["root", *map(str, call.stored.collections)]
    groups[str(ADMINISTRATORS)] = dict.fromkeys(every, "write")
    return json_answer({"revision": call.stored.collection_revision, "groups": groups})


def change_collection_graph(call: Call) -> Answer:
    """Change the levels that are sent."""
    call.require_admin()
    body = bodies.parsed(bodies.Graph, call.request.body)
    if body.revision != call.stored.collection_revision:
        raise refused(409, {"message": STALE})
    for group, levels in body.groups.items():
        for place, level in levels.items():
            if level not in {"none", "read", "write"}:
                raise invalid("groups", f"{level} is no level")
            if place != "root":
                call.service.one(call.stored.collections, int(place))
            call.stored.collection_levels.setdefault(int(group), {})[place] = level
    call.stored.collection_revision += 1
    return get_collection_graph(call)
