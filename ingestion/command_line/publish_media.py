"""`publish-media`: send forms the lists that they read."""

from typing import Annotated

import typer

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
from ingestion.command_line.speaking import say, say_json
from ingestion.errors import RegistryError
from ingestion.media import MediaReport
from ingestion.media import publish_media as publish
from ingestion.registry import Form, load_registry

DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Only say what differs; send nothing.")
]

EmptyOption = Annotated[
    bool,
    typer.Option("--allow-empty", help="Send lists though no family takes part."),
]


def publish_media(
    form: FormsOption = None,
    site: SiteOption = None,
    dry_run: DryRunOption = False,  # noqa: FBT002 - typer makes a flag of it
    allow_empty: EmptyOption = False,  # noqa: FBT002 - as above
    as_json: JsonOption = False,  # noqa: FBT002 - as above
) -> None:
    """Send forms the lists they read: sites, groups, families, last month's income."""
    with one_object_if_it_fails(as_json=as_json):
        chosen = _with_lists(form, site)
    failures = 0
    for entry in chosen:
        try:
            report = publish(entry.name, dry_run=dry_run, allow_empty=allow_empty)
        except EXPECTED as error:
            failures += 1
            say_failure(entry.name, error, as_json=as_json)
        else:
            _say_published(report, as_json=as_json)
    exit_if(failures)


def _with_lists(names: list[str] | None, site: str | None) -> list[Form]:
    registry = load_registry()
    chosen = chosen_forms(registry, names, site)
    # Who names a form wants to know that it has none.
    found = [form for form in chosen if form.media or names]
    if not found:
        raise RegistryError(
            f"{registry.path} switches on no lists for any form"
            f"{' at this site' if site else ''}: say under `media` in a form's entry "
            "which it reads."
        )
    return found


def _say_published(report: MediaReport, *, as_json: bool) -> None:
    if as_json:
        say_json(report.as_dict())
        return
    if not report.sent:
        count = len(report.unchanged)
        say(f"{report.form}: nothing to send, {count} lists are as they should be")
        return
    verb = "would be sent" if report.is_dry_run else "sent"
    lists = ", ".join(f"{name} ({rows:,} rows)" for name, rows in report.sent.items())
    say(f"{report.form}: {verb} {lists}; {len(report.unchanged)} as they were")
