"""`python -m benchmarks warehouse`: how fast the warehouse is built and asked."""

import json
from dataclasses import asdict
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.builds.measure import Measured, measure_panel
from benchmarks.builds.plan import MONTHS, SIZES, panels_up_to
from benchmarks.panels.shape import Panel
from benchmarks.panels.templates import templates_of_pilot
from benchmarks.results.builds import (
    figures_of,
    table_of_growth,
    table_of_nodes,
    table_of_panels,
    table_of_queries,
    table_of_targets,
)
from benchmarks.surroundings import (
    bench_console,
    bench_folder,
    machine,
    need_room,
    own_postgres,
)
from sandbox.demo.progress import Steps


class Size(StrEnum):
    """The largest panel that is built."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


def warehouse(
    size: Annotated[
        Size,
        typer.Option(
            help="The largest panel, after every smaller one: "
            + ", ".join(f"{name} {count:,} families" for name, count in SIZES.items())
        ),
    ] = Size.SMALL,
    families: Annotated[
        list[int] | None,
        typer.Option(
            min=15,  # below, no figure may be shown
            help="Panels of as many families instead; may be given again.",
        ),
    ] = None,
    months: Annotated[
        int, typer.Option(min=2, max=MONTHS, help="Months of every panel.")
    ] = MONTHS,
    json_path: Annotated[
        Path | None, typer.Option("--json", help="Where to write everything measured.")
    ] = None,
) -> None:
    """Measure how fast the warehouse is built; the last line is one JSON object."""
    console, folder = bench_console(), bench_folder()
    steps = Steps(console)
    counts = sorted(set(families or panels_up_to(size)))
    need_room(folder, counts[-1], months)
    measured: list[Measured] = []
    with own_postgres(folder, steps) as server:
        with steps.step("Read the pilot's answers"):
            templates = templates_of_pilot()
        for count in counts:
            panel = Panel(count, months)
            measured.append(measure_panel(panel, templates, server, steps))
    for one in measured:
        console.print(table_of_nodes(one), table_of_queries(one))
    for smaller, larger in pairwise(measured):
        console.print(table_of_growth(smaller, larger))
    console.print(table_of_panels(measured), table_of_targets(measured))
    figures = figures_of(measured)
    written = json_path or folder / "warehouse.json"
    everything = {
        "figures": figures,
        "machine": machine(),
        "panels": [asdict(one) for one in measured],
    }
    written.write_text(json.dumps(everything, indent=2) + "\n")
    console.print(f"Everything measured: {written}", soft_wrap=True, highlight=False)
    typer.echo(json.dumps(figures))
