"""What differs between what should be and what is, and whose doing it was.

A thing of ours carries the hash of what we wrote last. Where it is another thing now,
somebody has edited it by hand (drift); where what we want has another hash, the spec
has changed. Both may be true of one thing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboards.metabase.there.reading import Found, Stranger, There
from dashboards.metabase.wanted.things import (
    Card,
    Content,
    Dashboard,
    differing,
    hash_of,
)

# Put back whoever changed it: these decide what a reader may see.
ALWAYS_OURS = frozenset({"collection", "database"})


class Doing(StrEnum):
    """What is to be done with a thing."""

    CREATE = "create"
    UPDATE = "update"
    DRIFT = "drift"  # edited by hand; the spec is as it was
    BOTH = "both"  # edited by hand, and the spec has changed
    ORPHAN = "orphan"  # ours, and no spec asks for it any more
    STRANGER = "stranger"  # made by hand in a managed collection
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing and what differs of it.

    Attributes:
        doing: What is to be done.
        kind: `collection`, `card` or `dashboard`.
        key: Ours; of what is not ours, its number.
        name: What people know it by.
        fields: What differs.
        found: What is there, where something is.
    """

    doing: Doing
    kind: str
    key: str
    name: str
    fields: tuple[str, ...] = ()
    found: Found | None = None

    @property
    def is_safety(self) -> bool:
        """Whether a hand's change would show rows to others than it should."""
        return bool(ALWAYS_OURS & set(self.fields))


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps, things in the order in which they are made."""

    steps: tuple[Step, ...]

    def of(self, *doings: Doing) -> list[Step]:
        """Return the steps of these kinds."""
        return [step for step in self.steps if step.doing in doings]

    @property
    def counts(self) -> Mapping[Doing, int]:
        """Return how many steps there are of each kind."""
        return {doing: len(self.of(doing)) for doing in Doing}

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to apply."""
        return not self.of(Doing.CREATE, Doing.UPDATE, Doing.BOTH)


def make_plan(wanted: Content, there: There) -> Plan:
    """Compare what should be with what is."""
    steps = [*_collections(wanted, there)]
    steps += [_thing("card", card, there) for card in wanted.cards]
    steps += [_thing("dashboard", board, there) for board in wanted.dashboards]
    steps += _orphans(wanted, there)
    steps += [_stranger(one) for one in there.strangers]
    return Plan(tuple(steps))


def _collections(wanted: Content, there: There) -> Iterator[Step]:
    for one in wanted.collections:
        raw = there.collections.get(one.key)
        if raw is None:
            yield Step(Doing.CREATE, "collection", one.key, one.name)
            continue
        is_there = {"name": raw.get("name"), "description": raw.get("description")}
        should = {"name": one.name, "description": one.description}
        fields = differing(should, is_there)
        doing = Doing.UPDATE if fields else Doing.SAME
        yield Step(doing, "collection", one.key, one.name, fields)


def _thing(kind: str, thing: Card | Dashboard, there: There) -> Step:
    found = there.found.get((kind, thing.key))
    if found is None:
        return Step(Doing.CREATE, kind, thing.key, thing.name)
    fields = differing(thing.form, found.form)
    if not fields:
        # The mark alone may be old, or lost by a hand that put all back.
        doing = (
            Doing.SAME if found.written_hash == hash_of(thing.form) else Doing.UPDATE
        )
        fields = () if doing is Doing.SAME else ("mark",)
        return Step(doing, kind, thing.key, thing.name, fields, found)
    doing = _whose(thing, found)
    return Step(doing, kind, thing.key, thing.name, fields, found)


def _whose(thing: Card | Dashboard, found: Found) -> Doing:
    if found.written_hash is None and found.kind == "dashboard":
        return Doing.UPDATE  # made, and not filled yet
    if found.form["archived"]:
        return Doing.UPDATE  # pruned once, and a spec asks for it again
    is_edited = found.written_hash != hash_of(found.form)
    is_changed = found.written_hash != hash_of(thing.form)
    if is_edited:
        return Doing.BOTH if is_changed else Doing.DRIFT
    return Doing.UPDATE


def _orphans(wanted: Content, there: There) -> Iterator[Step]:
    asked = {("card", card.key) for card in wanted.cards}
    asked |= {("dashboard", board.key) for board in wanted.dashboards}
    # Dashboards before their cards, so that none stands empty meanwhile.
    for place, found in sorted(there.found.items(), reverse=True):
        if place not in asked and not found.form["archived"]:
            yield _orphan(found)
    for found in there.doubled:
        yield _orphan(found)
    keys = {one.key for one in wanted.collections}
    for key in sorted(there.collections.keys() - keys, reverse=True):
        name = str(there.collections[key]["name"])
        yield Step(Doing.ORPHAN, "collection", key, name)


def _orphan(found: Found) -> Step:
    name = str(found.form["name"])
    return Step(Doing.ORPHAN, found.kind, found.key, name, (), found)


def _stranger(one: Stranger) -> Step:
    return Step(Doing.STRANGER, one.kind, f"{one.kind} {one.number}", one.name)


def to_write(plan: Plan, *, overwrite: bool) -> Sequence[Step]:
    """Return the steps that apply takes.

    What somebody edited by hand is left alone and told, unless it is to be overwritten,
    or unless it decides who sees what.
    """
    return [
        step
        for step in plan.steps
        if step.doing in {Doing.CREATE, Doing.UPDATE}
        or (step.doing in {Doing.DRIFT, Doing.BOTH} and (overwrite or step.is_safety))
    ]
