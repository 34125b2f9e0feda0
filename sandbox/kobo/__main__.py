"""`python -m sandbox.kobo`: serve the synthetic pilot."""

import signal
import sys
import threading
from datetime import UTC, datetime
from typing import Annotated

import typer

from sandbox.kobo.access.accounts import TOKEN_PATTERN
from sandbox.kobo.edge.server import KoboServer
from sandbox.pilot import build_pilot
from sandbox.pilot.sites import split_by_sites

# A month after the last journal month of the published analysis had been reported.
FIRST_PULL = datetime(2021, 8, 31, tzinfo=UTC)


app = typer.Typer(add_completion=False)


@app.command()
def serve(
    port: Annotated[
        int, typer.Option(help="TCP port on 127.0.0.1; 0: a free one.")
    ] = 0,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="SANDBOX_KOBO_TOKEN",
            help="The owner's API token, 40 hex digits; generated when left out.",
        ),
    ] = None,
    clock: Annotated[
        datetime, typer.Option(help="The moment the server believes it is, UTC.")
    ] = FIRST_PULL,
    without_site: Annotated[
        list[str] | None, typer.Option(help="Leave out the submissions of these sites.")
    ] = None,
) -> None:
    """Serve the synthetic pilot as a KoboToolbox server until told to stop."""
    if token is not None and not TOKEN_PATTERN.fullmatch(token):
        raise typer.BadParameter("A token is 40 hex digits.", param_hint="--token")
    moment = clock if clock.tzinfo else clock.replace(tzinfo=UTC)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    forms = build_pilot().forms
    if without_site:
        _, forms = split_by_sites(forms, without_site)
    with KoboServer(forms, clock=moment, port=port, token=token) as server:
        typer.echo(server.url)
        # A generated token is shown to a person, never written to a log.
        if token is None and sys.stdout.isatty():
            typer.echo(f"API token of the account `owner`: {server.token}")
        sys.stdout.flush()
        stopped.wait()


if __name__ == "__main__":
    app()
