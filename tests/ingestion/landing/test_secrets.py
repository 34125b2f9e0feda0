"""No secret of a form server is in an error or a log, not even the fullest log."""

import logging
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine

from ingestion.errors import SourceRejectedError
from sandbox.odk.access.accounts import Account
from sandbox.odk.access.sessions import Session, Sessions
from tests import search
from tests.ingestion.conftest import MAPS, land_from
from tests.ingestion.landing.odk_stage import Stage as OdkStage
from tests.ingestion.landing.stage import Stage
from tests.ingestion.small_forms import UID, Life, forty

WRONG = "kestrel-4471-which-nobody-gave-us"


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    # Airflow, where the same process has set up its logs, tells httpx to be quiet.
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "httpx"):
        yield


@pytest.fixture
def odk(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[OdkStage]:
    stage = OdkStage(engine, monkeypatch)
    yield stage
    stage.stop()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Session]:
    """Return the sessions that the stand-in of ODK Central has opened."""
    sessions: list[Session] = []
    open_one = Sessions.opened

    def noted(self: Sessions, account: Account, now: datetime) -> Session:
        sessions.append(open_one(self, account, now))
        return sessions[-1]

    monkeypatch.setattr(Sessions, "opened", noted)
    return sessions


def told(error: BaseException) -> str:
    """Return all that a log or a screen shows of an error."""
    return f"{error!r}\n{''.join(traceback.format_exception(error))}"


def leaks(words: list[str], *texts: str) -> list[str]:
    return list(search.in_bytes("\n".join(texts).encode(), words))


def test_a_token_is_in_no_log_of_a_landing(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    server = stage.serve(forty(Life()), 15)

    assert stage.land(server).new == 40

    assert "HTTP Request: GET" in caplog.text
    assert leaks([server.accounts["owner"].token], caplog.text) == []


def test_a_token_that_is_refused_is_in_no_log_and_no_error(
    stage: Stage, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    server = stage.serve(forty(Life()), 15)

    with pytest.raises(SourceRejectedError) as caught:
        land_from(server.url, WRONG, UID, engine, MAPS / "small_journal.yml")

    assert "401" in caplog.text
    assert leaks([WRONG], caplog.text, told(caught.value)) == []


def test_neither_password_nor_session_is_in_a_log_of_a_landing(
    odk: OdkStage, opened: list[Session], caplog: pytest.LogCaptureFixture
) -> None:
    server = odk.serve(forty(Life()), 15)

    assert odk.land(server).new == 40

    secrets = [server.accounts["viewer"].password, *(one.token for one in opened)]
    assert len(secrets) == 2
    assert "HTTP Request: POST" in caplog.text
    assert leaks(secrets, caplog.text) == []


def test_a_password_that_is_refused_is_in_no_log_and_no_error(
    odk: OdkStage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = odk.serve(forty(Life()), 15)
    wrong = replace(server.accounts["viewer"], password=WRONG)
    monkeypatch.setitem(server.accounts, "viewer", wrong)

    with pytest.raises(SourceRejectedError) as caught:
        odk.land(server)

    assert "401" in caplog.text
    assert leaks([WRONG], caplog.text, told(caught.value)) == []
