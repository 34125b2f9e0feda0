"""What people change on the stand-in is answered, and ends, as recorded.

Each test takes the recorded project as it stood before a write, and repeats the write.
The recordings hold no multipart bodies: XML is made of the row that it became.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from sandbox.kobo import KoboServer
from sandbox.kobo.for_tests import replay
from sandbox.kobo.for_tests.browser import edit_in_browser
from sandbox.kobo.for_tests.samples import NO_TLS
from sandbox.kobo.stored.xform import as_xml
from sandbox.pilot.model import Form, Record

TOKEN = "5" * 40
HEADERS = ("Content-Type", "Allow", "X-KoBoNaUt", "X-OpenRosa-Version")
JUST_BEFORE = timedelta(microseconds=-1)


def names(text: str) -> list[str]:
    return text.split()


@contextmanager
def serving(form: Form, moment: datetime) -> Iterator[KoboServer]:
    """Serve a form of which nothing later than `moment` is known."""
    events = tuple(event for event in form.events if event.at <= moment)
    accounts = replay.replay_accounts(TOKEN)
    past = replace(form, events=events)
    with KoboServer((past,), clock=moment, accounts=accounts) as server:
        yield server


def client(server: KoboServer, username: str = "journal_owner") -> httpx.Client:
    headers = {"Authorization": f"Token {server.accounts[username].token}"}
    return httpx.Client(base_url=server.url, headers=headers, verify=NO_TLS)


def answered_at(exchange: dict[str, Any]) -> datetime:
    moment = parsedate_to_datetime(exchange["response"]["headers"]["Date"])
    return moment.replace(tzinfo=UTC)


def caller(exchange: dict[str, Any]) -> str:
    header: str = exchange["request"]["headers"]["Authorization"]
    return header.removeprefix("Token <token-of-").removesuffix(">")


def repeat(server: KoboServer, exchange: dict[str, Any], **body: Any) -> httpx.Response:  # noqa: ANN401 - what httpx takes
    server.set_clock(answered_at(exchange))
    method, target, _ = exchange["request"]["line"].split(" ")
    with client(server, caller(exchange)) as person:
        return person.request(method, target, **body)


def row(server: KoboServer, uid: str, number: int) -> Record:
    with client(server) as owner:
        found: Record = owner.get(f"/api/v2/assets/{uid}/data/{number}/").json()
        return found


def assert_same_head(response: httpx.Response, exchange: dict[str, Any]) -> None:
    recorded = exchange["response"]
    assert response.status_code == recorded["status"]
    for name in HEADERS:
        assert response.headers.get(name) == recorded["headers"].get(name), name


@pytest.mark.parametrize(
    "name",
    names("""
    120_validation_patch_approved 121_validation_patch_not_approved
    122_validation_bulk_on_hold 123_validation_remove 124_validation_invalid_uid
    125_validation_forbidden_viewer 130_delete_submission 132_delete_again
    134_delete_forbidden_viewer
    """),
)
def test_a_write_is_answered_as_recorded(recordings: Path, name: str) -> None:
    exchange = replay.recorded(recordings, name)
    moment = answered_at(exchange)
    before = moment if name == "132_delete_again" else moment + JUST_BEFORE

    with serving(replay.replay_forms(recordings)[0], before) as server:
        response = repeat(server, exchange, json=exchange["request"].get("json"))

    recorded = exchange["response"]
    assert_same_head(response, exchange)
    assert (response.json() if "json" in recorded else response.text) == (
        recorded.get("json", recorded.get("text"))
    )


def test_an_edit_of_many_rows_is_answered_and_ends_as_recorded(
    recordings: Path,
) -> None:
    exchange = replay.recorded(recordings, "107_edit_bulk_patch")
    before = answered_at(exchange) + JUST_BEFORE

    with serving(replay.replay_forms(recordings)[0], before) as server:
        response = repeat(server, exchange, json=exchange["request"]["json"])
        after = row(server, replay.JOURNAL_UID, 14)

    assert_same_head(response, exchange)
    ours, real = response.json(), exchange["response"]["json"]
    drawn, _ = ([one.pop("uuid") for one in body["results"]] for body in (ours, real))
    assert ours == real
    expected = replay.recorded(recordings, "108_edit_bulk_after")["response"]["json"]
    assert after == {
        **expected,
        "_uuid": drawn[0],
        "meta/instanceID": f"uuid:{drawn[0]}",
    }


def test_a_review_of_a_row_whose_repeat_was_removed_ends_as_recorded(
    recordings: Path,
) -> None:
    name = "232_repeat_after_redeploy_and_validation"
    expected = replay.recorded(recordings, name)["response"]["json"]
    form = replay.replay_forms(recordings)[1]
    data = f"/api/v2/assets/{replay.REPEAT_UID}/data/"

    with serving(form, replay.REPEAT_REDEPLOYED) as server, client(server) as owner:
        for number in (1141, 1142):
            owner.patch(
                f"{data}{number}/validation_status/",
                json={"validation_status.uid": "validation_status_approved"},
            )
        rows = owner.get(data).json()["results"]

    assert rows == expected["results"]


def sent(recorded_row: Record) -> bytes:
    """Return the XML of which the server made a recorded row."""
    answers = {
        key: value
        for key, value in recorded_row.items()
        if not key.startswith("_") or key == "__version__"
    }
    return as_xml(str(recorded_row["_xform_id_string"]), answers)


def upload(xml: bytes) -> dict[str, Any]:
    return {"files": {"xml_submission_file": ("submission.xml", xml, "text/xml")}}


def facts(text: str) -> tuple[str | None, dict[str, str]]:
    """Return the message and the lasting facts of an answer in XML."""
    root = ET.fromstring(text)  # noqa: S314 - our own server's
    metadata = root.find("{*}submissionMetadata")
    found = {} if metadata is None else dict(metadata.attrib)
    found = {
        name: value[:19] if name.endswith("Date") else value
        for name, value in found.items()
    }
    return root.findtext("{*}message"), found


def recorded_row(recordings: Path, name: str, number: int | None = None) -> Record:
    body: dict[str, Any] = replay.recorded(recordings, name)["response"]["json"]
    if number is None:
        return body
    return next(one for one in body["results"] if one["_id"] == number)


@pytest.mark.parametrize(
    ("name", "became"),
    [
        ("12_openrosa_submission_created", ("30_data_all_default", 1)),
        ("103_edit_openrosa_submission", ("104_edit_after", None)),
        (
            "157_old_form_version_submission",
            ("160_all_data_after_everything", 37),
        ),
    ],
)
def test_a_submission_is_answered_and_becomes_the_recorded_row(
    recordings: Path, name: str, became: tuple[str, int | None]
) -> None:
    exchange = replay.recorded(recordings, name)
    expected = recorded_row(recordings, *became)
    form = replay.replay_forms(recordings)[0]

    with serving(form, answered_at(exchange) + JUST_BEFORE) as server:
        response = repeat(server, exchange, **upload(sent(expected)))
        after = row(server, replay.JOURNAL_UID, expected["_id"])

    assert_same_head(response, exchange)
    assert facts(response.text) == facts(exchange["response"]["text"])
    kept = {"_attachments", "_validation_status"}  # files are not sent, reviews later
    assert {k: v for k, v in after.items() if k not in kept} == {
        k: v for k, v in expected.items() if k not in kept
    }


@pytest.mark.parametrize(
    ("name", "became", "changes"),
    [
        ("100_resubmit_identical_202", ("30_data_all_default", 1), {}),
        (
            "101_same_instanceid_different_content_409",
            ("30_data_all_default", 1),
            {"wellbeing/remarks": "other"},
        ),
        (
            "106_edit_stale_deprecatedid_410",
            ("104_edit_after", None),
            {"meta/instanceID": "uuid:00000000-0000-4000-8000-000000000000"},
        ),
    ],
)
def test_a_submission_that_changes_nothing_is_answered_as_recorded(
    recordings: Path, name: str, became: tuple[str, int | None], changes: Record
) -> None:
    exchange = replay.recorded(recordings, name)
    xml = sent({**recorded_row(recordings, *became), **changes})

    with serving(replay.replay_forms(recordings)[0], answered_at(exchange)) as server:
        before = len(server.service.projects_of(server.service.owner)[0].events)
        response = repeat(server, exchange, **upload(xml))
        after = len(server.service.projects_of(server.service.owner)[0].events)

    assert_same_head(response, exchange)
    assert facts(response.text) == facts(exchange["response"]["text"])
    assert after == before


def test_an_old_row_edited_in_the_browser_becomes_one_of_the_newest_form(
    recordings: Path,
) -> None:
    before = recorded_row(recordings, "158_v1_submission_before_v2_edit")
    expected = recorded_row(recordings, "159_v1_submission_after_v2_edit")
    form = replay.replay_forms(recordings)[0]
    answered = {
        path: expected[path]
        for path in ("members", "wellbeing/school_attended", "wellbeing/hope_score")
    }
    xml = edit_in_browser(
        form.uid, before, form.versions[-1], expected["_uuid"], answered
    )
    moment = datetime(2026, 7, 1, 8, tzinfo=UTC)

    with serving(form, moment + JUST_BEFORE) as server, client(server) as owner:
        server.set_clock(moment)
        assert owner.post("/submission", **upload(xml)).status_code == 201
        after = row(server, form.uid, before["_id"])

    assert after == expected
