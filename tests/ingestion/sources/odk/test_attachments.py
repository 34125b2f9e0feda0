"""How ODK Central tells of files and hands them out; no network."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from ingestion.errors import FileTooLargeError, SourceRejectedError
from ingestion.sources.base import Attachment, AttachmentSource, DownloadLimits
from ingestion.sources.http import HttpRefusalError, PatientClient
from ingestion.sources.odk import OdkSource, SessionAuth
from tests.ingestion.sources.odk.pretend import (
    CONNECTION,
    FORM_PATH,
    HOST,
    NO_PATIENCE,
    SECRET,
    Central,
    refused,
    row,
)

LIMITS = DownloadLimits(10, ("image/*",))
FILES = f"{FORM_PATH}/submissions/uuid:7/attachments"
PHOTO = Attachment("a.png", "a.png")
XML = (
    '<data version="1"><old_photo>a.png</old_photo>'
    '<orx:meta xmlns:orx="http://openrosa.org/xforms"/></data>'
)


def here(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "exists": True} for name in names]


def payload(present: int = 1, **answers: Any) -> dict[str, Any]:  # noqa: ANN401 - as JSON is
    return {**row(7, attachmentsPresent=present), **answers}


def png(content: bytes | Iterator[bytes] = b"x") -> httpx.Response:
    return httpx.Response(200, content=content, headers={"Content-Type": "image/png"})


def listed(files: object, **answers: Any) -> list[Attachment]:  # noqa: ANN401 - as JSON is
    central = Central()
    central.answers[FILES] = files
    return central.source().attachments("7", payload(**answers))


def fetched(source: OdkSource, attachment: Attachment = PHOTO) -> bytes:
    with source.download("7", attachment, LIMITS) as download:
        return b"".join(download.chunks)


def test_central_keeps_files_beside_submissions() -> None:
    assert isinstance(Central().source(), AttachmentSource)


def test_what_has_arrived_is_listed_and_what_is_only_announced_is_not() -> None:
    files = [*here("a.png"), {"name": "b.png", "exists": False}]

    assert listed(files) == [Attachment("a.png", "a.png")]


@pytest.mark.parametrize(
    ("answers", "place"),
    [
        ({"photo": "a.png"}, "photo"),
        ({"house": {"roof": {"photo": "a.png"}}}, "house/roof/photo"),
        (
            {"house": {"rooms": [{"photo": "b.png"}, {"photo": "a.png"}]}},
            "house/rooms[2]/photo",
        ),
        (
            {"rooms": [{"walls": [{"photo": None}, {"photo": "a.png"}]}]},
            "rooms[1]/walls[2]/photo",
        ),
        ({"__xml": XML, "__repeats": []}, "old_photo"),
        ({"photo": "a.png", "remark": "a.png"}, None),
        ({"photo": "b.png"}, None),
    ],
    ids=str,
)
def test_a_file_answers_the_question_that_holds_its_name(
    answers: dict[str, Any], place: str | None
) -> None:
    (found,) = listed(here("a.png"), **answers)

    assert found.question_path == place


def test_a_submission_without_files_takes_no_request() -> None:
    central = Central()

    assert central.source().attachments("7", payload(0, photo="late.png")) == []
    assert central.asked == []


@pytest.mark.parametrize("status", [403, 404, 401])
def test_files_that_are_not_told_are_not_taken_for_removed(status: int) -> None:
    with pytest.raises(HttpRefusalError) as error:
        listed(refused(status))

    assert error.value.status == status


@pytest.mark.parametrize("body", [{"files": []}, [{"file": "a.png"}], ["a.png"]])
def test_a_list_that_is_none_is_refused(body: object) -> None:
    with pytest.raises(SourceRejectedError, match="not answer as ODK Central does"):
        listed(body)


@pytest.mark.parametrize("name", ["", ".", "..", "a\x00.png", "\ud83d.png"])
def test_a_file_that_no_address_leads_to_is_left_out(name: str) -> None:
    body = json.dumps(here(name, "a.png"))

    found = listed(httpx.Response(200, text=body))

    assert [one.name for one in found] == ["a.png"]


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("foto año.png", "foto%20a%C3%B1o.png"),
        ("写真.png", "%E5%86%99%E7%9C%9F.png"),
        ("a/../b.png", "a%2F..%2Fb.png"),
        ("50%25?#.png", "50%2525%3F%23.png"),
    ],
)
def test_a_file_is_asked_for_by_its_whole_name(name: str, spelled: str) -> None:
    central = Central()
    central.answers |= {FILES: here(name), unquote(f"{FILES}/{spelled}"): png()}
    source = central.source()
    (attachment,) = source.attachments("7", payload())

    assert fetched(source, attachment) == b"x"
    asked = central.asked[-1].url.raw_path.decode()
    assert asked.endswith(f"/submissions/uuid%3A7/attachments/{spelled}")


def test_an_id_that_the_server_spells_without_prefix_leads_to_the_files() -> None:
    bare = FILES.replace("uuid:", "")
    central = Central()
    central.answers |= {bare: here("a.png"), f"{bare}/a.png": png()}
    record = payload() | {"__id": "7"}
    source = central.source()

    assert source.attachments("7", record) == [PHOTO]
    assert fetched(source) == b"x"
    assert central.asked_paths == [bare, f"{bare}/a.png"]
    # A later run, which lists nothing, has seen no id.
    assert fetched(central.source()) == b"x"


def test_a_missing_file_is_said_to_be_missing_and_the_form_is_not() -> None:
    with pytest.raises(HttpRefusalError, match=r"refused the file \(404\)") as error:
        fetched(Central().source())

    assert error.value.status == 404


def test_an_account_that_lost_its_role_is_told_so_for_files_too() -> None:
    central = Central()
    central.answers[f"{FILES}/a.png"] = refused(403)

    with pytest.raises(HttpRefusalError, match="role Project Viewer") as error:
        fetched(central.source())

    assert error.value.status == 403


def test_no_more_of_a_file_is_read_than_is_wanted() -> None:
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(1_000):
            read.append(number)
            yield b"x" * 100_000

    central = Central()
    central.answers[f"{FILES}/a.png"] = png(endless())

    with pytest.raises(FileTooLargeError):
        fetched(central.source())
    assert len(read) == 1


Elsewhere = Callable[[httpx.Request], httpx.Response]


def source_with_store(central: Elsewhere, store: Elsewhere) -> OdkSource:
    client = httpx.Client(
        base_url=HOST,
        auth=SessionAuth(CONNECTION, "Central"),
        transport=httpx.MockTransport(central),
    )
    patient = PatientClient(
        "Central",
        client,
        NO_PATIENCE,
        elsewhere=lambda: httpx.Client(transport=httpx.MockTransport(store)),
    )
    return OdkSource(patient, 1, "journal", "odk_test")


def test_the_session_goes_to_no_other_host() -> None:
    strangers: list[httpx.Request] = []

    def store(request: httpx.Request) -> httpx.Response:
        strangers.append(request)
        return png()

    central = Central()
    sent_on = {"Location": "https://store.example/blob?signature=1"}
    central.answers[f"{FILES}/a.png"] = httpx.Response(307, headers=sent_on)

    assert fetched(source_with_store(central, store)) == b"x"
    (heard,) = strangers
    assert {"authorization", "cookie"} & set(heard.headers) == set()
    assert {request.url.host for request in central.asked} == {"central.example"}


def test_a_session_that_ends_between_files_is_renewed_once() -> None:
    central = Central()
    central.answers[f"{FILES}/a.png"] = png()
    source = central.source()
    fetched(source)
    central.valid_sessions.clear()

    assert fetched(source) == b"x"
    assert central.session_number == 2


def test_a_server_that_ends_every_session_hands_out_no_file() -> None:
    central = Central()

    def forgetful(request: httpx.Request) -> httpx.Response:
        central.valid_sessions.clear()
        return central(request)

    source = source_with_store(forgetful, lambda _: png())

    with pytest.raises(HttpRefusalError, match="ends every session") as error:
        fetched(source)
    assert error.value.status == 401


def test_a_password_that_is_refused_is_refused_for_every_file() -> None:
    central = Central()
    central.answers["login"] = refused(401)

    with pytest.raises(SourceRejectedError, match="AIRFLOW_CONN_ODK_TEST") as error:
        fetched(central.source())

    assert getattr(error.value, "status", None) == 401
    assert SECRET not in str(error.value)


def test_recorded_lists_of_files_are_read(shared_folder: Path) -> None:
    folder = shared_folder / "sources" / "odk_recorded"
    if not folder.is_dir():
        pytest.skip("no recordings of ODK Central beside this checkout")
    bodies = [
        json.loads((folder / f"{name}.json").read_text())["response"]["body"]
        for name in (
            "08_attachments",
            "08_attachments_unicode",
            "13_attachment_missing_list",
        )
    ]

    assert [[one.name for one in listed(body)] for body in bodies] == [
        ["photo12.png"],
        ["foto año 15.png"],
        [],
    ]
