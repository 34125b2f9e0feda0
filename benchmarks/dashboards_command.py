"""`python -m benchmarks dashboards`: how fast dashboards are asked and drawn."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.builds.measure import DATABASE, build_panel, is_built
from benchmarks.builds.pages import MeasuredPages, ask_often, ask_once, draw_sites
from benchmarks.builds.plan import DASHBOARD_FAMILIES, MONTHS
from benchmarks.builds.readers import make_readers
from benchmarks.panels.shape import Panel
from benchmarks.panels.templates import Templates, templates_of_pilot
from benchmarks.results.pages import (
    figures_of,
    table_of_cards,
    table_of_page_targets,
    table_of_sites,
)
from benchmarks.surroundings import bench_console, bench_folder, machine, need_room
from sandbox import postgres
from sandbox.demo.progress import Steps


def dashboards(
    families: Annotated[
        int, typer.Option(min=15, help="Families of the panel.")
    ] = DASHBOARD_FAMILIES,
    months: Annotated[
        int, typer.Option(min=2, max=MONTHS, help="Months of the panel.")
    ] = MONTHS,
    *,
    keep: Annotated[
        bool,
        typer.Option(help="Keep the built panel, to be found again the next time."),
    ] = False,
    json_path: Annotated[
        Path | None, typer.Option("--json", help="Where to write everything measured.")
    ] = None,
) -> None:
    """Measure how fast dashboards are asked and drawn; the last line is JSON."""
    console, folder = bench_console(), bench_folder()
    steps = Steps(console)
    panel = Panel(families, months)
    with steps.step("Read the pilot's answers"):
        templates = templates_of_pilot()
    with _panel_server(folder, panel, keep=keep) as data_dir:
        measured = _measure(data_dir, panel, templates, steps)
    console.print(table_of_cards(measured), table_of_sites(measured))
    console.print(table_of_page_targets(measured))
    figures = figures_of(measured)
    written = json_path or folder / "dashboards.json"
    everything = {"figures": figures, "machine": machine(), "panel": asdict(measured)}
    written.write_text(json.dumps(everything, indent=2) + "\n")
    console.print(f"Everything measured: {written}", soft_wrap=True, highlight=False)
    typer.echo(json.dumps(figures))


@contextmanager
def _panel_server(folder: Path, panel: Panel, *, keep: bool) -> Iterator[Path]:
    """Run the Postgres of a panel; yield its data folder, which goes unless kept."""
    place = folder / f"panel-{panel.families}x{panel.months}"
    data_dir = place / "data"
    place.mkdir(exist_ok=True)
    try:
        postgres.start(data_dir)
        yield data_dir
    finally:
        postgres.stop(data_dir)
        if not keep:
            shutil.rmtree(place, ignore_errors=True)


def _measure(
    data_dir: Path, panel: Panel, templates: Templates, steps: Steps
) -> MeasuredPages:
    server = postgres.start(data_dir)
    if not is_built(server):
        need_room(data_dir, panel.families, panel.months)
        build_panel(panel, templates, server, steps)
    readers = make_readers(server.url(DATABASE), panel, templates.likes)
    url = readers[0].url
    with steps.step("Start PostgreSQL anew"):
        postgres.stop(data_dir)
        postgres.start(data_dir, server.port)
    with steps.step("Every card once") as step:
        cold = ask_once(url, step.note)
    with steps.step("Every card often") as step:
        warm = ask_often(url, step.note)
    with steps.step("Pages of every reader") as step:
        sites = draw_sites(readers, step.note)
    return MeasuredPages(panel.families, panel.months, cold, warm, sites)
