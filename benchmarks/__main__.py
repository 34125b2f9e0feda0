"""`python -m benchmarks`: measure, side by side with what a user would pick instead."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.dashboards_command import dashboards
from benchmarks.race.plan import BENCH_PYTHON, CONTENDERS, DLT, FLOOR, OURS, Round
from benchmarks.race.run import Race, run_race
from benchmarks.results.ratios import lines_of, ratios_of
from benchmarks.results.tables import table_of_lines, table_of_targets
from benchmarks.surroundings import bench_console, bench_folder, machine, own_postgres
from benchmarks.warehouse_command import warehouse
from dashboards.errors import DashboardError
from sandbox.demo.progress import Steps
from sandbox.errors import SandboxError
from warehouse.errors import WarehouseError

DEFAULT_SIZES = (50_000, 500_000)
# dlt takes a minute where others take seconds, and what it is ten times slower in does
# not hang on a tenth more or less.
REPETITIONS = {"floor": 3, "pandas": 1, "dlt": 2, "ours": 3}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def benchmarks() -> None:
    """Measure, side by side with what a user would pick instead."""


app.command()(warehouse)
app.command()(dashboards)


@app.command()
def ingest(
    journals: Annotated[
        list[int] | None,
        typer.Option(
            min=100,  # below, 1 % of them is nothing
            help="How many journals; may be given again. Every contender runs at the "
            "smallest size, at others the floor and ours. By default 50000 and 500000.",
        ),
    ] = None,
    contender: Annotated[
        list[str] | None,
        typer.Option(help=f"Only these: {', '.join(CONTENDERS)}; may be given again."),
    ] = None,
    repeat: Annotated[
        int | None,
        typer.Option(help="How often each contender runs at the smallest size."),
    ] = None,
    *,
    dlt_everywhere: Annotated[
        bool,
        typer.Option(help="Run dlt at the other sizes too (16 minutes at 500000)."),
    ] = False,
    json_path: Annotated[
        Path | None, typer.Option("--json", help="Where to write everything measured.")
    ] = None,
) -> None:
    """Measure how fast journals are ingested; the last line is one JSON object."""
    console = bench_console()
    names = _names(contender, console)
    first, *others = sorted(set(journals or DEFAULT_SIZES))
    everywhere = {FLOOR.name, OURS.name, *([DLT.name] if dlt_everywhere else [])}
    rounds = [
        Round(first, {name: repeat or REPETITIONS[name] for name in names}),
        *(
            Round(size, {name: 1 for name in names if name in everywhere})
            for size in others
        ),
    ]
    folder, steps = bench_folder(), Steps(console)
    with own_postgres(folder, steps) as server:
        rounds = [one for one in rounds if one.repetitions]
        race = run_race(rounds, server, folder, steps)
    lines = lines_of(race)
    ratios = ratios_of(race)
    console.print(table_of_lines(lines))
    console.print(table_of_targets(ratios, lines))
    written = json_path or folder / "ingest.json"
    written.write_text(json.dumps(_everything(race, ratios), indent=2) + "\n")
    console.print(f"Everything measured: {written}", soft_wrap=True, highlight=False)
    typer.echo(json.dumps(ratios))


def _names(wanted: list[str] | None, console: Console) -> list[str]:
    """Return the contenders that run.

    Raises:
        SandboxError: One is not known, or cannot run here.
    """
    unknown = set(wanted or ()) - set(CONTENDERS)
    if unknown:
        raise SandboxError(
            f"There is no contender {', '.join(sorted(unknown))}: there are "
            f"{', '.join(CONTENDERS)}."
        )
    names = [name for name in CONTENDERS if not wanted or name in wanted]
    if DLT.name in names and not BENCH_PYTHON.exists():
        if wanted:
            raise SandboxError(
                "dlt is not installed: `make bench-ingest` installs it into "
                ".venv-bench."
            )
        console.print("dlt is left out: .venv-bench is missing (`make bench-ingest`).")
        names.remove(DLT.name)
    return names


def _everything(race: Race, ratios: dict[str, float | int | None]) -> dict[str, object]:
    return {
        "ratios": ratios,
        "machine": machine(),
        "journals": [asdict(one) for one in race.written],
        "lines": [asdict(line) for line in lines_of(race)],
        "measurements": [asdict(one) for one in race.measurements],
    }


def main() -> None:
    """Run the command; an expected error is one sentence and exit code 1."""
    try:
        app()
    except (DashboardError, SandboxError, WarehouseError) as error:
        typer.echo(f"{error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
