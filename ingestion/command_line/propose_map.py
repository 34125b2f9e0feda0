"""`propose-map`: draft a field map for a person to review."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ingestion.answers.field_maps import load_field_map
from ingestion.command_line.speaking import say_error
from ingestion.command_line.writing import write_whole
from ingestion.errors import IngestionError, RegistryError
from ingestion.landing import find_form
from ingestion.landing.landed_versions import landed_versions
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.landing.source_of_form import source_of_form
from ingestion.proposals import Proposal, propose_like, propose_versions
from ingestion.registry import Form, load_registry, unregistered_form
from ingestion.sources.base import FormVersion


def propose_map(  # noqa: PLR0913, PLR0917 - the options of a command
    form: Annotated[
        str | None,
        typer.Option("--form", help="A registered form (its name or role)."),
    ] = None,
    form_key: Annotated[
        str | None,
        typer.Option(
            "--form-key",
            help="A form that is not registered yet: its uid on the server. Needs "
            "--server and --role.",
        ),
    ] = None,
    server: Annotated[
        str | None, typer.Option("--server", help="The server's name in the registry.")
    ] = None,
    role: Annotated[
        str | None, typer.Option("--role", help="What the form is about.")
    ] = None,
    offline: Annotated[  # noqa: FBT002 - typer makes a flag of it
        bool,
        typer.Option("--offline", help="Read the definitions that have landed."),
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", help="Write the map to this file.")
    ] = None,
) -> None:
    """Draft a field map in which every question of every version is accounted for."""
    if form is not None and (form_key, server, role) == (None, None, None):
        entry = find_form(form)
        proposal = _proposed_for(entry, _versions(entry, is_offline=offline))
    elif form is None and form_key and server and role:
        entry = unregistered_form(load_registry(), form_key, server, role)
        proposal = propose_like(role, _versions(entry, is_offline=offline))
    else:
        raise RegistryError(
            "propose-map needs either --form, or --form-key with --server and --role."
        )
    if output is None:
        typer.echo(proposal.text, nl=False)
    else:
        write_whole(output, proposal.text, check=load_field_map)
    _say_what_is_next(proposal, entry, output)


def _proposed_for(form: Form, versions: Sequence[FormVersion]) -> Proposal:
    return propose_versions(form.field_map.path, versions)


def _versions(form: Form, *, is_offline: bool) -> Sequence[FormVersion]:
    """Return every version of a form, oldest first.

    Raises:
        IngestionError: None is known.
    """
    if is_offline:
        with ready_warehouse() as engine, engine.connect() as connection:
            versions = landed_versions(connection, form.form_id)
        advice = "none has landed: leave out --offline, or land the form first"
    else:
        with source_of_form(form) as source:
            source.check()
            versions = tuple(source.versions(()))
        advice = (
            f"server {form.server_name!r} tells of none: deploy the form first; of a "
            "folder of files the map is written by hand"
        )
    if not versions:
        raise IngestionError(
            f"No version of form {form.name!r} is known to draft a map from; {advice}."
        )
    return versions


def _say_what_is_next(proposal: Proposal, form: Form, output: Path | None) -> None:
    if not proposal.proposed_count:
        say_error(f"{form.name}: the map accounts for every question already.")
        return
    where = "above" if output is None else f"in {output}"
    is_registered = bool(form.site_codes)
    next_step = (
        "put the map in its place, then run `python -m ingestion remap`"
        if is_registered
        else "then register the form with it as `field_map`"
    )
    say_error(
        f"{form.name}: {proposal.proposed_count} proposals, marked `# proposed` "
        f"{where}: review each name and class, {next_step}."
    )
