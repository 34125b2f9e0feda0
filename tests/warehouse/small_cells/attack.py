"""An attack by linear algebra: which sums over few families can be worked out?

Each figure shown is an equation over the answers behind it. Any combination of them is
known too; the attack looks for one that leaves the answers of fewer than k families
about one month, all with the same weight: a cell, that is, or what an edit changed in
one. What mixes months or weighs families differently, as every growth does, is none,
but where it is of two families or one it says how one changed, or what one has of the
other.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.warehouse.small_cells.ledger import (
    COUNTS,
    WHOLES,
    Equation,
    Variable,
)

NOTHING = 1e-7
EVEN = 1e-6
FEWEST = 2
ENOUGH = 20
COUNTED = {"leader", *COUNTS.values(), *chain.from_iterable(WHOLES.values())}
MONEY = {"income", "savings", "debt", "circle_money", "payout"}
Atom = tuple[Variable, ...]


@dataclass(frozen=True, slots=True)
class Leak:
    """A sum that was worked out.

    Attributes:
        measure: Of which answers.
        month: About which month; None where it compares months.
        families: Whose they are: fewer than k, or two at most.
    """

    measure: str
    month: date | None
    families: frozenset[str]


def leaks(equations: Iterable[Equation], k: int, tries: int = 3) -> set[Leak]:
    """Return the sums over one to k - 1 families that the equations give away.

    Args:
        equations: What is shown.
        k: The least families that a sum may rest on.
        tries: How often each part of the system is solved in another random order, on
            top of once for every place.
    """
    shown = [each for each in equations if each]
    found = {leak for each in shown if (leak := _told_by_itself(each, k))}
    for system in _connected(shown):
        found |= _leaks_of(system, k, tries)
    return found


def _told_by_itself(equation: Equation, k: int) -> Leak | None:
    families = frozenset(each.family for each in equation)
    if len(families) >= k:
        return None
    months = {each.month for each in equation}
    measure = next(iter(equation)).measure
    return Leak(measure, months.pop() if len(months) == 1 else None, families)


def telling(equations: Iterable[Equation], k: int) -> list[Equation]:
    """Return the counts of families that say what single ones answered.

    They are those of one to k - 1 families in circles, and of fewer than twenty
    families those where all of them take part, or none.
    """
    found = []
    for equation in equations:
        if not equation or {each.measure for each in equation} - COUNTED:
            continue
        count = sum(variable.value for variable in equation)
        is_unanimous = len(equation) < ENOUGH and count in {0, len(equation)}
        is_few = next(iter(equation)).measure == "member" and 0 < count < k
        if min(equation.values()) > 0 and (is_unanimous or is_few):
            found.append(equation)
    return found


def recovered(
    equations: Iterable[Equation], hidden: Iterable[Equation]
) -> list[Equation]:
    """Return the hidden figures that what is shown leads to.

    Args:
        equations: What is shown.
        hidden: What figures that are not shown would say.
    """
    targets = [each for each in hidden if each]
    found = []
    for system in _connected([each for each in equations if each]):
        places = {
            variable: place
            for place, variable in enumerate({each for row in system for each in row})
        }
        within = [each for each in targets if each.keys() <= places.keys()]
        if within:
            shown, wanted = (_rows(rows, places) for rows in (system, within))
            combined = np.linalg.lstsq(shown.T, wanted.T, rcond=None)[0]
            missed = np.abs(shown.T @ combined - wanted.T).max(axis=0)
            found += [
                each for each, miss in zip(within, missed, strict=True) if miss < EVEN
            ]
    return found


def _rows(
    equations: Sequence[Equation], places: Mapping[Variable, int]
) -> npt.NDArray[np.float64]:
    matrix = np.zeros((len(equations), len(places)))
    for number, equation in enumerate(equations):
        for variable, weight in equation.items():
            matrix[number, places[variable]] = weight
    return matrix


def dominated(
    equations: Iterable[Equation], one: float = 0.5, two: float = 0.8
) -> list[Equation]:
    """Return the sums of money of which one family holds half, or two four fifths."""
    found = []
    for equation in equations:
        measures = {variable.measure for variable in equation}
        if measures and measures <= MONEY and min(equation.values()) > 0:
            held: dict[str, float] = defaultdict(float)
            for variable in equation:
                held[variable.family] += max(variable.value, 0)
            largest, total = sorted(held.values())[-2:], sum(held.values())
            if total and (largest[-1] > one * total or sum(largest) > two * total):
                found.append(equation)
    return found


def _connected(equations: Sequence[Equation]) -> list[list[Equation]]:
    """Part the equations into systems that share no answer."""
    leaders: dict[Variable, Variable] = {}

    def leader(variable: Variable) -> Variable:
        while leaders.setdefault(variable, variable) != variable:
            leaders[variable] = leaders[leaders[variable]]
            variable = leaders[variable]
        return variable

    for equation in equations:
        first = leader(next(iter(equation)))
        for variable in equation:
            leaders[leader(variable)] = first
    systems: dict[Variable, list[Equation]] = defaultdict(list)
    for equation in equations:
        systems[leader(next(iter(equation)))].append(equation)
    return list(systems.values())


def _leaks_of(system: Sequence[Equation], k: int, tries: int) -> set[Leak]:
    atoms, matrix = _atoms(system)
    months = [{each.month for each in atom} for atom in atoms]
    measure = next(iter(system[0])).measure
    small = _small_sums(matrix, atoms, FEWEST, FEWEST, tries)
    found = {Leak(measure, None, few) for few in small}
    for month in sorted(set[date]().union(*months)):
        # First all answers about other months go.
        others = [place for place, of in enumerate(months) if of != {month}]
        inside = [place for place, of in enumerate(months) if of == {month}]
        left = _reduced(matrix[:, others + inside], only=len(others))
        of_month = [atoms[place] for place in inside]
        small = _small_sums(left[:, len(others) :], of_month, k - 1, FEWEST, tries)
        found |= {Leak(measure, month, few) for few in small}
    return found


def _small_sums(
    matrix: npt.NDArray[np.float64],
    atoms: Sequence[Atom],
    most: int,
    most_uneven: int,
    tries: int,
) -> set[frozenset[str]]:
    """Return whose answers some sum is of: at most so many families."""
    families = [frozenset(each.family for each in atom) for atom in atoms]
    found = set()
    for order in _orders(matrix, families, tries):
        for row in _reduced(matrix[:, order]):
            terms = {order[at]: row[at] for at in np.flatnonzero(np.abs(row) > EVEN)}
            few = frozenset[str]().union(*(families[place] for place in terms))
            if not 0 < len(few) <= (most if _is_even(terms) else most_uneven):
                continue
            if not _are_edits_that_cancel(
                {each: terms[place] for place in terms for each in atoms[place]}
            ):
                found.add(few)
    return found


def _is_even(terms: Mapping[Any, float]) -> bool:
    weights = [abs(weight) for weight in terms.values()]
    return not weights or max(weights) - min(weights) < EVEN


def _are_edits_that_cancel(terms: Equation) -> bool:
    """Return whether a sum says only that edits changed nothing.

    In it, each new answer stands against the old one, and what they differ by adds up
    to nothing. It comes of two figures that are equal, and equal figures show nobody
    that anything was edited: to know it, one must have seen the answers.
    """
    left: dict[tuple[str, date], float] = defaultdict(float)
    for variable, weight in terms.items():
        left[variable.family, variable.month] += weight
    moved = sum(weight * variable.value for variable, weight in terms.items())
    return (
        _is_even(terms)
        and max(map(abs, left.values())) < EVEN
        and abs(moved) < EVEN * max(variable.value for variable in terms)
    )


def _atoms(
    system: Sequence[Equation],
) -> tuple[list[Atom], npt.NDArray[np.float64]]:
    """Put answers together that no equation tells apart."""
    columns: dict[Variable, list[tuple[int, float]]] = defaultdict(list)
    for number, equation in enumerate(system):
        for variable, weight in equation.items():
            columns[variable].append((number, weight))
    alike: dict[tuple[tuple[int, float], ...], list[Variable]] = defaultdict(list)
    for variable, column in columns.items():
        alike[tuple(column)].append(variable)
    matrix = np.zeros((len(system), len(alike)))
    for place, column_of_atom in enumerate(alike):
        for number, weight in column_of_atom:
            matrix[number, place] = weight
    return [tuple(atom) for atom in alike.values()], matrix


def _orders(
    matrix: npt.NDArray[np.float64], families: Sequence[frozenset[str]], tries: int
) -> list[list[int]]:
    """Return orders of the atoms: what comes first is removed from the sums first.

    Large atoms first; then, for the smallest sums, all that is in none of them; then at
    random.
    """
    places = range(len(families))
    by_size = sorted(places, key=lambda place: -len(families[place]))
    inside = [np.abs(row) > NOTHING for row in matrix]
    smallest = sorted(inside, key=lambda of: int(of.sum()))[:tries]
    chance = random.Random(len(families))  # noqa: S311 - the same in every run
    return [
        by_size,
        *(sorted(by_size, key=sum_of.__getitem__) for sum_of in smallest),
        *(
            sorted(places, key=lambda place: -len(families[place]) * chance.random())
            for _ in range(tries)
        ),
    ]


def _reduced(
    matrix: npt.NDArray[np.float64], only: int | None = None
) -> npt.NDArray[np.float64]:
    """Return the rows of the reduced echelon form that are not zero.

    Args:
        matrix: One row per equation.
        only: Reduce by this many of the first columns, and return the rows that are
            zero in all of them. None reduces by all columns.
    """
    rows = matrix.copy()
    done = 0
    for column in range(rows.shape[1] if only is None else only):
        if done == rows.shape[0]:
            break
        pivot = done + int(np.argmax(np.abs(rows[done:, column])))
        if abs(rows[pivot, column]) < NOTHING:
            continue
        rows[[done, pivot]] = rows[[pivot, done]]
        rows[done] /= rows[done, column]
        others = np.abs(rows[:, column]) > NOTHING
        others[done] = False
        rows[others] -= np.outer(rows[others, column], rows[done])
        done += 1
    return rows[:done] if only is None else rows[done:]


def by_measure(found: Iterable[Leak]) -> Mapping[str, int]:
    """Count leaks by what they are about."""
    counts: dict[str, int] = defaultdict(int)
    for leak in found:
        counts[leak.measure] += 1
    return dict(counts)
