"""`erase-again`: what a restored backup or a warehouse begun anew has of the erased."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ingestion import erasing
from ingestion.command_line.choosing import JsonOption
from ingestion.command_line.failures import one_object_if_it_fails
from ingestion.command_line.progress import show_progress
from ingestion.command_line.speaking import console, say, say_json


def erase_again(
    ledger: Annotated[
        Path | None,
        typer.Option(
            "--list", help="The list of erasures. Default: in WAREHOUSE_BACKUPS."
        ),
    ] = None,
    as_json: JsonOption = False,  # noqa: FBT002 - typer makes a flag of it
) -> None:
    """Erase whoever is on the list of erasures and was brought back by a restore."""
    with (
        one_object_if_it_fails(as_json=as_json),
        show_progress(console, "erase", is_quiet=as_json, unit="tables") as progress,
    ):
        done = erasing.erase_again(ledger, progress=progress)
    if as_json:
        say_json(asdict(done))
    else:
        say(done.told())
