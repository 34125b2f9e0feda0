"""Commands: `python -m dashboards plan | apply | drift | prune | api-key`.

Exit codes: 0 nothing to do or all done, 1 something is wrong, 2 something to look at.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from dashboards.errors import MetabaseSettingError
from dashboards.metabase import run
from dashboards.metabase.plan import Doing, Step
from dashboards.metabase.run import Outcome
from dashboards.metabase.settings import read_settings
from dashboards.metabase.signing_in import make_api_key, open_transport, sign_in
from dashboards.one_sentence import console, one_sentence
from dashboards.options import Specs, Url
from dashboards.spec_file import SPECS

app = typer.Typer(pretty_exceptions_enable=False)
TO_LOOK_AT = 2
LISTED = 40  # lines; what is more is counted

Overwrite = Annotated[
    bool, typer.Option(help="Put back also what somebody edited by hand.")
]


@app.command()
def plan(url: Url = None, specs: Specs = SPECS) -> None:
    """Say what apply would change in Metabase; write nothing."""
    with one_sentence(), console.status("Starting") as status:
        outcome = run.plan(run.prepare(url=url, specs=specs, on_step=status.update))
    _print_changes(outcome)
    _print_drift(outcome)
    orphans = len(outcome.plan.of(Doing.ORPHAN))
    typer.echo(
        f"Metabase {outcome.version}: {len(outcome.changes)} to write, "
        f"{len(outcome.left_alone)} edited by hand, {orphans} without a spec."
    )
    if outcome.changes:
        sys.exit(TO_LOOK_AT)


@app.command()
def apply(
    url: Url = None, specs: Specs = SPECS, *, overwrite: Overwrite = False
) -> None:
    """Bring Metabase to what the specs and the registry say."""
    with one_sentence(), console.status("Starting") as status:
        work = run.prepare(url=url, specs=specs, on_step=status.update)
        outcome = run.apply(work, overwrite=overwrite)
    _print_drift(outcome)
    _print_lines(list(outcome.notices))
    kinds = Counter(change.kind for change in outcome.changes)
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    typer.echo(f"Metabase {outcome.version}: {counted or 'nothing to change'}.")


@app.command()
def drift(url: Url = None, specs: Specs = SPECS) -> None:
    """Say what somebody edited or made by hand in Metabase."""
    with one_sentence(), console.status("Starting") as status:
        outcome = run.plan(run.prepare(url=url, specs=specs, on_step=status.update))
    edited = outcome.plan.of(Doing.DRIFT, Doing.BOTH)
    made = outcome.plan.of(Doing.STRANGER)
    _print_steps(edited)
    _print_steps(made)
    typer.echo(f"{len(edited)} edited by hand, {len(made)} made by hand.")
    if edited:
        sys.exit(TO_LOOK_AT)


@app.command()
def prune(url: Url = None, specs: Specs = SPECS) -> None:
    """Put what no spec asks for into Metabase's trash."""
    with one_sentence(), console.status("Starting") as status:
        outcome = run.prune(run.prepare(url=url, specs=specs, on_step=status.update))
    _print_changes(outcome)
    typer.echo(f"{len(outcome.changes)} archived; Metabase's trash gives them back.")


@app.command()
def api_key(
    file: Annotated[Path, typer.Option("--file", help="Where to write the key.")],
) -> None:
    """Make an administrator's API key and write it to a file that only you can read."""
    with one_sentence():
        settings = read_settings()
        transport = open_transport(settings)
        sign_in(transport, settings, may_set_up=True)
        # The file first: a key is shown once, and must not be lost to a full disk.
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise MetabaseSettingError(
                f"{file} cannot be made ({error.strerror}): name a new file."
            ) from error
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(make_api_key(transport) + "\n")
    typer.echo(f"Wrote {file}. Name it in METABASE_API_KEY_FILE.")


def check_metabase(url: str | None, specs: Path) -> None:
    """Check the Metabase of the environment; used by `check`."""
    with one_sentence(), console.status("Starting") as status:
        outcome = run.check(run.prepare(url=url, specs=specs, on_step=status.update))
    for failure in outcome.failures:
        typer.echo(failure)
    if outcome.failures:
        sys.exit(1)
    typer.echo(f"Metabase {outcome.version}: all cards run, rights are as they should.")


def _print_changes(outcome: Outcome) -> None:
    lines = [
        f"{change.kind:<12} {change.name}: {change.what}" for change in outcome.changes
    ]
    _print_lines(lines)
    for notice in outcome.notices:
        typer.echo(notice)


def _print_drift(outcome: Outcome) -> None:
    if outcome.left_alone:
        typer.echo("Edited by hand and left alone; `apply --overwrite` puts them back:")
        _print_steps(outcome.left_alone)


def _print_steps(steps: Iterable[Step]) -> None:
    lines = []
    for step in steps:
        more = " and the spec has changed too" if step.doing is Doing.BOTH else ""
        fields = f": {', '.join(step.fields)}" if step.fields else ""
        lines.append(f"{step.kind:<12} {step.key} ({step.name}){fields}{more}")
    _print_lines(lines)


def _print_lines(lines: list[str]) -> None:
    for line in lines[:LISTED]:
        typer.echo(line)
    if len(lines) > LISTED:
        typer.echo(f"... and {len(lines) - LISTED} more")
