"""Medians of what was measured, and the ratios by which we judge ourselves."""

from collections.abc import Callable, Iterable
from contextlib import suppress
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


AT_LEAST, AT_MOST = True, False
TARGETS = (
    Target("first_load_vs_floor", 0.7, AT_LEAST, "our rate of a first load / floor's"),
    Target("first_load_vs_dlt", 10, AT_LEAST, "our rate of a first load / dlt's"),
    Target("no_change_vs_dlt", 20, AT_LEAST, "dlt's time without change / ours"),
    Target("one_percent_share", 0.03, AT_MOST, "time 1 % of edits adds / first load"),
    Target("peak_memory_mb", 300, AT_MOST, "our process at its largest"),
)


# By contender and step, within one repetition.
Seconds = dict[tuple[str, str], float]
OUR_FIRST, OUR_NO_CHANGE = (OURS.name, FIRST_LOAD), (OURS.name, NO_CHANGE)
RATIOS: dict[str, Callable[[Seconds], float]] = {
    "first_load_vs_floor": lambda of: of[FLOOR.name, FIRST_LOAD] / of[OUR_FIRST],
    "first_load_vs_dlt": lambda of: of[DLT.name, FIRST_LOAD] / of[OUR_FIRST],
    "no_change_vs_dlt": lambda of: of[DLT.name, NO_CHANGE] / of[OUR_NO_CHANGE],
    "one_percent_share": lambda of: (
        (of[OURS.name, ONE_PERCENT] - of[OUR_NO_CHANGE]) / of[OUR_FIRST]
    ),
}


def lines_of(race: Race) -> list[Line]:
    """Return one line per contender, step and size, in the order measured."""
    grouped: dict[tuple[int, str, str], list[Measurement]] = {}
    for one in race.measurements:
        grouped.setdefault((one.journals, one.contender, one.step), []).append(one)
    return [_line(group) for group in grouped.values()]


def ratios_of(race: Race) -> dict[str, float | int | None]:
    """Return the ratios by name; None where a side of one was not measured.

    `journals` is the size at which they hold: the smallest, where every contender
    runs. `peak_memory_mb` is that of the largest.
    """
    journals = min(one.journals for one in race.measurements)
    repetitions: dict[int, Seconds] = {}
    for one in race.measurements:
        if one.journals == journals:
            seconds = repetitions.setdefault(one.repetition, {})
            seconds[one.contender, one.step] = one.outcome.seconds
    return {
        **{
            name: _median_over(repetitions.values(), ratio)
            for name, ratio in RATIOS.items()
        },
        "peak_memory_mb": _peak_memory(race.measurements),
        "journals": journals,
    }


def _median_over(
    repetitions: Iterable[Seconds], ratio: Callable[[Seconds], float]
) -> float | None:
    """Return the median of a ratio's values, one for each repetition that has it.

    What else the machine does changes from minute to minute, and disturbs a ratio of
    what was measured within one of them less than one of medians.
    """
    values = []
    for seconds in repetitions:
        with suppress(KeyError):
            values.append(ratio(seconds))
    return round(median(values), 4) if values else None


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


def _peak_memory(measurements: list[Measurement]) -> float | None:
    largest = max(one.journals for one in measurements)
    peaks = [
        one.outcome.peak_memory_mb
        for one in measurements
        if one.contender == OURS.name and one.journals == largest
    ]
    return round(max(peaks), 1) if peaks else None
