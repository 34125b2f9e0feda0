"""From the registry to an adapter that speaks to its server; no network."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from ingestion.answers.field_maps import load_field_map
from ingestion.errors import ConnectionMissingError
from ingestion.landing.source_of_form import answers_of, source_of_form
from ingestion.registry import Form
from ingestion.registry.entries import OdkServer
from ingestion.sources.base import FormSource
from tests.ingestion.conftest import MAPS
from tests.ingestion.sources.odk.pretend import HOST, Central

VARIABLE = "AIRFLOW_CONN_ODK_TEST"


def odk_form(map_path: Path = MAPS / "small_journal.yml") -> Form:
    return Form(
        name="journal",
        role="journal",
        form_id="odk_test/journal",
        source_key="journal",
        server_name="odk_test",
        server=OdkServer(kind="odk", connection="odk_test", project=1),
        site_codes=("MX-01",),
        deletion_limit_share=0.05,
        field_map=load_field_map(map_path),
    )


@pytest.fixture
def central(monkeypatch: pytest.MonkeyPatch) -> Central:
    """Let every client that is opened speak to a pretended Central."""
    central = Central()
    original = httpx.Client

    def client(**options: Any) -> httpx.Client:  # noqa: ANN401 - those of httpx
        return original(transport=httpx.MockTransport(central), **options)

    monkeypatch.setattr("ingestion.landing.source_of_form.httpx.Client", client)
    monkeypatch.setenv(VARIABLE, f"{HOST.replace('//', '//a%40b.example:secret@')}")
    return central


def check_and_fail(source: FormSource) -> None:
    source.check()
    raise KeyError("something goes wrong")


def test_a_session_ends_with_the_run(central: Central) -> None:
    with source_of_form(odk_form()) as source:
        source.check()
        assert len(central.valid_sessions) == 1

    assert central.valid_sessions == set()
    assert central.asked[-1].method == "DELETE"


def test_a_session_ends_after_a_failure_too(central: Central) -> None:
    with pytest.raises(KeyError), source_of_form(odk_form()) as source:
        check_and_fail(source)

    assert central.valid_sessions == set()


def test_no_cookie_of_a_session_is_sent_back(central: Central) -> None:
    headers = {"Set-Cookie": "session=secret; Path=/"}
    page = {"value": [], "@odata.count": 0}
    central.answers["Submissions"] = httpx.Response(200, json=page, headers=headers)

    with source_of_form(odk_form()) as source:
        source.check()
        source.check()

    assert not any("Cookie" in request.headers for request in central.asked)


def test_a_connection_without_a_login_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, "https://:secret@central.example")

    with (
        pytest.raises(ConnectionMissingError, match="has no login"),
        source_of_form(odk_form()),
    ):
        pass


def test_answers_are_read_as_their_kind_of_server_writes_them() -> None:
    payload = {"group": {"question": 1}, "__id": "uuid:1"}

    assert answers_of("odk")(payload) == {"group/question": 1}
    assert answers_of("kobo")(payload) is payload
    assert answers_of("files")(payload) is payload
