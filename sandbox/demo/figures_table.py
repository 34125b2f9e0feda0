"""The headline figures as a table for people."""

from collections.abc import Callable
from decimal import Decimal

from rich.box import SIMPLE
from rich.table import Table

from sandbox.demo.figures import Figure, Figures, Value

Cell = Callable[[Figure], str]

WIDE = 112  # characters that the whole table needs


def to_table(figures: Figures, width: int) -> Table:
    """Return the figures as a table for people.

    Args:
        figures: What to show.
        width: Characters in a line; a narrow table leaves intervals and families out.
    """
    table = Table(
        title=f"Synthetic pilot: release {figures.release} beside what was published",
        caption=(
            f"Published: {figures.source}. All data here are synthetic, built to give "
            "these figures; live differs by the journals that came after the cut-off. "
            "n: families. 95 %: interval of the release. Circles: lending circles."
        ),
        caption_justify="left",
        title_justify="left",
        box=SIMPLE,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    columns: dict[str, Cell] = {
        "Figure": lambda row: row.name,
        "Where": lambda row: row.scope,
        "Published": lambda row: row.published,
        f"Release {figures.release}": lambda row: _print(row, row.released),
        "95 %": _print_interval,
        "n": lambda row: _print_families(row.released),
        "Live": _print_live,
        "": _print_verdict,
    }
    if width < WIDE:
        del columns["95 %"], columns["n"]
    for heading in columns:
        is_text = heading in {"Figure", "Where", "Published", ""}
        table.add_column(heading, justify="left" if is_text else "right", no_wrap=True)
    previous = ""
    for row in figures.rows:
        cells = [cell(row) for cell in columns.values()]
        name = row.name if row.name != previous else ""
        table.add_row(name, *cells[1:])
        previous = row.name
    return table


def _print(figure: Figure, value: Value | None) -> str:
    if value is None:
        return "missing"
    percent = _print_percent(figure, value.percent)
    if figure.counts and value.numerator is not None and value.denominator is not None:
        return f"{value.numerator:.0f}/{value.denominator:.0f} = {percent}"
    return percent


def _print_interval(figure: Figure) -> str:
    if figure.released is None or figure.released.interval is None:
        return ""
    sign = "+" if figure.is_change else ""
    low, high = figure.released.interval
    return f"{low:{sign}} to {high:{sign}}"


def _print_percent(figure: Figure, percent: Decimal) -> str:
    return f"{percent:+} %" if figure.is_change else f"{percent} %"


def _print_live(figure: Figure) -> str:
    return _print_percent(figure, figure.live.percent) if figure.live else "missing"


def _print_verdict(figure: Figure) -> str:
    if figure.is_met:
        return "[green]ok[/green]"
    return f"[red]not {_print_percent(figure, figure.target)}[/red]"


def _print_families(value: Value | None) -> str:
    return (
        "" if value is None or value.family_count is None else f"{value.family_count}"
    )
