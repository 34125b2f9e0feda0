"""How a landing shows that it is alive: a counter on a terminal, silence elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ingestion.landing.workspace import Progress as ProgressCallback


@contextmanager
def show_progress(
    console: Console, form_name: str, *, is_quiet: bool = False
) -> Iterator[ProgressCallback]:
    """Yield a callback that shows step and count while the block runs.

    Elsewhere than on a terminal nothing moves: the one line printed after the form has
    landed is the progress there.
    """
    if is_quiet or not console.is_terminal:
        yield lambda _step, _done, _total: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f} submissions"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as display:
        task = display.add_task(form_name, total=None)

        def show(step: str, done: int, total: int | None) -> None:
            display.update(
                task, description=f"{form_name}: {step}", completed=done, total=total
            )

        yield show
