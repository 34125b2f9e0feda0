"""`erase`: a family out of everything, or first a look at what would go."""

import getpass
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ingestion.command_line.choosing import JsonOption
from ingestion.command_line.failures import exit_if, one_object_if_it_fails
from ingestion.command_line.progress import show_progress
from ingestion.command_line.speaking import console, say, say_error, say_json
from ingestion.command_line.writing import write_whole
from ingestion.erasing import Erasure, erase_family, open_request
from ingestion.errors import RegistryError

FORMS_SHOWN = 12


def erase(  # noqa: PLR0913, PLR0917 - each is a choice of the command
    family_code: Annotated[str, typer.Argument(help="Such as MX-01-0007.")],
    reason: Annotated[
        str, typer.Option(help="Why; it stays in the receipt, so name nobody.")
    ],
    yes: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool, typer.Option("--yes", help="Do it. Without, only show what would go.")
    ] = False,
    request: Annotated[  # noqa: FBT002 - as above
        bool,
        typer.Option("--request", help="Ask for it: the DAG erase_family does it."),
    ] = False,
    requested_by: Annotated[
        str | None, typer.Option(help="Who asked; you, unless said otherwise.")
    ] = None,
    approved_by: Annotated[
        str | None, typer.Option(help="Who agreed; you, unless said otherwise.")
    ] = None,
    receipt: Annotated[
        Path | None, typer.Option(help="Write receipt and open ends to this file.")
    ] = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer makes a flag of it
) -> None:
    """Erase a family for good; without --yes only show what would go."""
    me = getpass.getuser()
    with one_object_if_it_fails(as_json=as_json):
        if yes and request:
            raise RegistryError("Give --yes or --request, not both.")
        if request:
            number = open_request(family_code, reason, requested_by or me)
            _say_requested(number, as_json=as_json)
            return
        with show_progress(
            console, "erase", is_quiet=as_json, unit="tables"
        ) as progress:
            done = erase_family(
                family_code,
                reason,
                requested_by=requested_by or me,
                approved_by=approved_by or me,
                dry_run=not yes,
                progress=progress,
            )
        if receipt is not None:
            written = json.dumps(done.as_dict(), indent=2, ensure_ascii=False)
            write_whole(receipt, written + "\n", Path.read_text)
    if as_json:
        say_json(done.as_dict())
    else:
        _say_erased(done)
    exit_if(done.waiting_file_count)


def _say_requested(number: int, *, as_json: bool) -> None:
    if as_json:
        say_json({"request_id": number})
        return
    say(
        f"Erasure {number} waits: trigger the DAG erase_family with request_id "
        f"{number}, and have somebody else approve it."
    )


def _say_erased(done: Erasure) -> None:
    if not done.receipt:
        _say_nothing_left(done)
    else:
        _say_counts(done)
    _say_servers(done)
    if done.file_problem:
        say_error(f"{done.waiting_file_count:,} files wait: {done.file_problem}")


def _say_nothing_left(done: Erasure) -> None:
    when = f"; it was erased on {done.earlier:%Y-%m-%d}" if done.earlier else ""
    say(f"Nothing is left of this family in the warehouse{when}.")


def _say_counts(done: Erasure) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("table", overflow="fold")
    table.add_column("what")
    table.add_column("rows", justify="right")
    for row in _grouped(done.receipt["tables"]):
        table.add_row(*row)
    console.print(table)
    for relative in done.relatives:
        say(relative)
    for file in done.receipt["replaced_files"]:
        say(f"Its rows are to be taken out by hand of {file}, or the file deleted.")
    counts = done.counts()
    verb = "are gone" if done.is_done else "would go"
    say(
        f"{counts['rows']:,} rows of {counts['records']:,} records, "
        f"{counts['files']:,} attachments and {counts['pages']:,} pages {verb}."
    )
    if not done.is_done:
        say("Nothing was removed: look at it, then run the same with --yes.")
        return
    receipt = done.receipt
    say(f"Receipt {receipt['erasure_id']} in ops.erasures: {receipt['receipt_hash']}.")
    say("Now run `python -m warehouse build`, then publish pages and reports anew.")
    for sentence in receipt["still_there"]:
        say(sentence)


def _grouped(rows: Iterable[dict[str, object]]) -> list[tuple[str, str, str]]:
    """Return raw, pii and ops table by table; what dbt makes by schema."""
    made: dict[tuple[str, str], int] = {}
    for row in rows:
        table = str(row["table"])
        schema = table.partition(".")[0]
        place = table if schema in {"raw", "pii", "ops"} else f"{schema}.*"
        key = (place, str(row["what"]))
        made[key] = made.get(key, 0) + int(str(row["row_count"]))
    return [(place, what, f"{count:,}") for (place, what), count in made.items()]


def _say_servers(done: Erasure) -> None:
    if not done.leftovers:
        return
    say(
        f"{len(done.leftovers):,} records are still to be deleted (a record) or mended "
        "(a mention) on their servers or in their files:"
    )
    for one in done.leftovers[:FORMS_SHOWN]:
        link = f" {one['record_url']}" if one["record_url"] else ""
        say(f"  {one['what_code']} {one['form_id']} {one['submission_id']}{link}")
    more = len(done.leftovers) - FORMS_SHOWN
    if more > 0:
        say(f"  and {more:,} more: see pii.erasure_leftovers, or use --receipt FILE.")
