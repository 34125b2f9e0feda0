"""The results as people read them."""

from rich.table import Table

from benchmarks.race.plan import CONTENDERS
from benchmarks.results.ratios import TARGETS, Line, Target

WIDE = 150


def table_of_lines(lines: list[Line]) -> Table:
    """Return one row per contender, step and size."""
    table = Table(title="Ingestion of family journals, one server on loopback")
    for name in ("Journals", "Contender", "Step"):
        table.add_column(name, justify="right" if name == "Journals" else "left")
    for name in ("s", "from-to", "runs", "journals/s", "own CPU s", "peak MB", "MB in"):
        table.add_column(name, justify="right")
    size = None
    for line in lines:
        if size not in (None, line.journals):
            table.add_section()
        size = line.journals
        table.add_row(
            f"{line.journals:,}",
            CONTENDERS[line.contender].title,
            line.step,
            f"{line.seconds:.2f}",
            f"{line.fastest:.2f}-{line.slowest:.2f}",
            str(line.repetitions),
            f"{line.rate:,.0f}",
            f"{line.cpu_seconds:.2f}",
            f"{line.peak_memory_mb:.0f}",
            f"{line.received_mb:.0f}",
        )
    return table


def table_of_targets(ratios: dict[str, float | int | None], lines: list[Line]) -> Table:
    """Return one row per target: what it is, what was measured, met or missed."""
    largest = max(line.journals for line in lines)
    title = f"Ratios at {ratios['journals']:,} journals, memory at {largest:,}"
    table = Table(title=title)
    for name in ("", "What", "Measured", "Target", "Verdict"):
        table.add_column(name)
    for target in TARGETS:
        value = ratios[target.name]
        sign = "at least" if target.is_floor else "at most"
        table.add_row(
            target.name,
            target.meaning,
            "not measured" if value is None else f"{value:,.4g}",
            f"{sign} {target.bound:g}",
            verdict(target, value),
        )
    return table


def verdict(target: Target, value: float | None) -> str:
    """Return met, missed or unknown."""
    if value is None:
        return "unknown"
    return "[green]met[/green]" if target.is_met(value) else "[yellow]missed[/yellow]"
