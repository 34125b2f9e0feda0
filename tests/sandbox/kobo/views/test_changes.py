"""What people do to a project over HTTP, and what the server makes of it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sandbox.kobo import KoboServer
from sandbox.kobo.for_tests.browser import edit_in_browser
from sandbox.kobo.for_tests.samples import (
    UID,
    Connect,
    SampleClient,
    Serve,
    sample_form,
    sample_record,
)
from sandbox.kobo.stored.xform import as_xml
from sandbox.pilot.model import Event
from tests.sandbox.kobo.stored.test_time import (
    AFTER_REDEPLOY,
    ONE_KID,
    TWO_KIDS,
    with_two_rows,
)

APPROVED = {"validation_status.uid": "validation_status_approved"}
NOW = datetime(2021, 3, 1, tzinfo=UTC)


def many(*ids: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"payload": {"submission_ids": list(ids), **more}}


def send(
    kobo: SampleClient, method: str, path: str, body: object = None
) -> httpx.Response:
    return kobo.request(method, f"{kobo.data}{path}", json=body)


def told(kobo: SampleClient) -> list[tuple[str, str, str | None]]:
    """Return action, user and review of each entry about a change, newest first."""
    params = {"q": "NOT action:view-data AND NOT action:add-submission"}
    rows = kobo.get(f"{kobo.asset}history/", params=params).json()["results"]
    return [
        (row["action"], row["username"], row["metadata"]["submission"].get("status"))
        for row in rows
        if "submission" in row["metadata"]
    ]


EVERY_WRITE = [
    ("PATCH", "1/validation_status/", APPROVED),
    ("DELETE", "1/validation_status/", None),
    ("PATCH", "validation_statuses/", many(1, **APPROVED)),
    ("DELETE", "1/", None),
    ("DELETE", "bulk/", many(1)),
    ("PATCH", "bulk/", many(1, data={"hh/size": "9"})),
]


@pytest.mark.parametrize(
    ("account", "status"),
    [("viewer", 403), ("partial", 403), ("outsider", 404), (None, 404)],
)
def test_who_may_not_change_changes_nothing(
    server: KoboServer, connect: Connect, account: str | None, status: int
) -> None:
    kobo, stranger = connect(server), connect(server, account)
    before = kobo.get(kobo.data).json()

    found = [send(stranger, *write).status_code for write in EVERY_WRITE]

    assert found == [status] * len(EVERY_WRITE)
    assert kobo.get(kobo.data).json() == before
    assert told(kobo) == []


def test_a_review_is_the_callers_and_can_be_taken_back(
    server: KoboServer, kobo: SampleClient
) -> None:
    answer = send(kobo, "PATCH", "2/validation_status/", APPROVED)

    assert answer.json() == {
        "timestamp": int(server.service.now.timestamp()),
        "uid": "validation_status_approved",
        "by_whom": "owner",
        "label": "Approved",
    }
    assert send(kobo, "GET", "2/validation_status/").json() == answer.json()
    assert send(kobo, "DELETE", "2/validation_status/").status_code == 204
    assert send(kobo, "GET", "2/validation_status/").json() == {}
    assert told(kobo) == [
        ("modify-submission", "owner", "None"),
        ("modify-submission", "owner", "Approved"),
    ]


def test_what_a_colleague_does_bears_the_colleagues_name(
    server: KoboServer, connect: Connect
) -> None:
    rights = {"view_asset", "view_submissions", "validate_submissions"}
    viewer = replace(server.accounts["viewer"], permissions=frozenset(rights))
    people = (server.accounts["owner"], viewer)
    with KoboServer((sample_form(),), clock=NOW, accounts=people) as shared:
        answer = send(
            connect(shared, "viewer"), "PATCH", "2/validation_status/", APPROVED
        )

        assert answer.json()["by_whom"] == "viewer"
        assert told(connect(shared)) == [("modify-submission", "viewer", "Approved")]
        assert send(connect(shared, "viewer"), "DELETE", "2/").status_code == 403


def test_an_edit_of_many_keeps_the_identity_the_version_and_the_review(
    kobo: SampleClient,
) -> None:
    send(kobo, "PATCH", "2/validation_status/", APPROVED)
    before = kobo.get(f"{kobo.data}2/").json()

    data = {"hh/size": "9", "new/one": "x", "__version__": "v", "meta/rootUuid": "u"}
    answer = send(kobo, "PATCH", "bulk/", many(2, 3, 99, data=data)).json()

    after = kobo.get(f"{kobo.data}2/").json()
    assert (answer["count"], answer["successes"]) == (2, 2)
    assert after == {
        **before,
        "hh/size": "9",
        "new/one": "x",
        "_uuid": answer["results"][0]["uuid"],
        "meta/instanceID": f"uuid:{answer['results'][0]['uuid']}",
        "meta/deprecatedID": before["meta/instanceID"],
    }
    assert after["_uuid"] != before["_uuid"]


def test_an_empty_answer_takes_it_out_and_one_in_a_repeat_goes_to_the_first_item(
    serve: Serve, connect: Connect
) -> None:
    kobo = connect(serve(with_two_rows()))

    send(kobo, "PATCH", "bulk/", many(2, data={"hh/size": " ", "kids/kid": "Eva"}))

    after = kobo.get(f"{kobo.data}2/").json()
    assert "hh/size" not in after
    assert after["kids"] == [{"kids/kid": "Eva"}, {"kids/kid": "Luz"}]


def test_a_deletion_lowers_the_count_and_is_told_of(kobo: SampleClient) -> None:
    assert send(kobo, "DELETE", "3/").status_code == 204
    answer = send(kobo, "DELETE", "bulk/", many(4, 5)).json()

    assert answer == {"detail": "2 submissions have been deleted"}
    assert send(kobo, "DELETE", "3/").status_code == 404
    assert kobo.ids() == [1, 2, 6, 7, 8, 9, 10, 11, 12]
    assert kobo.get(kobo.asset).json()["deployment__submission_count"] == 9
    assert told(kobo) == [("delete-submission", "owner", None)] * 3


def test_a_deletion_of_many_that_fails_is_told_of_all_the_same(
    kobo: SampleClient,
) -> None:
    assert send(kobo, "DELETE", "bulk/", many(1, 2, 99)).status_code == 400

    assert kobo.get(kobo.data).json()["count"] == 12
    assert told(kobo) == [("delete-submission", "owner", None)] * 2


@pytest.mark.parametrize(
    ("payload", "left"),
    [({"query": {"country": "co"}}, 8), ({"confirm": True}, 0)],
)
def test_rows_can_be_chosen_by_a_query_or_all(
    kobo: SampleClient, payload: dict[str, Any], left: int
) -> None:
    assert send(kobo, "DELETE", "bulk/", {"payload": payload}).status_code == 200
    assert kobo.get(kobo.data).json()["count"] == left


@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        ("DELETE", "bulk/", {}, "This field is required."),
        ("DELETE", "bulk/", {"payload": {}}, "Confirmation is required"),
        ("DELETE", "bulk/", many(), "at least one value"),
        (
            "DELETE",
            "bulk/",
            {"payload": {"submission_ids": ["x"]}},
            "only contain integer",
        ),
        ("PATCH", "bulk/", many(1), "`data` is required"),
        ("PATCH", "bulk/", many(99, data={"a": "b"}), "No submissions match"),
        (
            "PATCH",
            "validation_statuses/",
            many(1),
            "`validation_status.uid` is required",
        ),
        ("PATCH", "1/validation_status/", {}, "Invalid validation status: `None`"),
        ("PATCH", "1/validation_status/", [], "Expected a dictionary"),
        ("PATCH", "1/validation_status/", 1, "Expected a dictionary"),
    ],
)
def test_an_incomplete_request_is_refused(
    kobo: SampleClient, method: str, path: str, body: object, message: str
) -> None:
    answer = send(kobo, method, path, body)

    assert (answer.status_code, message in answer.text) == (400, True)
    assert told(kobo) == []


@pytest.mark.parametrize(
    ("path", "body", "is_read_anew"),
    [
        ("{}/validation_status/", APPROVED, True),
        ("bulk/", {"data": {"country": "co"}}, True),
        ("validation_statuses/", APPROVED, False),
    ],
    ids=["one review", "edit", "many reviews"],
)
def test_what_saves_a_row_again_reads_it_by_the_form_of_now(
    serve: Serve,
    connect: Connect,
    path: str,
    body: dict[str, Any],
    *,
    is_read_anew: bool,
) -> None:
    kobo = connect(serve(with_two_rows(), clock=AFTER_REDEPLOY))

    for number in (1, 2):
        sent = body if "{}" in path else many(number, **body)
        send(kobo, "PATCH", path.format(number), sent).raise_for_status()

    one, two = kobo.get(kobo.data).json()["results"]
    assert ("kids" in one, "kids/kid" in one) == (not is_read_anew, is_read_anew)
    assert two["kids"] == TWO_KIDS["kids"]
    assert {one["__version__"], two["__version__"]} == {"vFirst"}


def test_a_row_edited_in_the_browser_loses_what_the_newest_form_does_not_ask(
    serve: Serve, connect: Connect
) -> None:
    server = serve(with_two_rows(), clock=AFTER_REDEPLOY)
    kobo = connect(server)
    before = kobo.get(f"{kobo.data}1/").json()
    version = server.service.projects_of(server.service.owner)[0].latest_version
    children = {"children": [{"children/kid": "Ana"}]}

    xml = edit_in_browser(UID, before, version, "an-edit", children)
    answer = upload(kobo, xml)

    after = kobo.get(f"{kobo.data}1/").json()
    assert (answer.status_code, before["kids"]) == (201, ONE_KID["kids"])
    assert not [path for path in after if path.startswith("kids")]
    assert after["children"] == children["children"]
    assert (after["__version__"], after["_uuid"]) == ("vSecond", "an-edit")
    assert after["_submission_time"] == before["_submission_time"]


def upload(kobo: SampleClient, xml: bytes) -> httpx.Response:
    files = {"xml_submission_file": ("submission.xml", xml, "text/xml")}
    return kobo.post("/submission", files=files)


@pytest.mark.parametrize(
    ("account", "changes", "status"),
    [
        ("owner", {}, 201),
        ("viewer", {}, 403),
        (None, {}, 401),
        ("owner", {"meta/deprecatedID": "uuid:never-heard-of"}, 404),
        ("owner", {"meta/instanceID": ""}, 400),
    ],
)
def test_a_submission_comes_in_over_http_with_the_next_id(
    server: KoboServer,
    connect: Connect,
    account: str | None,
    changes: dict[str, str],
    status: int,
) -> None:
    answers = {"hh/size": "3", "empty": " ", "meta/instanceID": "uuid:new", **changes}

    assert upload(connect(server, account), as_xml(UID, answers)).status_code == status

    kobo = connect(server)
    if status == 201:
        found = kobo.get(f"{kobo.data}13/").json()
        assert found["_submission_time"] == "2021-03-01T00:00:00"
        assert (found["hh/size"], found["_submitted_by"]) == ("3", "owner")
        assert "empty" not in found
    else:
        assert kobo.get(kobo.data).json()["count"] == 12


@pytest.mark.parametrize(
    "body",
    [as_xml("aNoSuchProject", {"a": "b"}), b"<not", as_xml(UID, {"a": "b"})],
    ids=["no project", "no XML", "no instance"],
)
def test_a_submission_that_cannot_be_read_is_refused(
    kobo: SampleClient, body: bytes
) -> None:
    assert upload(kobo, body).status_code in (400, 404)
    assert kobo.post("/submission").status_code == 400


def test_a_phone_may_date_its_submission_back(kobo: SampleClient) -> None:
    xml = as_xml(UID, {"meta/instanceID": "uuid:new"}).replace(
        b" id=", b' submissionDate="2020-05-01T10:00:00+02:00" id='
    )

    upload(kobo, xml)

    found = kobo.get(f"{kobo.data}13/").json()
    assert found["_submission_time"] == "2020-05-01T08:00:00"


@pytest.mark.parametrize("root", [{}, {"meta/rootUuid": "uuid:first"}], ids=str)
def test_what_was_edited_since_cannot_be_sent_in_as_new_again_unless_it_is_gone(
    kobo: SampleClient, root: dict[str, str]
) -> None:
    first = as_xml(UID, {"hh/size": "3", "meta/instanceID": "uuid:first", **root})
    edit = {"meta/instanceID": "uuid:edit", "meta/deprecatedID": "uuid:first"}
    assert upload(kobo, first).status_code == 201
    assert upload(kobo, first).status_code == 202
    assert upload(kobo, as_xml(UID, {"hh/size": "4", **edit})).status_code == 201

    answer = upload(kobo, first)

    assert (answer.status_code, "already exists" in answer.text) == (409, True)
    assert kobo.ids()[-2:] == [12, 13]
    assert kobo.get(f"{kobo.data}13/").json()["hh/size"] == "4"
    send(kobo, "DELETE", "13/")
    assert upload(kobo, first).status_code == 201
    assert kobo.get(f"{kobo.data}14/").json()["meta/rootUuid"] == "uuid:first"


def test_what_is_written_stays_when_the_clock_moves_on(
    server: KoboServer, kobo: SampleClient
) -> None:
    send(kobo, "DELETE", "3/")
    server.set_clock(AFTER_REDEPLOY)

    assert 3 not in kobo.ids()


def test_a_write_that_what_is_still_to_come_forbids_is_refused(
    serve: Serve, connect: Connect
) -> None:
    edit = Event(AFTER_REDEPLOY, "edit", 1, sample_record(1, 1))
    kobo = connect(serve(with_two_rows(edit), clock=NOW))

    answer = send(kobo, "DELETE", "1/")

    assert (answer.status_code, "still to come" in answer.text) == (501, True)
    assert kobo.ids() == [1, 2]
