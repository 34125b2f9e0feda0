"""How a command ends when something goes wrong: one sentence and a number."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import typer
from sqlalchemy.exc import DBAPIError
from typer.core import TyperGroup

from ingestion.command_line.speaking import say_error, say_json
from ingestion.errors import IngestionError
from warehouse.errors import WarehouseError

EXPECTED = (IngestionError, WarehouseError, DBAPIError, psycopg.Error)
FAILED = 1
INTERRUPTED = 130  # as shells count it: 128 and the signal's number


def kind_of(error: BaseException) -> str:
    """Return one word for programs."""
    if isinstance(error, IngestionError | WarehouseError):
        return error.kind
    return "database_failed"


def sentence_of(error: BaseException) -> str:
    """Return what is wrong and what to do, without a row of the database in it."""
    if isinstance(error, IngestionError | WarehouseError):
        return str(error)
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(cause, "sqlstate", None)
    if isinstance(cause, psycopg.OperationalError):
        return (
            "The warehouse ended the connection in the middle, so nothing was kept: "
            "see that it runs, then run the same again."
        )
    return (
        f"The warehouse refused a statement (SQLSTATE {state}), so nothing was kept: "
        "report it with the command that was run."
    )


def failure_as_json(form_name: str | None, error: BaseException) -> dict[str, Any]:
    """Return a failure as an object with the form and what happened to it."""
    problem = {"kind": kind_of(error), "message": sentence_of(error)}
    return {"form": form_name, "error": problem}


def say_failure(
    form_name: str | None, error: BaseException, *, as_json: bool = False
) -> None:
    """Print that a form, or the whole command when it has none, failed."""
    if as_json:
        say_json(failure_as_json(form_name, error))
    else:
        name = "" if form_name is None else f"{form_name}: "
        say_error(f"{name}{sentence_of(error)}")


def exit_if(count: int) -> None:
    """End the command in failure if `count` things failed."""
    if count:
        raise typer.Exit(FAILED)


@contextmanager
def one_object_if_it_fails(*, as_json: bool) -> Iterator[None]:
    """End the command with a JSON object where programs read its output."""
    try:
        yield
    except EXPECTED as error:
        if not as_json:
            raise
        say_failure(None, error, as_json=True)
        raise typer.Exit(FAILED) from error


class OneSentence(TyperGroup):
    """Ends every command with one sentence, be it a failure or a Ctrl-C."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - the types are private to typer
        """Run the command that `ctx` names."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as interruption:
            say_error(
                "Interrupted: nothing is half done, and the same command can be run "
                "again."
            )
            raise typer.Exit(INTERRUPTED) from interruption
        except EXPECTED as error:
            say_failure(None, error)
            raise typer.Exit(FAILED) from error
