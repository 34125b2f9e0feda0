from dataclasses import replace

import pytest
from sqlalchemy import Engine, create_engine

from ingestion.errors import ServerBusyError
from ingestion.landing.bookkeeping.server_slots import hold_server
from ingestion.registry.entries import FilesServer, KoboServer
from tests.ingestion.conftest import MAPS, kobo_form

FORM = kobo_form("aSmallJournalForTests1", MAPS / "small_journal.yml").forms[0]
TWO = replace(
    FORM, server=KoboServer(kind="kobo", connection="kobo_test", runs_at_once=2)
)


def test_no_more_runs_than_the_registry_says_read_from_a_server(engine: Engine) -> None:
    naps: list[float] = []

    with hold_server(engine, TWO), hold_server(engine, TWO):
        with (
            pytest.raises(ServerBusyError, match=r"2 runs are reading .* 'kobo_test'"),
            hold_server(engine, TWO, patience_seconds=2, sleep=naps.append),
        ):
            pass
        other = replace(TWO, server_name="another")
        with hold_server(engine, other, patience_seconds=0):
            pass

    assert sum(naps) >= 2
    with hold_server(engine, TWO, patience_seconds=0):
        pass


def test_a_run_that_waits_goes_on_when_a_slot_is_free(engine: Engine) -> None:
    first = hold_server(engine, TWO)
    first.__enter__()

    def sleep(_seconds: float) -> None:
        first.__exit__(None, None, None)

    with hold_server(engine, TWO), hold_server(engine, TWO, sleep=sleep):
        pass


def test_a_slot_is_free_again_after_an_error(engine: Engine) -> None:
    for _ in range(3):
        with pytest.raises(RuntimeError), hold_server(engine, TWO, patience_seconds=0):
            raise RuntimeError


def test_files_have_no_limit(engine: Engine) -> None:
    files = replace(FORM, server=FilesServer(kind="files", path="finance"))

    with (
        hold_server(engine, files),
        hold_server(engine, files),
        hold_server(engine, files, patience_seconds=0),
    ):
        pass


def test_who_gives_way_takes_no_slot_while_another_waits(engine: Engine) -> None:
    one_slot = replace(
        FORM, server=KoboServer(kind="kobo", connection="kobo_test", runs_at_once=1)
    )
    first = hold_server(engine, one_slot)
    first.__enter__()

    def sleep(_seconds: float) -> None:
        first.__exit__(None, None, None)
        with (
            pytest.raises(ServerBusyError),
            hold_server(engine, one_slot, gives_way=True, patience_seconds=0),
        ):
            pass

    with hold_server(engine, one_slot, sleep=sleep):
        pass
    with hold_server(engine, one_slot, gives_way=True, patience_seconds=0):
        pass


def test_nobody_is_left_in_the_queue_who_has_given_up(engine: Engine) -> None:
    one_slot = replace(
        FORM, server=KoboServer(kind="kobo", connection="kobo_test", runs_at_once=1)
    )
    with (
        hold_server(engine, one_slot),
        pytest.raises(ServerBusyError),
        hold_server(engine, one_slot, patience_seconds=1, sleep=lambda _: None),
    ):
        pass

    other = create_engine(engine.url)  # a session's own place is no obstacle to it
    with hold_server(other, one_slot, gives_way=True, patience_seconds=0):
        pass
    other.dispose()
