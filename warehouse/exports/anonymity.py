"""k-anonymity: whether each family looks like enough others in what is exported.

A family is seen with all that its rows tell: its size in January and in June, its site
before and after a move, over all tables of the export at once.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from warehouse.errors import ExportError
from warehouse.exports.review import Review, Reviewed
from warehouse.releases.hashing import quoted

CLASSES_SHOWN = 2
COMBINATIONS_SHOWN = 1
Combination = tuple[tuple[str, Any], ...]  # column and value
Profiles = dict[str, set[tuple[str, Combination]]]  # by family: table, combination


@dataclass(frozen=True, slots=True)
class Changes:
    """What is done to quasi-identifiers.

    Attributes:
        without: Columns that are left out.
        coarsened: Columns that are made coarser.
    """

    without: frozenset[str] = frozenset()
    coarsened: frozenset[str] = frozenset()

    def options(self) -> str:
        """Return them as the command's options."""
        parts = [f"--without {name}" for name in sorted(self.without)]
        parts += [f"--coarsen {name}" for name in sorted(self.coarsened)]
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Anonymity:
    """What a look at the families gave.

    Attributes:
        family_count: Families in the export.
        smallest_class_count: Families of the smallest class; None without families.
    """

    family_count: int
    smallest_class_count: int | None


def profiles_of(connection: Connection, tables: Iterable[Reviewed]) -> Profiles:
    """Return what the rows of each family tell of it."""
    found: Profiles = defaultdict(set)
    for table in tables:
        columns = table.quasi_identifiers
        if not columns:
            continue
        names = ", ".join(map(quoted, ("family_key", *columns)))
        query = f"select distinct {names} from {quoted(table.schema, table.name)}"  # noqa: S608 - identifiers are quoted
        for row in connection.execute(text(query)):
            combination = tuple(zip(columns, row[1:], strict=True))
            found[row[0]].add((table.place, combination))
    return dict(found)


def require_anonymity(
    profiles: Profiles, review: Review, changes: Changes, threshold: int
) -> Anonymity:
    """Return how many families look alike at least.

    Raises:
        ExportError: Too few; the message says which classes, how many families, and
            what would help.
    """
    classes = _classes(profiles, review, changes)
    small = {seen: count for seen, count in classes.items() if count < threshold}
    if small:
        raise ExportError(
            f"{sum(small.values())} of {len(profiles)} families would be seen among "
            f"fewer than {threshold} that look like them, so nothing was written: "
            f"{_described(small)}. {_suggested(profiles, review, changes, threshold)}"
        )
    return Anonymity(len(profiles), min(classes.values(), default=None))


def _classes(
    profiles: Profiles, review: Review, changes: Changes
) -> Counter[frozenset[tuple[str, Combination]]]:
    change = _changer(review, changes)
    # Most combinations are those of many families: each is changed once.
    known: dict[Combination, Combination] = {}
    return Counter(
        _telling({(place, change(seen, known)) for place, seen in profile})
        for profile in profiles.values()
    )


def _telling(
    profile: set[tuple[str, Combination]],
) -> frozenset[tuple[str, Combination]]:
    """Return the profile without what tells no more than the rest of it.

    A month without a journal has no household's size: that its size is unknown there
    tells nothing of a family whose size is known in other months.
    """
    vague = {item for item in profile if any(value is None for _, value in item[1])}
    rest = profile - vague
    return frozenset(
        rest
        | {item for item in vague if not any(_covers(other, item) for other in rest)}
    )


def _covers(other: tuple[str, Combination], vague: tuple[str, Combination]) -> bool:
    return other[0] == vague[0] and all(
        value is None or value == known
        for (_, known), (_, value) in zip(other[1], vague[1], strict=True)
    )


def _changer(
    review: Review, changes: Changes
) -> Callable[[Combination, dict[Combination, Combination]], Combination]:
    def change(seen: Combination, known: dict[Combination, Combination]) -> Combination:
        if seen not in known:
            known[seen] = tuple(
                (
                    column,
                    review.coarsened(column, value)
                    if column in changes.coarsened
                    else value,
                )
                for column, value in seen
                if column not in changes.without
            )
        return known[seen]

    return change


def _described(small: dict[frozenset[tuple[str, Combination]], int]) -> str:
    shown = sorted(small.items(), key=lambda item: (item[1], str(item[0])))
    told = []
    for seen, count in shown[:CLASSES_SHOWN]:
        combinations_of_it = sorted(
            ", ".join(f"{column}={value}" for column, value in combination)
            for _, combination in seen
        )
        more = len(combinations_of_it) - COMBINATIONS_SHOWN
        listed = " then ".join(combinations_of_it[:COMBINATIONS_SHOWN])
        tail = f" (and {more} more over time)" if more > 0 else ""
        told.append(f"{count} with {listed}{tail}")
    more_classes = len(small) - CLASSES_SHOWN
    tail = f"; and {more_classes} more classes" if more_classes > 0 else ""
    return "; ".join(told) + tail


def _suggested(
    profiles: Profiles, review: Review, changes: Changes, threshold: int
) -> str:
    """Return what would do: step by step what helps most, less what proves needless."""

    def exposed(tried: Changes) -> int:
        counts = _classes(profiles, review, tried).values()
        return sum(count for count in counts if count < threshold)

    def kinds(tried: Changes) -> int:
        return len(_classes(profiles, review, tried))

    found = changes
    while exposed(found):
        steps = list(_steps(profiles, review, found))
        if not steps:
            return "Choose other tables, or those of `share`."
        # Of two alike the first: to make coarser costs less than to leave out.
        found = min(steps, key=lambda tried: (exposed(tried), kinds(tried)))
    for column in sorted(found.without & set(review.coarser)):
        coarser = Changes(found.without - {column}, found.coarsened | {column})
        is_new = column not in changes.without
        found = coarser if is_new and not exposed(coarser) else found
    for column in sorted(found.without - changes.without):
        less = Changes(found.without - {column}, found.coarsened)
        found = found if exposed(less) else less
    for column in sorted(found.coarsened - changes.coarsened):
        less = Changes(found.without, found.coarsened - {column})
        found = found if exposed(less) else less
    return f"This would do: {found.options()}."


def _steps(profiles: Profiles, review: Review, changes: Changes) -> Iterator[Changes]:
    names = {
        column
        for profile in profiles.values()
        for _, combination in profile
        for column, _ in combination
    }
    left = sorted(names - changes.without)
    for column in left:
        if column in review.coarser and column not in changes.coarsened:
            yield Changes(changes.without, changes.coarsened | {column})
    for column in left:
        yield Changes(changes.without | {column}, changes.coarsened - {column})
