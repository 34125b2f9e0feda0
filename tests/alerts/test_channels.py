import json
import logging
from contextlib import suppress

import pytest

from alerts.channels import send
from alerts.errors import ChannelError
from alerts.message import Message
from ingestion.errors import ConnectionMissingError
from ingestion.registry import Receiver
from tests import search
from tests.alerts.conftest import ENGINEER, LEAD, SECRET, Stage

MESSAGE = Message(
    "engineer.1.7",
    "Family journals: a\nsubject",
    "ERROR: ñ is away.\n",
    {"opened": [{"kind": "form_failed"}], "closed": []},
)


def test_a_mail_has_its_sender_all_addresses_and_an_id_of_its_own(stage: Stage) -> None:
    send(MESSAGE, Receiver(email=[ENGINEER, LEAD]), "smtp_default")

    ((addresses, mail),) = stage.mail.taken
    assert addresses == [ENGINEER, LEAD]
    assert mail["From"] == "warehouse@programme.example"
    assert mail["Subject"] == "Family journals: a subject"
    assert mail["Message-ID"] == "<engineer.1.7@family-journal-warehouse>"
    assert mail.get_content() == MESSAGE.text


def test_slack_gets_a_text_at_the_secret_address(stage: Stage) -> None:
    send(MESSAGE, Receiver(slack="team"), "smtp_default")

    ((path, _, body),) = stage.web.taken
    assert path == f"/services/{SECRET}"
    assert body == {"text": f"*{MESSAGE.subject}*\n{MESSAGE.text}"}


def test_a_webhook_gets_values_and_its_token(stage: Stage) -> None:
    send(MESSAGE, Receiver(webhook="team"), "smtp_default")

    ((path, headers, body),) = stage.web.taken
    assert path == "/services"
    assert headers["Authorization"] == f"Bearer {SECRET}"
    assert headers["Idempotency-Key"] == MESSAGE.message_id
    assert body["opened"] == [{"kind": "form_failed"}]


@pytest.mark.parametrize("way", ["slack", "webhook"])
@pytest.mark.parametrize("status", [200, 404])
def test_no_log_has_the_secret_address_or_the_token(
    stage: Stage, caplog: pytest.LogCaptureFixture, way: str, status: int
) -> None:
    stage.web.status = status
    with caplog.at_level(logging.DEBUG), suppress(ChannelError):
        send(MESSAGE, Receiver.model_validate({way: "team"}), "smtp_default")

    assert f"HTTP/1.0 {status}" in caplog.text
    assert list(search.in_bytes(caplog.text.encode(), [SECRET])) == []


@pytest.mark.parametrize("way", ["slack", "webhook"])
@pytest.mark.parametrize("value", ["", "{}", "https://a:b", '{"host": "https://"}'])
def test_a_connection_that_is_missing_or_none_is_told_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, way: str, value: str
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_TEAM", value)
    receiver = Receiver.model_validate({way: "team"})

    with pytest.raises(ConnectionMissingError, match="AIRFLOW_CONN_TEAM"):
        send(MESSAGE, receiver, "smtp_default")


@pytest.mark.parametrize(
    ("smtp", "sentence"),
    [
        ({}, "is not configured"),
        ({"host": "mail.example"}, "does not say who writes"),
        ({"host": "mail.example", "port": "x"}, "is no number"),
    ],
)
def test_a_mail_server_that_is_half_configured_is_told_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, smtp: dict[str, str], sentence: str
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(smtp))

    with pytest.raises(ConnectionMissingError, match=sentence) as caught:
        send(MESSAGE, Receiver(email=[ENGINEER]), "smtp_default")
    assert "AIRFLOW_CONN_SMTP_DEFAULT" in str(caught.value)


def test_a_mail_server_that_is_away_is_told_without_its_password(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.mail.shutdown()
    stage.mail.server_close()
    uri = (
        f"smtp://warehouse%40programme.example:{SECRET.replace('/', '%2F')}@127.0.0.1:"
        f"{stage.mail.port}/?disable_ssl=true&disable_tls=true"
    )
    monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", uri)

    with pytest.raises(ChannelError, match="could not be reached") as caught:
        send(MESSAGE, Receiver(email=[ENGINEER]), "smtp_default")
    assert SECRET not in str(caught.value)
