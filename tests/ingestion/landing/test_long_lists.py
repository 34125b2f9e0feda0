"""Ids that are long and many do not fit into one request line."""

import pytest

from ingestion.errors import SourceRejectedError
from sandbox.kobo import KoboServer
from tests.ingestion.conftest import Rows
from tests.ingestion.landing.stage import Stage
from tests.ingestion.small_forms import Life, day

FIRST_LONG_ID = 700_000_000_000
MANY = 700  # with their separators 10 kB, and fewer than a page


@pytest.fixture
def server(stage: Stage) -> KoboServer:
    """Serve a form of which one row is landed and many others are not."""
    life = Life()
    life.add(1, 1)
    for number in range(MANY):
        life.add(FIRST_LONG_ID + number, 16)
    server = stage.serve(life, 15)
    stage.land(server)
    server.clear_requests()
    return server


def test_a_long_list_of_long_ids_is_fetched_in_lines_that_are_accepted(
    stage: Stage, server: KoboServer, rows: Rows
) -> None:
    server.set_clock(day(20))

    assert stage.land(server).new == MANY

    fetched = [one for one in server.requests if "%24in" in one["path"]]
    assert len(fetched) == 3
    assert len(rows("select 1 from raw.forms__journals")) == 1 + MANY


def test_the_same_list_in_one_line_would_be_refused(
    stage: Stage, server: KoboServer, monkeypatch: pytest.MonkeyPatch, rows: Rows
) -> None:
    monkeypatch.setattr("ingestion.sources.kobo.source.QUERY_LENGTH", 100_000)
    server.set_clock(day(20))

    with pytest.raises(SourceRejectedError, match="414"):
        stage.land(server)

    assert len(rows("select 1 from raw.forms__journals")) == 1
