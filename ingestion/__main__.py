"""`python -m ingestion`: check the servers, land the forms, see how it went."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from ingestion.errors import IngestionError
from ingestion.landing import (
    LandingReport,
    find_form,
    land_form,
    land_registry,
)
from ingestion.landing.progress import show_progress
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.landing.source_of_form import source_of_form
from ingestion.registry import Form, Registry, load_registry
from warehouse.errors import WarehouseError

EXPECTED = (IngestionError, WarehouseError)
FAILED = 1

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they would print variables, and so answers
    help="Bring raw up to date with the form servers.",
)
console = Console()
errors = Console(stderr=True)

FormOption = Annotated[
    list[str] | None,
    typer.Option("--form", help="Only this form (its name or role); repeatable."),
]
SiteOption = Annotated[
    str | None, typer.Option("--site", help="Only forms used at this site.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object per line, for programs.")
]

LAST_RUNS = text("""
select distinct on (runs.form_id)
    runs.role_code, runs.form_id, runs.status_code, runs.started_at, runs.message,
    counts.live_count, counts.rejected_count, counts.unmapped_question_count
from ops.sync_runs as runs
left join ops.reconciliations as counts on runs.run_id = counts.run_id
order by runs.form_id, runs.started_at desc
""")


@app.command()
def check(form: FormOption = None, site: SiteOption = None) -> None:
    """Check the registry, the connections and the accounts; land nothing."""
    failures = 0
    for entry in _chosen(form, site):
        try:
            with source_of_form(entry) as source:
                status = source.check()
        except EXPECTED as error:
            failures += 1
            _say_error(f"{entry.name}: {error}")
        else:
            console.print(f"{entry.name}: {status.summary}", highlight=False)
    _exit_if(failures)


@app.command()
def land(
    form: FormOption = None,
    site: SiteOption = None,
    full: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool, typer.Option("--full", help="Fetch everything, not only differences.")
    ] = False,
    approve_deletions: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool,
        typer.Option(
            "--approve-deletions",
            help="Believe more deletions than a run may by itself. Needs --form.",
        ),
    ] = False,
    as_json: JsonOption = False,  # noqa: FBT002 - typer makes a flag of it
) -> None:
    """Land what is new, edited, reviewed or deleted on the servers."""
    registry = _registry()
    chosen = _chosen(form, site, registry)
    if approve_deletions and not form:
        _say_error("--approve-deletions needs --form: approve one form at a time.")
        raise typer.Exit(FAILED)
    failures = 0
    try:
        land_registry(registry)
    except EXPECTED as error:
        _say_error(str(error))
        raise typer.Exit(FAILED) from error
    for entry in chosen:
        try:
            with show_progress(console, entry.name, is_quiet=as_json) as progress:
                report = land_form(
                    entry.name,
                    registry=registry,
                    full=full,
                    approve_deletions=approve_deletions,
                    progress=progress,
                )
        except EXPECTED as error:
            failures += 1
            _say_error(f"{entry.name}: {error}")
        else:
            _say_report(report, as_json=as_json)
    _exit_if(failures)


@app.command()
def status(as_json: JsonOption = False) -> None:  # noqa: FBT002 - typer makes a flag
    """Show the last run of every form."""
    try:
        with ready_warehouse() as engine, engine.connect() as connection:
            rows = [dict(row) for row in connection.execute(LAST_RUNS).mappings()]
    except EXPECTED as error:
        _say_error(str(error))
        raise typer.Exit(FAILED) from error
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, default=str))
        return
    if not rows:
        console.print("Nothing has been landed yet: run `python -m ingestion land`.")
        return
    console.print(_status_table(rows))
    # A sentence that says what to do is cut by no column of a narrow terminal.
    for row in rows:
        if row["message"]:
            _say(f"{row['role_code']}: {row['message']}")


def _registry() -> Registry:
    try:
        return load_registry()
    except EXPECTED as error:
        _say_error(str(error))
        raise typer.Exit(FAILED) from error


def _chosen(
    names: list[str] | None, site: str | None, registry: Registry | None = None
) -> list[Form]:
    registry = registry or _registry()
    if site is not None and site not in registry.sites:
        _say_error(
            f"{registry.path} has no site {site!r}: it has {', '.join(registry.sites)}."
        )
        raise typer.Exit(FAILED)
    try:
        forms = [find_form(name, registry) for name in names or []]
    except EXPECTED as error:
        _say_error(str(error))
        raise typer.Exit(FAILED) from error
    forms = forms or list(registry.forms)
    return [form for form in forms if site is None or site in form.site_codes]


def _say_report(report: LandingReport, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(report.as_dict()))
        return
    changes = [
        f"{count:,} {word}"
        for word, count in (
            ("new", report.new),
            ("edited", report.edited),
            ("reviewed", report.reviewed),
            ("deleted", report.deleted),
            ("restored", report.restored),
            ("rejected", report.rejected),
        )
        if count
    ]
    console.print(
        f"{report.form}: {', '.join(changes) or 'nothing changed'}; "
        f"{report.live:,} live ({report.seconds:.1f} s)",
        highlight=False,
    )
    if report.unmapped:
        some = ", ".join(report.unmapped[:5])
        more = f" and {len(report.unmapped) - 5} more" if report.unmapped[5:] else ""
        _say_error(
            f"{report.form}: no field map names {some}{more}: add them to the form's "
            "map (see ops.unmapped_questions)."
        )


def _status_table(rows: list[dict[str, Any]]) -> Table:
    table = Table("form", "status", "started (UTC)", "live", "rejected", "unmapped")
    for row in rows:
        counts = ("live_count", "rejected_count", "unmapped_question_count")
        table.add_row(
            row["role_code"],
            row["status_code"],
            f"{row['started_at']:%Y-%m-%d %H:%M:%S}",
            *("" if row[name] is None else f"{row[name]:,}" for name in counts),
        )
    return table


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)


def _say_error(sentence: str) -> None:
    errors.print(sentence, style="red", highlight=False, markup=False, soft_wrap=True)


def _exit_if(failures: int) -> None:
    if failures:
        raise typer.Exit(FAILED)


if __name__ == "__main__":
    app()
