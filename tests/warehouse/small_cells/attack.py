"""An attack by linear algebra: which sums over few families can be worked out?

Each figure shown is an equation over the answers behind it. Any combination of equations
is known too; the attack looks for one that leaves the answers of fewer than k families
about one month, all with the same weight: a cell, that is, or what an edit changed in
one. What mixes months or weighs families differently, as every growth does, is none.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from tests.warehouse.small_cells.ledger import Equation, Variable

NOTHING = 1e-7
EVEN = 1e-6
MONEY = {"income", "savings", "debt", "circle_money", "payout"}
Atom = tuple[Variable, ...]


@dataclass(frozen=True, slots=True)
class Leak:
    """A sum that was worked out.

    Attributes:
        measure: Of which answers.
        month: About which month.
        families: Whose they are: fewer than k.
    """

    measure: str
    month: date
    families: frozenset[str]


def leaks(equations: Iterable[Equation], k: int, tries: int = 3) -> set[Leak]:
    """Return the sums over one to k - 1 families that the equations give away.

    Args:
        equations: What is shown.
        k: The least families that a sum may rest on.
        tries: How often each part of the system is solved in another random order, on
            top of once for every place.
    """
    found: set[Leak] = set()
    for system in _connected([each for each in equations if each]):
        found |= _leaks_of(system, k, tries)
    return found


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
    found = set()
    for month in sorted(set[date]().union(*months)):
        # First all answers about other months go.
        others = [place for place, of in enumerate(months) if of != {month}]
        inside = [place for place, of in enumerate(months) if of == {month}]
        left = _reduced(matrix[:, others + inside], only=len(others))
        families = [frozenset(each.family for each in atoms[at]) for at in inside]
        small = _small_sums(left[:, len(others) :], families, k, tries)
        found |= {Leak(measure, month, behind) for behind in small}
    return found


def _small_sums(
    matrix: npt.NDArray[np.float64],
    families: Sequence[frozenset[str]],
    k: int,
    tries: int,
) -> set[frozenset[str]]:
    found = set()
    for order in _orders(matrix, families, tries):
        for row in _reduced(matrix[:, order]):
            supports = np.flatnonzero(np.abs(row) > NOTHING)
            weights = np.abs(row[supports])
            if weights.size == 0 or weights.max() - weights.min() > EVEN:
                continue
            behind = frozenset[str]().union(*(families[order[at]] for at in supports))
            if 0 < len(behind) < k:
                found.add(behind)
    return found


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
    orders = [by_size]
    inside = [np.abs(row) > NOTHING for row in matrix]
    for sum_of in sorted(inside, key=lambda of: int(of.sum()))[:tries]:
        orders.append(sorted(by_size, key=lambda place: bool(sum_of[place])))
    chance = random.Random(len(families))  # noqa: S311 - the same in every run
    for _ in range(tries):
        orders.append(
            sorted(places, key=lambda place: -len(families[place]) * chance.random())
        )
    return orders


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
