"""What asking and drawing the dashboards came to: figures and tables."""

from rich.table import Table

from benchmarks.builds.pages import MeasuredPages
from benchmarks.builds.queries import percentile
from benchmarks.results.ratios import AT_MOST, Target
from benchmarks.results.tables import verdict

Figures = dict[str, float | int | None]
TARGETS = (
    Target("cards_p95_ms", 200, AT_MOST, "the slowest query of a card, p95"),
    Target("static_build_seconds", 60, AT_MOST, "every reader's pages, all languages"),
    Target("largest_page_kb", 3_000, AT_MOST, "the largest page"),
)
SLOWEST = 15
NEARLY_ALL = 0.95


def figures_of(measured: MeasuredPages) -> Figures:
    """Return the figures of one panel.

    `cards_p95_ms` is of the card that takes longest when asked often, or, where that is
    more, the time within which 95 of 100 cards answer the first time.
    """
    slowest = max(one.p95_ms for one in measured.warm)
    return {
        "cards": len(measured.warm),
        "cards_p95_ms": max(slowest, cold_p95_ms(measured)),
        "static_build_seconds": round(sum(one.seconds for one in measured.sites), 2),
        "largest_page_kb": max(one.largest_page_kb for one in measured.sites),
    }


def cold_p95_ms(measured: MeasuredPages) -> float:
    """Return within how many milliseconds 95 of 100 cards answer the first time."""
    return percentile([one.milliseconds for one in measured.cold], NEARLY_ALL)


def table_of_cards(measured: MeasuredPages) -> Table:
    """Return the slowest cards."""
    title = f"Slowest cards at {measured.families:,} families, milliseconds"
    table = Table(title=title)
    for name in ("Card", "first time", "p95", "median", "asked", "failed"):
        table.add_column(name, justify="left" if name == "Card" else "right")
    first = {one.name: one.milliseconds for one in measured.cold}
    for one in sorted(measured.warm, key=lambda each: -each.p95_ms)[:SLOWEST]:
        table.add_row(
            one.name,
            f"{first[one.name]:,.1f}",
            f"{one.p95_ms:,.1f}",
            f"{one.median_ms:,.1f}",
            str(one.asked),
            one.failure or "",
        )
    return table


def table_of_sites(measured: MeasuredPages) -> Table:
    """Return what was drawn, one row a reader."""
    table = Table(title=f"Static pages at {measured.families:,} families")
    for name in ("Reader", "s", "own CPU s", "pages", "largest, kB", "which"):
        table.add_column(name, justify="left" if name[0] in "Rw" else "right")
    for one in measured.sites:
        table.add_row(
            one.reader,
            f"{one.seconds:,.2f}",
            f"{one.cpu_seconds:,.2f}",
            str(one.pages),
            f"{one.largest_page_kb:,.0f}",
            one.largest_page,
        )
    return table


def table_of_page_targets(measured: MeasuredPages) -> Table:
    """Return one row per target: what was measured, met or missed."""
    figures = figures_of(measured)
    table = Table(title=f"Targets, at {measured.families:,} families")
    for name in ("", "What", "Measured", "Target", "Verdict"):
        table.add_column(name)
    for target in TARGETS:
        value = figures[target.name]
        table.add_row(
            target.name,
            target.meaning,
            f"{value:,.4g}",
            f"at most {target.bound:g}",
            verdict(target, value),
        )
    return table
