"""How far a backup is, for people who wait."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from warehouse.backups.programs import Progress

WIDTH = 78
STEPS = ("dumping contents", "processing data", "creating INDEX", "creating FK")


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Show on one line of a terminal what is being done; elsewhere nothing."""
    is_terminal = sys.stderr.isatty()

    def show(line: str) -> None:
        if is_terminal and line.startswith(STEPS):
            typer.echo(f"\r{line[:WIDTH]:<{WIDTH}}", err=True, nl=False)

    yield show
    if is_terminal:
        typer.echo(f"\r{'':<{WIDTH}}\r", err=True, nl=False)
