"""`python -m sandbox.odk`: serve the synthetic pilot."""

import signal
import sys
import threading
from datetime import UTC, datetime
from typing import Annotated

import typer

from sandbox.odk.edge.server import OdkServer
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
    secret: Annotated[
        str | None,
        typer.Option(
            envvar="SANDBOX_ODK_SECRET",
            help="What the passwords are derived from; generated when left out.",
        ),
    ] = None,
    clock: Annotated[
        datetime, typer.Option(help="The moment the server believes it is, UTC.")
    ] = FIRST_PULL,
    site: Annotated[
        list[str] | None,
        typer.Option(help="Serve the submissions of these sites alone."),
    ] = None,
) -> None:
    """Serve the synthetic pilot as an ODK Central server until told to stop."""
    moment = clock if clock.tzinfo else clock.replace(tzinfo=UTC)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    forms = build_pilot().forms
    if site:
        forms, _ = split_by_sites(forms, site)
    with OdkServer(forms, clock=moment, port=port, secret=secret) as server:
        typer.echo(server.url)
        # A generated password is shown to a person, never written to a log.
        if secret is None and sys.stdout.isatty():
            viewer = server.accounts["viewer"]
            typer.echo(f"Password of {viewer.email}: {viewer.password}")
        sys.stdout.flush()
        stopped.wait()


if __name__ == "__main__":
    app()
