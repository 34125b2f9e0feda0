"""What building panels came to: the figures we judge ourselves by, and tables."""

from collections.abc import Sequence

from rich.table import Table

from benchmarks.builds.measure import Build, Measured, Node
from benchmarks.builds.queries import Timed
from benchmarks.results.ratios import AT_MOST, Target
from benchmarks.results.tables import verdict

Figures = dict[str, float | int | None]
TARGETS = (
    Target("full_build_seconds", 60, AT_MOST, "a build with every test"),
    Target("growth_ratio", 1.2, AT_MOST, "time / size, of the two largest panels"),
    Target("incremental_share", 0.1, AT_MOST, "a build after 1 % of news / a full one"),
    Target("share_query_p95_ms", 200, AT_MOST, "the slowest query of a dashboard"),
    Target("cookbook_query_p95_ms", 2_000, AT_MOST, "the slowest of the cookbook"),
)
SLOWEST = 15
TELLING_SECONDS = 1.0
GROWN = 1.1  # beyond what one run differs from the next


def figures_of(measured: Sequence[Measured]) -> Figures:
    """Return the figures of the largest panel; None for what was not measured."""
    largest = measured[-1]
    return {
        "families": largest.families,
        "full_build_seconds": largest.full.seconds,
        "growth_ratio": _growth(measured),
        "incremental_share": round(
            largest.incremental.seconds / largest.full.seconds, 4
        ),
        "share_query_p95_ms": _slowest(largest.dashboards),
        "cookbook_query_p95_ms": _slowest(largest.cookbook),
    }


def table_of_panels(measured: Sequence[Measured]) -> Table:
    """Return one row per panel."""
    table = Table(title="The warehouse built on synthetic panels, times in seconds")
    for name in (
        *("Families", "Journals", "Database MB", "Full build"),
        *("Again, 1 % new", "Share of full", "Slowest dashboard ms"),
        *("Slowest cookbook ms", "Family months: dbt", "pandas", "Wins"),
    ):
        table.add_column(name, justify="right")
    for one in measured:
        race = one.family_months
        table.add_row(
            f"{one.families:,}",
            f"{one.rows['journal']:,}",
            f"{one.database_mb:,.0f}",
            f"{one.full.seconds:,.1f}",
            f"{one.incremental.seconds:,.1f}",
            f"{one.incremental.seconds / one.full.seconds:.0%}",
            _written(_slowest(one.dashboards)),
            _written(_slowest(one.cookbook)),
            f"{race.build_seconds:,.1f} ({race.node_seconds:,.1f} in the database)",
            f"{race.frame_seconds:,.1f} ({race.frame_peak_memory_mb:,.0f} MB)",
            "dbt" if race.build_seconds < race.frame_seconds else "pandas",
        )
    return table


def table_of_nodes(one: Measured) -> Table:
    """Return the slowest models of both builds of a panel, side by side."""
    table = Table(
        title=f"Slowest models at {one.families:,} families, seconds and rows"
    )
    for name in ("Full build", "s", "rows", "Again, 1 % new", "s", "rows"):
        table.add_column(name, justify="left" if len(name) > len("rows") else "right")
    pairs = zip(slowest_models(one.full), slowest_models(one.incremental), strict=False)
    for first, second in pairs:
        table.add_row(*_cells(first), *_cells(second))
    return table


def table_of_growth(smaller: Measured, larger: Measured) -> Table:
    """Return the models whose time grew faster than the panel."""
    sizes = larger.families / smaller.families
    table = Table(
        title=f"Models that grew by more than {sizes:.1f} times from "
        f"{smaller.families:,} to {larger.families:,} families"
    )
    for name in ("Model", "s before", "s", "rows", "times / size"):
        table.add_column(name, justify="left" if name == "Model" else "right")
    for node, before, growth in outgrowing(smaller, larger):
        name, seconds, rows = _cells(node)
        table.add_row(name, f"{before:,.2f}", seconds, rows, f"{growth:.2f}")
    return table


def outgrowing(smaller: Measured, larger: Measured) -> list[tuple[Node, float, float]]:
    """Return models that grew faster than the panel, the slowest first.

    Each with its seconds on the smaller panel, and how its time grew over how the panel
    did. What takes less than a second says nothing.
    """
    sizes = larger.families / smaller.families
    before = {node.name: node.seconds for node in smaller.full.nodes}
    grown = [
        (node, before[node.name], node.seconds / before[node.name] / sizes)
        for node in larger.full.nodes
        if node.name.startswith("model.")
        and node.seconds >= TELLING_SECONDS
        and before.get(node.name)
    ]
    return [one for one in grown if one[-1] > GROWN]


def table_of_queries(one: Measured) -> Table:
    """Return the slowest queries of a panel."""
    table = Table(title=f"Slowest queries at {one.families:,} families, milliseconds")
    for name in ("Query", "p95", "median", "asked", "failed"):
        table.add_column(name, justify="left" if name == "Query" else "right")
    timed = sorted([*one.dashboards, *one.cookbook], key=lambda each: -each.p95_ms)
    for each in timed[:SLOWEST]:
        table.add_row(
            each.name,
            f"{each.p95_ms:,.1f}",
            f"{each.median_ms:,.1f}",
            str(each.asked),
            each.failure or "",
        )
    return table


def table_of_targets(measured: Sequence[Measured]) -> Table:
    """Return one row per target: what was measured, met or missed."""
    figures = figures_of(measured)
    table = Table(title=f"Targets, at {figures['families']:,} families")
    for name in ("", "What", "Measured", "Target", "Verdict"):
        table.add_column(name)
    for target in TARGETS:
        value, note = figures[target.name], ""
        if target.name == "full_build_seconds":
            value = measured[0].full.seconds
            note = f", of {measured[0].families:,} families"
        table.add_row(
            target.name,
            target.meaning + note,
            _written(value),
            f"at most {target.bound:g}",
            verdict(target, value),
        )
    return table


def slowest_models(build: Build) -> list[Node]:
    """Return the models of a build that took longest."""
    return [one for one in build.nodes if one.name.startswith("model.")][:SLOWEST]


def _growth(measured: Sequence[Measured]) -> float | None:
    """Return the time ratio of the two largest panels over their size ratio."""
    if len(measured) == 1:
        return None
    smaller, larger = measured[-2:]
    times = larger.full.seconds / smaller.full.seconds
    return round(times / (larger.families / smaller.families), 4)


def _slowest(timed: Sequence[Timed]) -> float | None:
    return max((one.p95_ms for one in timed), default=None)


def _cells(node: Node) -> tuple[str, str, str]:
    rows = "" if node.row_count is None else f"{node.row_count:,}"
    return node.name.rsplit(".", 1)[-1], f"{node.seconds:,.2f}", rows


def _written(value: float | None) -> str:
    return "not measured" if value is None else f"{value:,.4g}"
