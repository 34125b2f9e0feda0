"""`import`: put a file into the folder of its form and land it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ingestion.command_line.choosing import JsonOption
from ingestion.command_line.failures import one_object_if_it_fails
from ingestion.command_line.land import say_landed
from ingestion.command_line.progress import show_progress
from ingestion.command_line.speaking import console, say, say_error, say_json
from ingestion.landing import ImportReport, find_form, import_file


def import_(
    file: Annotated[Path, typer.Argument(help="A .csv or .xlsx file.")],
    form: Annotated[
        str | None,
        typer.Option(
            "--form",
            help="The form's name or role; left out, the form the file is named after.",
        ),
    ] = None,
    approve_deletions: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool,
        typer.Option(
            "--approve-deletions",
            help="Believe more deletions than an import may by itself.",
        ),
    ] = False,
    as_json: JsonOption = False,  # noqa: FBT002 - typer makes a flag of it
) -> None:
    """Check a whole file, put it into the folder of its form, and land the form."""
    with (
        one_object_if_it_fails(as_json=as_json),
        show_progress(console, form or file.name, is_quiet=as_json) as progress,
    ):
        report = import_file(
            file, form, approve_deletions=approve_deletions, progress=progress
        )
    if as_json:
        say_json(_as_json(report))
        return
    say_landed(report.landing, find_form(report.landing.form), as_json=False)
    kept = f"; what it replaces is kept as {report.replaced}" if report.replaced else ""
    say(f"{file}: {report.row_count:,} rows, now in {report.file}{kept}")
    for problem in report.problems:
        say_error(f"{problem}.")
    left = report.problem_count - len(report.problems)
    if left:
        say_error(f"And {left:,} more problems of this kind.")


def _as_json(report: ImportReport) -> dict[str, Any]:
    return {
        **report.landing.as_dict(),
        "file": str(report.file),
        "replaced": None if report.replaced is None else str(report.replaced),
        "row_count": report.row_count,
        "problems": list(report.problems),
        "problem_count": report.problem_count,
    }
