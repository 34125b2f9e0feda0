"""Servers of the sample form, clients of them, and the folder of recordings."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.odk import OdkServer
from sandbox.odk.for_tests.samples import (
    NO_TLS,
    REDEPLOYED,
    Connect,
    OdkClient,
    Serve,
    log_in,
    sample_form,
)
from sandbox.pilot import Pilot, build_pilot
from sandbox.pilot.model import Form


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve forms until the end of the test."""
    servers: list[OdkServer] = []

    def start(
        *forms: Form,
        clock: datetime = REDEPLOYED,
        **setting: Any,  # noqa: ANN401 - as OdkServer takes it
    ) -> OdkServer:
        server = OdkServer(forms or (sample_form(),), clock=clock, **setting)
        servers.append(server.start())
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Open clients that are closed at the end of the test."""
    clients: list[OdkClient] = []

    def open_client(server: OdkServer, username: str | None = "viewer") -> OdkClient:
        clients.append(OdkClient(base_url=server.url, timeout=10, verify=NO_TLS))
        if username:
            log_in(clients[-1], server, username)
        server.clear_requests()
        return clients[-1]

    yield open_client
    for client in clients:
        client.close()


@pytest.fixture
def server(serve: Serve) -> OdkServer:
    """Serve twelve rows, the clock after the second version."""
    return serve()


@pytest.fixture
def odk(server: OdkServer, connect: Connect) -> OdkClient:
    """Connect as viewer to `server`."""
    return connect(server)


@pytest.fixture(scope="session")
def pilot() -> Pilot:
    """Return the synthetic pilot, built once for all tests here."""
    return build_pilot()


@pytest.fixture(scope="session")
def recordings(shared_folder: Path) -> Path:
    """Return the folder of recorded exchanges, or skip."""
    folder = shared_folder / "sources" / "odk_recorded"
    if not folder.is_dir():
        pytest.skip("the recordings of an ODK Central are not beside the checkout")
    return folder
