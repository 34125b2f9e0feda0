"""`land`: bring raw up to date with the form servers."""

from typing import Annotated

import typer

from ingestion.checks.unmapped import drafting_advice, first_of
from ingestion.command_line.choosing import (
    FormsOption,
    JsonOption,
    SiteOption,
    chosen_forms,
)
from ingestion.command_line.failures import (
    EXPECTED,
    exit_if,
    one_object_if_it_fails,
    say_failure,
)
from ingestion.command_line.progress import show_progress
from ingestion.command_line.speaking import console, say, say_error, say_json
from ingestion.errors import RegistryError
from ingestion.landing import (
    LandingReport,
    fetch_attachments,
    forms_with_files,
    land_form,
    land_registry,
)
from ingestion.registry import Form, Registry, load_registry


def land(
    form: FormsOption = None,
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
    with one_object_if_it_fails(as_json=as_json):
        if approve_deletions and not form:
            raise RegistryError(
                "--approve-deletions needs --form: approve one form at a time."
            )
        registry = load_registry()
        chosen = chosen_forms(registry, form, site)
        land_registry(registry)
        with_files = forms_with_files(registry)
    failures = 0
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
            say_landed(report, entry, as_json=as_json)
            if entry.name in with_files:
                _fetch_files(entry.name, registry, as_json=as_json)
        except EXPECTED as error:
            failures += 1
            say_failure(entry.name, error, as_json=as_json)
    exit_if(failures)


def _fetch_files(name: str, registry: Registry, *, as_json: bool) -> None:
    with show_progress(console, name, is_quiet=as_json) as progress:
        report = fetch_attachments(name, registry=registry, progress=progress)
    if as_json:
        say_json({"attachments": report.as_dict()})
        return
    left = report.missing + report.failed + report.waiting
    say(
        f"{report.form}: {report.stored:,} files fetched, {report.deleted:,} removed, "
        f"{report.kept:,} kept ({report.seconds:.1f} s)"
    )
    if left:
        say_error(
            f"{report.form}: {left:,} files could not be had yet; the next run tries "
            "again (see ops.attachments)."
        )


def say_landed(report: LandingReport, form: Form, *, as_json: bool) -> None:
    """Print what landing one form changed, and what no field map accounts for."""
    if as_json:
        say_json(report.as_dict())
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
            ("left out, of erased families", report.left_out),
        )
        if count
    ]
    say(
        f"{report.form}: {', '.join(changes) or 'nothing changed'}; "
        f"{report.live:,} live ({report.seconds:.1f} s)"
    )
    if report.unmapped:
        say_error(unmapped_advice(form, report.unmapped))


def unmapped_advice(form: Form, paths: tuple[str, ...]) -> str:
    """Return which questions no field map names and how they get into one."""
    return (
        f"{form.name}: no field map names {first_of(paths)}: "
        f"{drafting_advice(form)} (see ops.unmapped_questions)."
    )
