"""`python -m warehouse access`: plan, apply and show who may read what."""

from collections.abc import Sequence
from typing import Annotated

import typer

from warehouse.access import applying, document
from warehouse.access.changes import Change
from warehouse.access.registry import load_access
from warehouse.connection import open_engine, reachable
from warehouse.errors import AccessError

app = typer.Typer(
    no_args_is_help=True,
    help="Who may read what: from `access:` of the registry to roles of the database.",
)


@app.command()
def plan() -> None:
    """Say what `apply` would change, and change nothing."""
    _say(applying.plan(), "would change")


@app.command()
def apply() -> None:
    """Make roles, rows and grants as the registry says, and say what was changed."""
    _say(applying.apply(), "changed")


@app.command()
def show() -> None:
    """Say whose rows each role reads, as the registry has it."""
    registry = load_access()
    for role, access in registry.readers.items():
        whose = access.site_codes or access.groups or ("all sites",)
        totals = " and totals of others" if access.totals else ""
        people = f"; people: {', '.join(access.people)}" if access.people else ""
        typer.echo(f"{role}: {', '.join(whose)}{totals}{people}")


@app.command(name="document")
def write_document(
    write: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool, typer.Option("--write", help="Write the page where it is another.")
    ] = False,
) -> None:
    """Say whether `who_can_read_what.md` is as the database is."""
    engine = open_engine(applying.admin_url())
    with reachable(engine) as connection:
        page = document.page(connection)
    engine.dispose()
    is_same = document.PAGE.exists() and document.PAGE.read_text() == page
    if write and not is_same:
        document.PAGE.write_text(page)
    if not write and not is_same:
        raise AccessError(
            f"{document.PAGE.name} is not as the database is: run this with --write "
            "and look at the difference."
        )
    typer.echo(f"{document.PAGE.name} is {'as it was' if is_same else 'written'}.")


def _say(changes: Sequence[Change], verb: str) -> None:
    for change in changes:
        typer.echo(str(change))
    typer.echo(f"{len(changes)} things {verb}.")
