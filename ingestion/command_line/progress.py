"""How a landing shows that it is alive: a bar on a terminal, else a line at times."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from ingestion.landing.progress import ProgressCallback, no_progress

SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def show_progress(
    console: Console,
    form_name: str,
    *,
    is_quiet: bool = False,
    unit: str = "submissions",
    monotonic: Callable[[], float] = time.monotonic,
) -> Iterator[ProgressCallback]:
    """Yield a callback that shows step, count, rate and remaining time.

    Elsewhere than on a terminal it prints a line every ten seconds; a form that lands
    sooner has only the line that is printed when it has landed.
    """
    if is_quiet:
        yield no_progress
    elif console.is_terminal:
        with _bar(console, unit) as bar:
            yield _Bar(bar, form_name)
    else:
        yield _Lines(console, form_name, unit, monotonic)


def _bar(console: Console, unit: str) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        _Count(unit),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


class _Count(ProgressColumn):
    """Rows done, of how many where that is known, and how many in a second."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = unit

    def render(self, task: Task) -> Text:
        return Text(_count(int(task.completed), task.total, task.speed, self._unit))


class _Bar:
    """One bar per step, so that rate and remaining time are those of the step."""

    def __init__(self, display: Progress, form_name: str) -> None:
        self._display = display
        self._form_name = form_name
        self._step = ""
        self._task = display.add_task(form_name, total=None)

    def __call__(self, step: str, done: int, total: int | None = None) -> None:
        if step != self._step:
            self._step = step
            self._display.reset(
                self._task, description=f"{self._form_name}: {step}", total=total
            )
        self._display.update(self._task, completed=done, total=total)


class _Lines:
    """A line when the last one is ten seconds old."""

    def __init__(
        self,
        console: Console,
        form_name: str,
        unit: str,
        monotonic: Callable[[], float],
    ) -> None:
        self._console = console
        self._unit = unit
        self._form_name = form_name
        self._monotonic = monotonic
        self._step = ""
        self._step_began_at = self._said_at = monotonic()

    def __call__(self, step: str, done: int, total: int | None = None) -> None:
        now = self._monotonic()
        if step != self._step:
            self._step, self._step_began_at = step, now
        if now - self._said_at < SECONDS_BETWEEN_LINES:
            return
        self._said_at = now
        seconds = now - self._step_began_at
        rate = done / seconds if seconds else None
        count = _count(done, total, rate, self._unit)
        self._console.print(
            f"{self._form_name}: {step} {count}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


def _count(done: int, total: float | None, per_second: float | None, unit: str) -> str:
    of_total = "" if total is None else f" of {total:,.0f}"
    rate = "" if not per_second else f", {per_second:,.0f}/s"
    return f"{done:,}{of_total} {unit}{rate}"
