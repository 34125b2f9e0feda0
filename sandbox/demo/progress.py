"""Show the steps of a long command: what runs, how long it took, what came of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.status import Status

TITLE_WIDTH = 34


@dataclass(slots=True)
class Step:
    """One step while it runs.

    Attributes:
        title: What is being done.
        outcome: What came of it, printed when it is done.
    """

    title: str
    outcome: str = ""
    _show: Callable[[str], None] = field(default=lambda _: None)

    def note(self, detail: str) -> None:
        """Show how far the step is, where there is a terminal to show it on."""
        self._show(detail)


class Steps:
    """Prints one line per finished step, and the running one on a terminal.

    Args:
        console: Where to print; into a file or a pipe it prints plain lines only.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Time the block; an exception marks the step as failed and goes on up."""
        started = time.monotonic()
        step = Step(title)
        try:
            with self._running(step, started):
                yield step
        except BaseException:
            self._print("[red]failed[/red]", step, started)
            raise
        self._print("[green]done[/green]", step, started)
        self.seconds[title] = round(time.monotonic() - started, 1)

    @contextmanager
    def _running(self, step: Step, started: float) -> Iterator[None]:
        if not self._console.is_terminal:
            yield
            return
        with self._console.status(escape(step.title)) as status:
            step._show = _shower(status, step.title, started)  # noqa: SLF001 - our own class
            yield

    def _print(self, mark: str, step: Step, started: float) -> None:
        elapsed = time.monotonic() - started
        line = f"{escape(step.title):<{TITLE_WIDTH}} {elapsed:5.1f} s  "
        self._console.print(
            f"{mark:>6}  {line}{escape(step.outcome)}", highlight=False, soft_wrap=True
        )


def _shower(status: Status, title: str, started: float) -> Callable[[str], None]:
    def show(detail: str) -> None:
        elapsed = time.monotonic() - started
        status.update(f"{escape(title)}  {elapsed:.0f} s  [dim]{escape(detail)}[/dim]")

    return show
