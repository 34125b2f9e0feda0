"""Progress: a bar where somebody looks, a line at times where a log is kept."""

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from ingestion.command_line.progress import show_progress


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def logged(happen: Callable[[Clock, Callable[..., None]], None]) -> list[str]:
    """Return the lines that are printed where no terminal is."""
    clock, out = Clock(), io.StringIO()
    console = Console(file=out, force_terminal=False)
    with show_progress(console, "journal", monotonic=clock) as progress:
        happen(clock, progress)
    return out.getvalue().splitlines()


def test_a_short_landing_has_no_line_of_progress() -> None:
    def happen(clock: Clock, progress: Callable[..., None]) -> None:
        for second in range(10):
            clock.now = 100.0 + second
            progress("swept", second)

    assert logged(happen) == []


def test_a_long_landing_says_every_ten_seconds_how_far_it_is() -> None:
    def happen(clock: Clock, progress: Callable[..., None]) -> None:
        progress("fetched", 0)
        for second in range(1, 26):
            clock.now = 100.0 + second
            progress("fetched", 500 * second, 80_000)

    assert logged(happen) == [
        "journal: fetched 5,000 of 80,000 submissions, 500/s",
        "journal: fetched 10,000 of 80,000 submissions, 500/s",
    ]


def test_the_rate_is_that_of_the_step() -> None:
    def happen(clock: Clock, progress: Callable[..., None]) -> None:
        progress("swept", 0)
        clock.now += 5
        progress("fetched", 0)
        clock.now += 5
        progress("fetched", 100)

    assert logged(happen) == ["journal: fetched 100 submissions, 20/s"]


def test_a_terminal_sees_how_many_of_how_many_and_what_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")  # one that cannot move its cursor sees no bar
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=100)
    with show_progress(console, "journal") as progress:
        progress("swept", 1_000)
        progress("fetched", 2_000, 8_000)

    shown = out.getvalue()
    assert "journal: fetched" in shown
    assert "2,000 of 8,000 submissions" in shown


@pytest.mark.parametrize("is_terminal", [True, False])
def test_programs_see_nothing(is_terminal: bool) -> None:  # noqa: FBT001 - pytest
    out = io.StringIO()
    console = Console(file=out, force_terminal=is_terminal)
    with show_progress(console, "journal", is_quiet=True) as progress:
        progress("swept", 1_000, 2_000)

    assert out.getvalue() == ""
