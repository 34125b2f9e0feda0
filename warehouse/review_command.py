"""`python -m warehouse review-texts`: list, approve, withhold."""

import time
from datetime import UTC, datetime
from typing import Annotated

import typer

from warehouse import text_reviews
from warehouse.connection import open_engine, reachable

app = typer.Typer(
    no_args_is_help=True,
    help="Read families' own words before any mart shows them.",
)

RootId = Annotated[str, typer.Argument(help="The record, as `list` names it.")]
FieldName = Annotated[str, typer.Argument(help="The answer, as `list` names it.")]
Reviewer = Annotated[str, typer.Option("--by", help="Who decides.")]


@app.command(name="list")
def list_waiting(
    limit: Annotated[int, typer.Option(min=1, help="How many, oldest first.")] = 20,
) -> None:
    """Show texts that nobody has decided about; they are shown nowhere else."""
    engine = open_engine()
    with reachable(engine), engine.begin() as connection:
        found = text_reviews.waiting(connection, limit)
    engine.dispose()
    for one in found:
        suspected = f" - may hold: {one.suspected_kinds}" if one.suspected_kinds else ""
        typer.echo(
            f"{one.root_id} {one.field_name} ({one.site_code}, "
            f"{one.journal_month:%Y-%m}, for {one.story_scope_code}){suspected}"
        )
        typer.echo(f"    {' '.join(one.words.split())}")
    typer.echo(f"{len(found)} texts wait." if found else "No text waits.")


@app.command()
def approve(
    root_id: RootId,
    field_name: FieldName,
    by: Reviewer,
    words: Annotated[
        str | None,
        typer.Option(help="What is let out instead, such as without a name."),
    ] = None,
) -> None:
    """Let a text into the marts, from the next build on."""
    engine = open_engine()
    with reachable(engine), engine.begin() as connection:
        text_reviews.approve(
            connection, root_id, field_name, reviewed_by=by, at=_now(), words=words
        )
    engine.dispose()
    typer.echo("Approved: the next build shows it.")


@app.command()
def withhold(root_id: RootId, field_name: FieldName, by: Reviewer) -> None:
    """Keep a text out of the marts; one that was approved is gone at once."""
    engine = open_engine()
    with reachable(engine), engine.begin() as connection:
        text_reviews.withhold(
            connection, root_id, field_name, reviewed_by=by, at=_now()
        )
    engine.dispose()
    typer.echo("Withheld: no mart shows it.")


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)
