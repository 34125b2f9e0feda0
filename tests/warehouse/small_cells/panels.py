"""Small panels drawn at random: how large they are, and what families answered."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product

from tests.warehouse.small_cells.ledger import LIVE, Answer, Ledger

RELEASE = "2021-07"
MONTHS = (date(2020, 7, 1), date(2020, 8, 1), date(2020, 9, 1))
WINDOW = (MONTHS[0], MONTHS[-1])
# Cohorts that launched later: a third of the prices had risen by then.
LATER, LATER_LEVEL = "-2021", 1.3


@dataclass(frozen=True, slots=True)
class Shape:
    """How a panel is drawn.

    Attributes:
        sites: Families of each site, by country.
        missing: Which part of the journals never comes.
        late: Which part comes after the release.
        edited: Which part is edited after it.
        big: Which families hold a thousand times as much, by number.
        late_at: Which part comes after the release at a site, by its code.
        cohorts: The cohort of a site that has its own, by the site's code.
        nobody: Sites and months in which no family is in a lending circle.
        everybody: Those in which all families are.
    """

    sites: Mapping[str, Sequence[int]]
    missing: float = 0.1
    late: float = 0.03
    edited: float = 0.02
    big: frozenset[int] = frozenset()
    late_at: Mapping[str, float] = field(default_factory=dict)
    cohorts: Mapping[str, str] = field(default_factory=dict)
    nobody: frozenset[tuple[str, date]] = frozenset()
    everybody: frozenset[tuple[str, date]] = frozenset()


def drawn_shape(seed: int) -> Shape:
    """Return the shape of one random panel."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    return Shape(
        {
            country: [chance.randint(3, 40) for _ in range(chance.randint(1, 3))]
            for country in ("COL", "MEX", "USA")[: chance.randint(1, 3)]
        },
        missing=chance.choice([0, 0.05, 0.2]),
        late=chance.choice([0, 0.03, 0.1]),
        edited=chance.choice([0, 0.03]),
    )


def drawn(shape: Shape, seed: int) -> Ledger:
    """Draw what the families of a panel answered."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    answers = list(_answers(shape, chance))
    later = {each.cohort for each in answers if each.cohort.endswith(LATER)}
    return Ledger(answers, dict.fromkeys(product(later, MONTHS), LATER_LEVEL))


def _answers(shape: Shape, chance: random.Random) -> Iterator[Answer]:
    number = 0
    for country, sizes in shape.sites.items():
        for site, families in enumerate(sizes, start=1):
            for _ in range(families):
                number += 1
                code = f"{country}-{site}"
                cohort = shape.cohorts.get(code, f"{country}-2020")
                place = (code, cohort, country)
                scale = 1000.0 if number in shape.big else 1.0
                yield from _answers_of(shape, chance, number, place, scale)


def _answers_of(
    shape: Shape,
    chance: random.Random,
    number: int,
    place: tuple[str, str, str],
    scale: float,
) -> Iterator[Answer]:
    for month in MONTHS:
        draw = chance.random()
        is_edited = chance.random() < shape.edited
        values = _values(chance, scale)
        newer = _values(chance, scale) if is_edited else values
        if (place[0], month) in shape.nobody:
            values["member"] = newer["member"] = 0.0
        if (place[0], month) in shape.everybody:
            values["member"] = newer["member"] = 1.0
        if draw < shape.missing:
            continue
        for release, known in ((LIVE, newer), (RELEASE, values)):
            late = shape.late_at.get(place[0], shape.late)
            if release == LIVE or draw >= shape.missing + late:
                for measure, value in known.items():
                    yield Answer(
                        release, measure, month, f"F{number}", *place, value=value
                    )


def _values(chance: random.Random, scale: float) -> dict[str, float]:
    drawn_values = {
        "income": float(chance.randint(500, 1500)) * scale,
        "savings": float(chance.randint(1, 900)) * scale,
        "circle_money": float(chance.randint(1, 300)),
        "satisfaction": float(chance.randint(1, 10)),
        "saver": float(chance.random() < 0.6),
        "member": float(chance.random() < 0.5),
    }
    # What follows of what was drawn takes nothing of the chance that draws the rest.
    drawn_values["coping"] = drawn_values["income"] % 57
    drawn_values["leader"] = float(drawn_values["income"] % 5 == 0)
    is_in_debt = drawn_values["savings"] % 3 == 0
    drawn_values["debt"] = drawn_values["savings"] if is_in_debt else 0.0
    drawn_values["pupils"] = drawn_values["income"] % 3
    drawn_values["starter"] = float(drawn_values["savings"] % 9 == 0)
    drawn_values["income_per_head"] = drawn_values["income"] / (
        1 + drawn_values["savings"] % 5
    )
    ladder = drawn_values["satisfaction"]
    for rung, is_there in {
        "thriving": ladder == 10,
        "suffering": ladder < 5,
        "struggling": 5 <= ladder < 10,
    }.items():
        drawn_values[rung] = float(is_there)
    if chance.random() < 0.4:
        drawn_values["payout"] = float(chance.randint(100, 900))
    return drawn_values
