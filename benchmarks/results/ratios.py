"""Medians of what was measured, and the ratios by which we judge ourselves."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from benchmarks.race.plan import (
    DLT,
    FIRST_LOAD,
    FLOOR,
    NO_CHANGE,
    ONE_PERCENT,
    OURS,
)
from benchmarks.race.run import Measurement, Race


@dataclass(frozen=True, slots=True)
class Line:
    """One step of one contender at one size, over its repetitions.

    Attributes:
        contender: Its name.
        step: The step's name.
        journals: How many the server held.
        seconds: The median.
        fastest: Of all repetitions, in seconds.
        slowest: Of all repetitions, in seconds.
        cpu_seconds: The median of what its own process computed.
        peak_memory_mb: The largest.
        received_mb: What the server sent.
        repetitions: How many there were.
    """

    contender: str
    step: str
    journals: int
    seconds: float
    fastest: float
    slowest: float
    cpu_seconds: float
    peak_memory_mb: float
    received_mb: float
    repetitions: int

    @property
    def rate(self) -> float:
        """Journals per second."""
        return self.journals / self.seconds


@dataclass(frozen=True, slots=True)
class Target:
    """What a ratio should be.

    Attributes:
        name: The ratio's name.
        bound: Its value at worst.
        is_floor: More is better; else less is.
        meaning: What it is, in words.
    """

    name: str
    bound: float
    is_floor: bool
    meaning: str

    def is_met(self, value: float) -> bool:
        """Return whether `value` is good enough."""
        return value >= self.bound if self.is_floor else value <= self.bound


TARGETS = (
    Target("first_load_vs_floor", 0.7, True, "our rate of a first load / the floor's"),  # noqa: FBT003
    Target("first_load_vs_dlt", 10, True, "our rate of a first load / dlt's"),  # noqa: FBT003
    Target("no_change_vs_dlt", 20, True, "dlt's time of a sync without change / ours"),  # noqa: FBT003
    Target(
        "one_percent_share",
        0.03,
        False,  # noqa: FBT003
        "what 1 % of edits adds to a sync / our first load",
    ),
    Target("peak_memory_mb", 300, False, "our process at its largest"),  # noqa: FBT003
)


def lines_of(race: Race) -> list[Line]:
    """Return one line per contender, step and size, in the order measured."""
    grouped: dict[tuple[int, str, str], list[Measurement]] = {}
    for one in race.measurements:
        grouped.setdefault((one.journals, one.contender, one.step), []).append(one)
    return [_line(group) for group in grouped.values()]


def ratios_of(lines: list[Line]) -> dict[str, float | int | None]:
    """Return the ratios by name; None where a side of one was not measured.

    `journals` is the size at which they hold: the smallest, where every contender
    runs. `peak_memory_mb` is that of the largest.
    """
    journals = min(line.journals for line in lines)
    seconds = {
        (line.contender, line.step): line.seconds
        for line in lines
        if line.journals == journals
    }
    first = seconds.get((OURS.name, FIRST_LOAD))
    no_change = seconds.get((OURS.name, NO_CHANGE))
    one_percent = seconds.get((OURS.name, ONE_PERCENT))
    added = _of(one_percent, no_change, lambda some, less: some - less)
    return {
        "first_load_vs_floor": _quotient(seconds.get((FLOOR.name, FIRST_LOAD)), first),
        "first_load_vs_dlt": _quotient(seconds.get((DLT.name, FIRST_LOAD)), first),
        "no_change_vs_dlt": _quotient(seconds.get((DLT.name, NO_CHANGE)), no_change),
        "one_percent_share": _quotient(added, first),
        "peak_memory_mb": _peak_memory(lines),
        "journals": journals,
    }


def _line(group: list[Measurement]) -> Line:
    first = group[0]
    seconds = [one.outcome.seconds for one in group]
    return Line(
        contender=first.contender,
        step=first.step,
        journals=first.journals,
        seconds=median(seconds),
        fastest=min(seconds),
        slowest=max(seconds),
        cpu_seconds=median(one.outcome.cpu_seconds for one in group),
        peak_memory_mb=max(one.outcome.peak_memory_mb for one in group),
        received_mb=median(one.received_bytes for one in group) / 1e6,
        repetitions=len(group),
    )


def _peak_memory(lines: list[Line]) -> float | None:
    largest = max(line.journals for line in lines)
    peaks = [
        line.peak_memory_mb
        for line in lines
        if line.contender == OURS.name and line.journals == largest
    ]
    return round(max(peaks), 1) if peaks else None


def _quotient(above: float | None, below: float | None) -> float | None:
    value = _of(above, below, lambda some, other: some / other)
    return None if value is None else round(value, 4)


def _of(
    one: float | None, other: float | None, count: Callable[[float, float], float]
) -> float | None:
    return None if one is None or other is None else count(one, other)
