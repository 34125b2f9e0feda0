"""The command `python -m reports build`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, cast

import typer

from pages import LANGUAGES, Language
from reports.building import GroupPages, build_group_pages
from reports.errors import ReportError
from warehouse.errors import WarehouseError

NAMED = 8  # groups that a line names
app = typer.Typer(
    help="Pages that families get back of their own data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def commands() -> None:
    """Pages that families get back of their own data."""


@app.command()
def build(  # noqa: PLR0913 - options of a command
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder; REPORTS_OUT or ./group_pages."),
    ] = None,
    site: Annotated[
        list[str] | None,
        typer.Option("--site", help="Groups of this site; repeat for several."),
    ] = None,
    month: Annotated[
        str | None,
        typer.Option("--month", help="Such as 2021-08; each group's newest if not."),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", help="Repeat for several; the site's if not given."),
    ] = None,
    role: Annotated[
        str | None,
        typer.Option("--role", help="Read as this role of access:, a liaison's, say."),
    ] = None,
    *,
    synthetic: Annotated[
        bool | None,
        typer.Option(
            help="Stamp every page as synthetic; on unless DASHBOARDS_SYNTHETIC=false."
        ),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option("--url", help="The warehouse; WAREHOUSE_URL if not given."),
    ] = None,
) -> None:
    """Write the page of every peer group whose families have all agreed to it."""
    with _one_sentence():
        built = build_group_pages(
            out,
            url=url,
            role=role,
            sites=site,
            month=_month(month),
            languages=_languages(language),
            is_synthetic=synthetic,
        )
    _say(built)


def _say(built: GroupPages) -> None:
    typer.echo(
        f"{len(built.pages)} pages of {built.group_count} peer groups in {built.out}."
    )
    for reason, codes in built.refused.items():
        more = f" and {len(codes) - NAMED} more" if len(codes) > NAMED else ""
        typer.echo(
            f"No page for {len(codes)} peer groups, because {reason}: "
            f"{', '.join(codes[:NAMED])}{more}."
        )


def _month(given: str | None) -> date | None:
    if given is None:
        return None
    try:
        return datetime.strptime(given, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        raise ReportError(
            f"--month {given} is no month: write it as 2021-08."
        ) from None


def _languages(given: list[str] | None) -> tuple[Language, ...] | None:
    unknown = set(given or ()) - set(LANGUAGES)
    if unknown:
        raise ReportError(
            f"--language {min(unknown)} is not one of {', '.join(LANGUAGES)}."
        )
    return cast("tuple[Language, ...]", tuple(given)) if given else None


@contextmanager
def _one_sentence() -> Iterator[None]:
    """End with the error's own sentence; a traceback would hide it."""
    try:
        yield
    except (ReportError, WarehouseError) as error:
        typer.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    app()
