"""From which version until which a path holds, as far as versions can be compared."""

from collections.abc import Iterable, Sequence

from ingestion.proposals.asked import Asked
from ingestion.proposals.drafts import Draft, DraftMap, Place
from ingestion.proposals.matching import Version


def can_be_compared(versions: Sequence[Version]) -> bool:
    """Return whether every version has a name, and later names sort after earlier."""
    names = [version.name or "" for version in versions]
    return all(names) and names == sorted(set(names))


def set_bounds(draft: DraftMap, versions: Sequence[Version]) -> None:
    """Give new places `since` and `until`, and old ones that vanished an `until`.

    Nothing that is written is changed: bounds are added where there are none. Versions
    whose names do not tell their order get none, every path then holds in all.
    """
    if can_be_compared(versions):
        for one in draft.fields:
            _bound(one, versions, [version.asked for version in versions])


def _bound(
    draft: Draft, versions: Sequence[Version], levels: Sequence[Iterable[Asked]]
) -> None:
    """Bound one name, given what each version asks on its level."""
    if not draft.is_carried:
        return
    for place in draft.places:
        _bound_place(draft, place, versions, levels)
    if draft.items is None:
        return
    inner = [
        repeat.items if (repeat := draft.asked.get(version.number)) else []
        for version in versions
    ]
    for item in draft.items:
        _bound(item, versions, inner)


def _bound_place(
    draft: Draft,
    place: Place,
    versions: Sequence[Version],
    levels: Sequence[Iterable[Asked]],
) -> None:
    there = [
        version
        for version, level in zip(versions, levels, strict=True)
        if any(one.inside == place.path for one in level)
        and (place.reason is None or _has(draft, version, place))
    ]
    if not there:
        return  # of versions that the server no longer shows, perhaps
    is_alone = len(draft.places) == 1 and not draft.is_new and place.reason is None
    begins_later = there[0] is not versions[0] and not is_alone
    place.bound(
        there[0].name if begins_later else None,
        there[-1].name if there[-1] is not versions[-1] else None,
    )


def _has(draft: Draft, version: Version, place: Place) -> bool:
    """Return whether the name is asked there, and no accepted place says so already."""
    asked = draft.asked.get(version.number)
    if asked is None or asked.inside != place.path:
        return False
    return not any(
        other.path == place.path and other.reason is None
        for other in draft.places
        if other is not place and other.holds_in(version.name)
    )
