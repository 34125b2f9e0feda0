"""How whoever lands a form may follow how far it is."""

from typing import Protocol


class ProgressCallback(Protocol):
    """Told what is being done, how many rows of it are done, and of how many."""

    def __call__(self, step: str, done: int, total: int | None = None) -> None:
        """Note it; `total` is None where the server's count is not known yet."""
        ...


def no_progress(step: str, done: int, total: int | None = None) -> None:
    """Show nothing."""
    del step, done, total
