"""Who asks for an erasure is not who agrees to it."""

from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import Engine, text

from ingestion.erasing import erase_requested
from warehouse.connection import open_engine
from warehouse.errors import ErasureError

ASK = """
insert into pii.erasure_requests (family_code, reason, requested_by)
values ('MX-01-0001', 'it asked for it', 'Ana')
returning request_id
"""
WAITING = "select count(*) from pii.erasure_requests"


@pytest.fixture
def engine(warehouse_with_tables: str) -> Iterator[Engine]:
    engine = open_engine(warehouse_with_tables)
    yield engine
    engine.dispose()


def ask(engine: Engine) -> int:
    with engine.begin() as connection:
        return int(connection.execute(text(ASK)).scalar_one())


def waiting(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(WAITING)).scalar_one())


@pytest.mark.parametrize(
    ("approved_by", "triggered_by"), [(" ana", "ben"), ("Ben", "ben")]
)
def test_who_asked_or_started_the_run_is_refused_and_told_what_to_do(
    engine: Engine, approved_by: str, triggered_by: str
) -> None:
    number = ask(engine)

    with pytest.raises(ErasureError, match="let somebody else press Approve") as said:
        erase_requested(
            number,
            approved_by,
            triggered_by=triggered_by,
            engine=engine,
            environment={"JOURNAL_ONE_PERSON_APPROVES": ""},
        )

    assert "JOURNAL_ONE_PERSON_APPROVES to true" in str(said.value)
    assert waiting(engine) == 1


@pytest.mark.parametrize(
    ("approved_by", "environment"),
    [("ben", {}), ("ana", {"JOURNAL_ONE_PERSON_APPROVES": "True"})],
)
def test_a_second_person_may_agree_and_the_only_one_where_there_is_but_one(
    engine: Engine, approved_by: str, environment: Mapping[str, str]
) -> None:
    number = ask(engine)

    erase_requested(
        number, approved_by, triggered_by="ana", engine=engine, environment=environment
    )

    assert waiting(engine) == 0
