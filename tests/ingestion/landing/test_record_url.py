import json

import pytest

from ingestion.landing.record_url import record_url
from ingestion.registry import Form
from ingestion.registry.entries import FilesServer, KoboServer, OdkServer
from ingestion.registry.loading import DEFAULT_PATH, load_registry

KOBO = KoboServer(kind="kobo", connection="kobo_main")
CENTRAL = OdkServer(kind="odk", connection="odk_uganda", project=7)
FILES = FilesServer(kind="files", path="finance")


def form_on(
    server: KoboServer | OdkServer | FilesServer, source_key: str = "aForm"
) -> Form:
    return Form(
        name="journal",
        role="journal",
        form_id=source_key,
        source_key=source_key,
        server_name="server",
        server=server,
        site_codes=(),
        deletion_limit_share=0,
        field_map=load_registry(DEFAULT_PATH).forms[0].field_map,
    )


@pytest.fixture(autouse=True)
def connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "AIRFLOW_CONN_KOBO_MAIN",
        json.dumps({"host": "https://kobo.example", "password": "hidden-token"}),
    )
    monkeypatch.setenv(
        "AIRFLOW_CONN_ODK_UGANDA", "https://ana%40x.example:hidden@central.example"
    )


def test_a_record_on_kobotoolbox_opens_as_a_filled_in_form() -> None:
    assert record_url(form_on(KOBO)) == (
        "https://kobo.example/api/v2/assets/aForm/data/{submission_id}"
        "/enketo/redirect/view/"
    )


def test_a_record_on_central_has_a_page_and_its_form_any_name() -> None:
    assert record_url(form_on(CENTRAL, "journal/2021 ñ")) == (
        "https://central.example/#/projects/7/forms/journal%2F2021%20%C3%B1"
        "/submissions/{submission_id}"
    )


def test_the_address_holds_nothing_that_opens_the_server() -> None:
    told = f"{record_url(form_on(KOBO))} {record_url(form_on(CENTRAL))}"

    assert "hidden" not in told
    assert "@" not in told


def test_a_line_of_a_file_has_no_address() -> None:
    assert record_url(form_on(FILES)) is None


def test_an_unknown_server_leaves_the_address_open_and_the_registry_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_KOBO_MAIN")

    assert record_url(form_on(KOBO)) is None
