"""`python -m warehouse`: tables, access, dbt, releases, prices, exports, backups."""

import logging
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from warehouse import (
    backups,
    dbt,
    documentation,
    exports,
    prices,
    releases,
    review_command,
    semantic,
)
from warehouse.access.commands import app as access
from warehouse.audit.collecting import KEEP_DAYS, collect
from warehouse.backups.showing import shown_progress
from warehouse.connection import open_engine, reachable
from warehouse.documentation import cookbook
from warehouse.errors import (
    CookbookError,
    PricesRejectedError,
    WarehouseError,
    WarehouseUnavailableError,
)
from warehouse.exports.anonymity import Changes
from warehouse.exports.formats import ExportFormat
from warehouse.exports.heartbeat import Heartbeat
from warehouse.logs import set_up_logs
from warehouse.migrations import propose
from warehouse.prices.refresh import SEEDS
from warehouse.prices.table import as_table
from warehouse.prices.world_bank import API as WORLD_BANK
from warehouse.status import Line, look, worst
from warehouse.status.showing import say
from warehouse.tables import create_all

UNKNOWN = 3  # as monitors count: neither well nor wrong, nobody can tell

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Look after the warehouse that WAREHOUSE_URL names.",
)
app.add_typer(access, name="access")
app.add_typer(review_command.app, name="review-texts")


@app.command()
def tables() -> None:
    """Create the tables that dbt does not make, or bring them up to date."""
    engine = open_engine()
    with reachable(engine):
        create_all(engine)
    typer.echo("The schemas and tables are there.")


@app.command()
def draft_migration(
    what: Annotated[str, typer.Argument(help="What it does, in a few words.")],
) -> None:
    """Write a migration from what differs between this database and the code."""
    engine = open_engine()
    with reachable(engine):
        path = propose(engine, what)
    typer.echo(f"Read and correct {path}.")


@app.command()
def build(
    select: Annotated[
        str | None, typer.Option(help="Which nodes, in dbt's words.")
    ] = None,
    full_refresh: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool, typer.Option("--full-refresh", help="Build every model from nothing.")
    ] = False,
) -> None:
    """Run `dbt build` and record every node's result."""
    report = dbt.build(select=select, full_refresh=full_refresh)
    warned = f", warnings: {', '.join(report.warned)}" if report.warned else ""
    why = report.full_refresh_reason
    from_nothing = f" from nothing ({why})" if why else ""
    typer.echo(
        f"{report.passed} nodes built{from_nothing} in {report.seconds} s{warned}"
    )


@app.command()
def docs() -> None:
    """Write dictionary, diagram, metrics, cookbook and dbt's own pages as one site."""
    target = dbt.PROJECT / "target"
    outcome = dbt.run("docs generate", dbt.PROJECT, target, options=["--static"])
    if outcome.code:
        raise WarehouseError(f"dbt could not write the docs: {outcome.reason}")
    index = documentation.write_site(target, target / "site")
    typer.echo(f"Open {index}")


@app.command(name="cookbook")
def run_cookbook(
    write: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool, typer.Option("--write", help="Write what changed, and the index.")
    ] = False,
) -> None:
    """Run every query of the cookbook and say which give something else than before."""
    engine = open_engine()
    with reachable(engine) as connection:
        if write:
            found = cookbook.write(connection)
        else:
            found = sorted(cookbook.changed(connection))
    engine.dispose()
    said = ", ".join(found) or "none"
    typer.echo(f"{len(cookbook.recipes())} queries ran; changed: {said}.")
    if found and not write:
        raise CookbookError(
            "On the synthetic pilot these should give what stands beside them: look at "
            "each, and run with --write where the new result is right."
        )


@app.command(
    name="mf",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def run_metricflow(context: typer.Context) -> None:
    """Run MetricFlow on the warehouse: `mf query --metrics reported_journals`."""
    logging.getLogger(dbt.__name__).setLevel(logging.WARNING)
    semantic.write_manifest()
    semantic.run_mf(context.args)


@app.command()
def release(
    code: Annotated[str, typer.Argument(help="Its code in seeds/releases.csv.")],
    as_of: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], help="The last day (UTC) that counts."),
    ],
) -> None:
    """Build what was known at a cut-off and freeze it into a schema of its own."""
    frozen = releases.release(code, as_of.date())
    if frozen.is_new:
        said = f"is frozen in {frozen.schema}: {frozen.table_count} tables"
    else:
        said = (
            f"has been frozen in {frozen.schema} since {frozen.frozen_at:%Y-%m-%d}, "
            f"and its {frozen.table_count} tables are as they were"
        )
    typer.echo(f"Release {code} {said}.")


@app.command()
def verify_release(
    code: Annotated[str, typer.Argument(help="Such as 2021-07.")],
) -> None:
    """Say whether a frozen release is as it was frozen, and what is not."""
    count = releases.verify(code)
    erased = releases.erased_since(code)
    families = "one erased family" if erased == 1 else f"{erased} erased families"
    less = f", less {families}" if erased else ""
    typer.echo(f"Release {code}: all {count} tables are as they were frozen{less}.")


@app.command()
def export(  # noqa: PLR0913, PLR0917 - each is a choice of the command
    table: Annotated[
        list[str], typer.Option(help="Such as marts.fct_family_months; repeatable.")
    ],
    to: Annotated[Path, typer.Option(help="A folder that is not there yet.")],
    format_code: Annotated[
        ExportFormat, typer.Option("--format", help="Of the files.")
    ] = ExportFormat.CSV,
    without: Annotated[
        list[str] | None, typer.Option(help="Leave this column out; repeatable.")
    ] = None,
    coarsen: Annotated[
        list[str] | None, typer.Option(help="Make this column coarser; repeatable.")
    ] = None,
    k: Annotated[
        int | None, typer.Option("--k", help="Ask for more families that look alike.")
    ] = None,
    pseudonyms_key: Annotated[
        Path | None,
        typer.Option(help="Exports with the same key file can be joined."),
    ] = None,
) -> None:
    """Write marts for analysts, pseudonymous and k-anonymous, with a dictionary."""
    wish = exports.Wish(
        tables=table,
        folder=to,
        format_code=format_code.value,
        changes=Changes(frozenset(without or ()), frozenset(coarsen or ())),
        threshold=k,
        key_file=pseudonyms_key,
    )
    done = exports.export(wish, Heartbeat())
    alike = done.anonymity.smallest_class_count
    families = (
        f"of {done.anonymity.family_count:,} families, each like {alike - 1:,} others"
        if alike
        else "that tell of no single family"
    )
    typer.echo(
        f"{done.row_count:,} rows {families}, are in {to} (export {done.export_id} in "
        "ops.exports)."
    )


@app.command()
def audit(
    keep_days: Annotated[
        int, typer.Option(min=1, help="How many days a statement is kept.")
    ] = KEEP_DAYS,
    logs: Annotated[
        Path | None, typer.Option(help="The log's folder; else the server is asked.")
    ] = None,
) -> None:
    """Bring what readers asked from the server's log into ops.query_log."""
    now = datetime.fromtimestamp(time.time(), UTC)
    found = collect(now, logs=logs, keep_days=keep_days)
    typer.echo(
        f"{found.new_count} statements of readers are new on record; "
        f"{found.forgotten_count} were older than {keep_days} days and are gone."
    )


@app.command()
def refresh_prices(
    check: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool, typer.Option("--check", help="Show what moved and write nothing.")
    ] = False,
    api: Annotated[
        str, typer.Option(help="Where the World Bank's API is.")
    ] = WORLD_BANK,
    seeds: Annotated[Path, typer.Option(help="The folder of the seeds.")] = SEEDS,
) -> None:
    """Fetch yearly prices, factors and rates into the seeds, and list what moved."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    today = datetime.fromtimestamp(time.time(), UTC).date()
    found = prices.refresh(today, check=check, api=api, folder=seeds)
    for line in as_table(found.moves):
        typer.echo(line)
    written = ", ".join(found.written) or "no seed"
    typer.echo(f"{len(found.moves)} values moved; {written} written.")
    if found.refused:
        raise PricesRejectedError(
            f"{len(found.refused)} of them are not believed and were left as they are: "
            "look at each, and write it into the seed by hand if it is right."
        )


@app.command()
def status(
    stale_after_hours: Annotated[
        int, typer.Option(min=1, help="How old a landing, build or backup may be.")
    ] = 36,
    as_json: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool, typer.Option("--json", help="One JSON object per line, for programs.")
    ] = False,
) -> None:
    """Show how everything stands; end with 1 where it is wrong, 3 where unknown."""
    now = datetime.fromtimestamp(time.time(), UTC)
    engine = open_engine()
    try:
        with reachable(engine) as connection:
            lines = look(connection, now, timedelta(hours=stale_after_hours))
    except WarehouseUnavailableError as error:
        lines = [Line("warehouse", "wrong", str(error))]
        say(lines, as_json=as_json)
        raise typer.Exit(UNKNOWN) from None
    finally:
        engine.dispose()
    say(lines, as_json=as_json)
    raise typer.Exit(int(worst(lines) == "wrong"))


@app.command()
def backup(
    folder: Annotated[
        Path | None, typer.Option(help="Where. Default: WAREHOUSE_BACKUPS.")
    ] = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="How many backups stay. Default: 14.")
    ] = None,
) -> None:
    """Write the whole warehouse into one file, and remove the oldest."""
    now = datetime.fromtimestamp(time.time(), UTC)
    with shown_progress() as progress:
        done = backups.back_up(now, folder=folder, kept=keep, progress=progress)
    megabytes = done.manifest.bytes / 1_000_000
    typer.echo(
        f"{done.file}: {done.manifest.table_count} tables, {megabytes:.1f} MB"
        f"{f'; {len(done.removed)} old ones removed' if done.removed else ''}"
    )


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup: warehouse_....dump.")],
    database: Annotated[
        str | None,
        typer.Option(help="Another database of the server than WAREHOUSE_URL's."),
    ] = None,
) -> None:
    """Read a backup into an empty database, and erase again who was erased since."""
    now = datetime.fromtimestamp(time.time(), UTC)
    with shown_progress() as progress:
        done = backups.restore(file, now, database=database, progress=progress)
    made = f" Set passwords for: {', '.join(done.roles)}." if done.roles else ""
    typer.echo(f"{done.database} has {done.table_count} tables again.{made}")
    typer.echo(done.again.told())


def main() -> None:
    """Run the command; an expected error is one sentence and exit code 1."""
    set_up_logs()
    try:
        app()
    except WarehouseError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
