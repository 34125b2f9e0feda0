"""Who may open what: a group for each reader, and nothing for "All Users".

In the free Metabase whoever can open a collection sees what its cards return. So a
collection is open to its own group alone. Rights add up over groups, and everybody is
in "All Users": what that group may, all may.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from dashboards.errors import MetabaseChangedError, MetabaseRejectedError
from dashboards.metabase.access import ROLE, Reader
from dashboards.metabase.applying.pen import Pen
from dashboards.metabase.there.reading import There
from dashboards.metabase.transport import Transport

ALL_USERS, ADMINISTRATORS = 1, 2  # Metabase's own groups
ROOT = "root"
NO_QUERIES = {"view-data": "unrestricted", "create-queries": "no"}
Graph = dict[str, dict[str, Any]]


def write_groups(
    transport: Transport, readers: Iterable[Reader], pen: Pen
) -> dict[str, int]:
    """Make the groups that are missing; return the number of each group of ours.

    Groups of readers who left the registry are among them: they lose all rights.
    """
    known = _groups(transport)
    for reader in readers:
        if reader.role not in known:
            made = pen.write(
                "group", reader.role, "create", partial(_make, transport, reader)
            )
            if made:
                known[reader.role] = made["id"]
    return {name: number for name, number in known.items() if ROLE.fullmatch(name)}


def _make(transport: Transport, reader: Reader) -> Any:  # noqa: ANN401 - any JSON
    def look() -> dict[str, Any] | None:
        number = _groups(transport).get(reader.role)
        return None if number is None else {"id": number}

    return transport.create("/api/permissions/group", {"name": reader.role}, look)


def _groups(transport: Transport) -> dict[str, int]:
    return {one["name"]: one["id"] for one in transport.get("/api/permissions/group")}


@dataclass(frozen=True, slots=True)
class Rights:
    """What has to be so.

    Attributes:
        groups: Number of each group of ours by role.
        databases: Number of each connection of ours by role.
        collections: Number of each managed collection by key.
        readers: Roles of the registry.
    """

    groups: Mapping[str, int]
    databases: Mapping[str, int]
    collections: Mapping[str, int]
    readers: Sequence[str]

    def opens(self, role: str, key: str) -> bool:
        """Return whether a reader may open a collection."""
        return role in self.readers and key.partition("/")[0] == role

    def collection_levels(self) -> dict[str, dict[str, str]]:
        """Return the level of each group of ours, and of all, in each collection."""
        levels = {str(ALL_USERS): {ROOT: "none"}}
        levels |= {str(number): {ROOT: "none"} for number in self.groups.values()}
        for key, number in self.collections.items():
            levels[str(ALL_USERS)][str(number)] = "none"
            for role, group in self.groups.items():
                level = "read" if self.opens(role, key) else "none"
                levels[str(group)][str(number)] = level
        return levels


def rights_of(
    there: There, groups: Mapping[str, int], readers: Iterable[Reader]
) -> Rights:
    """Return what has to be so in this Metabase."""
    return Rights(
        groups,
        there.symbols.databases,
        there.symbols.collections,
        [reader.role for reader in readers],
    )


def write_rights(transport: Transport, rights: Rights, pen: Pen) -> None:
    """Bring both graphs of permissions to what they have to be.

    Raises:
        MetabaseChangedError: Somebody changed permissions meanwhile.
    """
    for path, wanted in (
        ("/api/permissions/graph", _data_levels(rights)),
        ("/api/collection/graph", rights.collection_levels()),
    ):
        graph = transport.get(path)
        changed = changed_levels(graph["groups"], wanted)
        if not changed:
            continue
        body = {"revision": graph["revision"], "groups": changed}
        what = "data" if path.startswith("/api/permissions") else "collections"
        count = sum(len(levels) for levels in changed.values())
        pen.write(
            "permissions",
            what,
            f"set {count}",
            partial(_put, transport, path, body, wanted),
        )


def _data_levels(rights: Rights) -> Graph:
    """Let nobody but administrators write queries; collections say who sees results."""
    everybody = [ALL_USERS, *rights.groups.values()]
    return {
        str(group): {str(number): NO_QUERIES for number in rights.databases.values()}
        for group in everybody
    }


def changed_levels(there: Graph, wanted: Graph) -> Graph:
    """Return the levels that are not as wanted.

    A level that is not told is none: since 56 the graph of collections leaves it out,
    and since 61 that of data leaves out what is the same for all.
    """
    found: Graph = {}
    for group, levels in wanted.items():
        known = there.get(group) or {}
        changed = {
            place: level
            for place, level in levels.items()
            if _level(known.get(place)) != _level(level)
        }
        if changed:
            found[group] = changed
    return found


def _level(level: Any) -> str:  # noqa: ANN401 - any JSON
    if isinstance(level, Mapping):
        level = level.get("create-queries") or "no"
    if isinstance(level, Mapping):
        return "some"  # table by table
    return "none" if level in (None, "no") else str(level)


def _put(transport: Transport, path: str, body: dict[str, Any], wanted: Graph) -> None:
    try:
        transport.put(path, body)
    except MetabaseChangedError:
        # Ours may be the change: an answer was lost, and the request was sent again.
        if changed_levels(transport.get(path)["groups"], wanted):
            raise
    is_so = not changed_levels(transport.get(path)["groups"], wanted)
    if not is_so:
        raise MetabaseRejectedError(
            f"{transport.url} took the permissions of {path} but does not hold them: "
            "look at Admin settings, Permissions."
        )
