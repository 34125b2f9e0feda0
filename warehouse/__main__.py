"""`python -m warehouse`: make the tables, run dbt, build its documentation."""

import logging
from typing import Annotated

import typer

from warehouse import dbt
from warehouse.connection import open_engine, reachable
from warehouse.errors import WarehouseError
from warehouse.tables import create_all

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Look after the warehouse that WAREHOUSE_URL names.",
)


@app.command()
def tables() -> None:
    """Create the schemas and tables that dbt does not make."""
    engine = open_engine()
    with reachable(engine):
        create_all(engine)
    typer.echo("The schemas and tables are there.")


@app.command()
def build(
    select: Annotated[
        str | None, typer.Option(help="Which nodes, in dbt's words.")
    ] = None,
    full_refresh: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool, typer.Option("--full-refresh", help="Rebuild incremental models.")
    ] = False,
) -> None:
    """Run `dbt build` and record every node's result."""
    report = dbt.build(select=select, full_refresh=full_refresh)
    warned = f", warnings: {', '.join(report.warned)}" if report.warned else ""
    typer.echo(f"{report.passed} nodes built in {report.seconds} s{warned}")


@app.command()
def docs() -> None:
    """Build the documentation site of the dbt project."""
    target = dbt.PROJECT / "target"
    outcome = dbt.run("docs generate", dbt.PROJECT, target, options=["--static"])
    if outcome.code:
        raise WarehouseError(f"dbt could not write the docs: {outcome.reason}")
    typer.echo(f"Open {target / 'static_index.html'}")


def main() -> None:
    """Run the command; an expected error is one sentence and exit code 1."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        app()
    except WarehouseError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
