"""Shows that a long export is alive: a line every two seconds, none before."""

import time
from collections.abc import Callable

import typer

SECONDS_BETWEEN_LINES = 2.0


class Heartbeat:
    """Told how many rows of a table are written.

    Args:
        monotonic: Tells the time.
        say: Prints a line.
    """

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        say: Callable[[str], None] = lambda line: typer.echo(line, err=True),
    ) -> None:
        self._monotonic = monotonic
        self._say = say
        self._said_at = monotonic()

    def __call__(self, table: str, done: int) -> None:
        """Say it if the last line is two seconds old."""
        now = self._monotonic()
        if now - self._said_at >= SECONDS_BETWEEN_LINES:
            self._said_at = now
            self._say(f"{table}: {done:,} rows written")
