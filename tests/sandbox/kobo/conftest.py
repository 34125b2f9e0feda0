"""Servers of the sample form, clients of them, and the folder of recordings."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from sandbox.kobo import KoboServer
from sandbox.kobo.for_tests.samples import (
    NO_TLS,
    REDEPLOYED,
    Connect,
    SampleClient,
    Serve,
    sample_form,
)
from sandbox.pilot.model import Form


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve forms until the end of the test."""
    servers: list[KoboServer] = []

    def start(*forms: Form, clock: datetime = REDEPLOYED) -> KoboServer:
        server = KoboServer(forms or (sample_form(),), clock=clock)
        servers.append(server.start())
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Open clients that are closed at the end of the test."""
    clients: list[SampleClient] = []

    def open_client(server: KoboServer, username: str | None = "owner") -> SampleClient:
        token = server.accounts[username].token if username else None
        headers = {"Authorization": f"Token {token}"} if token else {}
        clients.append(
            SampleClient(
                base_url=server.url, headers=headers, timeout=10, verify=NO_TLS
            )
        )
        return clients[-1]

    yield open_client
    for client in clients:
        client.close()


@pytest.fixture
def server(serve: Serve) -> KoboServer:
    """Serve twelve rows, the clock after the second deployment."""
    return serve()


@pytest.fixture
def kobo(server: KoboServer, connect: Connect) -> SampleClient:
    """Connect as owner to `server`."""
    return connect(server)


@pytest.fixture(scope="session")
def recordings(shared_folder: Path) -> Path:
    """Return the folder of recorded exchanges, or skip."""
    folder = shared_folder / "sources" / "kobo_recorded"
    if not folder.is_dir():
        pytest.skip(
            "the recordings of a KoboToolbox server are not beside the checkout"
        )
    return folder
