from benchmarks.race.plan import FIRST_LOAD, NO_CHANGE, ONE_PERCENT
from benchmarks.race.process import Outcome
from benchmarks.race.run import Measurement, Race
from benchmarks.results.ratios import TARGETS, lines_of, ratios_of
from benchmarks.results.tables import verdict

TARGET = {target.name: target for target in TARGETS}


def took(  # noqa: PLR0913 - a measurement has that many parts
    contender: str,
    step: str,
    seconds: float,
    *,
    repetition: int = 0,
    journals: int = 1_000,
    peak_memory_mb: float = 100,
) -> Measurement:
    outcome = Outcome(seconds, seconds, peak_memory_mb, {})
    return Measurement(contender, step, journals, repetition, outcome, 1_000_000)


def test_ratios_are_of_the_smallest_size_and_memory_of_the_largest() -> None:
    race = Race(
        [],
        [
            took("floor", FIRST_LOAD, 4),
            took("dlt", FIRST_LOAD, 40),
            took("dlt", NO_CHANGE, 50),
            took("ours", FIRST_LOAD, 5),
            took("ours", NO_CHANGE, 2),
            took("ours", ONE_PERCENT, 2.1),
            took("floor", FIRST_LOAD, 70, journals=9_000),
            took("ours", FIRST_LOAD, 70, journals=9_000, peak_memory_mb=250),
        ],
    )

    assert ratios_of(race) == {
        "first_load_vs_floor": 0.8,
        "first_load_vs_dlt": 8,
        "no_change_vs_dlt": 25,
        "one_percent_share": 0.02,
        "peak_memory_mb": 250,
        "journals": 1_000,
    }


def test_a_ratio_compares_what_was_measured_together() -> None:
    # The machine was twice as slow the first time, and dlt ran only then.
    race = Race(
        [],
        [
            took("ours", FIRST_LOAD, 10),
            took("dlt", FIRST_LOAD, 80),
            took("ours", FIRST_LOAD, 5, repetition=1),
        ],
    )

    assert ratios_of(race)["first_load_vs_dlt"] == 8


def test_what_was_not_measured_is_no_ratio() -> None:
    ratios = ratios_of(Race([], [took("floor", FIRST_LOAD, 4)]))

    assert {name for name, value in ratios.items() if value is not None} == {"journals"}
    assert verdict(TARGET["first_load_vs_floor"], None) == "unknown"


def test_a_line_is_the_median_of_its_repetitions() -> None:
    race = Race([], [took("floor", FIRST_LOAD, s, repetition=s) for s in (1, 2, 30)])
    (line,) = lines_of(race)

    assert (line.seconds, line.fastest, line.slowest, line.repetitions) == (2, 1, 30, 3)
    assert line.rate == 500


def test_a_target_is_met_on_its_own_side() -> None:
    assert TARGET["first_load_vs_floor"].is_met(0.7)
    assert not TARGET["first_load_vs_floor"].is_met(0.69)
    assert TARGET["peak_memory_mb"].is_met(300)
    assert not TARGET["peak_memory_mb"].is_met(301)
