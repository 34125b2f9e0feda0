"""`python -m sandbox.metabase`: serve an empty Metabase, to try applying on."""

import signal
import sys
import threading
from typing import Annotated

import typer

from sandbox.metabase.behaviour import VERSIONS
from sandbox.metabase.server import MetabaseServer

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    port: Annotated[
        int, typer.Option(help="TCP port on 127.0.0.1; 0: a free one.")
    ] = 0,
    version: Annotated[int, typer.Option(help="Major version.")] = min(VERSIONS),
    setup_token: Annotated[
        str | None,
        typer.Option(envvar="MB_SETUP_TOKEN", help="Generated when left out."),
    ] = None,
) -> None:
    """Serve until told to stop."""
    if version not in VERSIONS:
        known = ", ".join(map(str, VERSIONS))
        raise typer.BadParameter(f"It behaves as {known}.", param_hint="--version")
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with MetabaseServer(version, port=port, setup_token=setup_token) as server:
        typer.echo(server.url)
        sys.stdout.flush()
        stopped.wait()


if __name__ == "__main__":
    app()
