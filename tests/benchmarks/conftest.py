"""A few journals, the benchmark's server on them, and what panels are made of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.journals.files import write_journals
from benchmarks.journals.make import JournalMaker
from benchmarks.panels.templates import Templates, templates_of_pilot
from benchmarks.server.running import RunningServer, running_server

COUNT = 1_100  # more than a page


@pytest.fixture(scope="session")
def maker() -> JournalMaker:
    """Return what makes journals."""
    return JournalMaker.of_pilot()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, maker: JournalMaker) -> Path:
    """Return a folder of 1,100 journals."""
    folder = tmp_path_factory.mktemp("journals")
    write_journals(folder, maker, COUNT)
    return folder


@pytest.fixture
def server(folder: Path) -> Iterator[RunningServer]:
    """Run a server on them; edits end with it."""
    with running_server(folder) as server:
        yield server


@pytest.fixture(scope="session")
def templates() -> Templates:
    """Return the pilot's answers, of which panels are made."""
    return templates_of_pilot()
