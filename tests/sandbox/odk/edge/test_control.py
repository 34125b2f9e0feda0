from typing import Any

import pytest

from sandbox.odk import OdkServer
from sandbox.odk.for_tests.samples import FORM_ID, OdkClient, root, sample_content

EVENTS = "/sandbox/events"


def tell(odk: OdkClient, kind: str, **more: Any) -> Any:  # noqa: ANN401 - JSON
    body = {"kind": kind, "form": FORM_ID, **more}
    answer = odk.post(EVENTS, json=body).raise_for_status()
    return answer.json()["id"]


def test_the_clock_moves_on_over_http(odk: OdkClient) -> None:
    body = {"now": "2021-03-01T01:00:03+01:00"}

    answer = odk.post("/sandbox/clock", json=body)

    assert answer.json() == {"now": "2021-03-01T00:00:03Z"}
    assert odk.ask(top=1).headers["date"] == "Mon, 01 Mar 2021 00:00:03 GMT"


def test_a_submission_is_sent_edited_and_deleted_over_http(odk: OdkClient) -> None:
    root_id = tell(odk, "submit", answers={"home/size": "4"}, by="a tablet")
    new_id = tell(odk, "edit", id=root_id, answers={"home/size": "5"})

    row = odk.rows(top=1)[0]
    assert (row["__id"], row["home"]["size"]) == (root_id, 5)
    assert row["meta"]["instanceID"] == new_id
    assert row["__system"]["submitterName"] == "a tablet"
    tell(odk, "review", id=root_id, review="rejected")
    assert odk.rows(top=1)[0]["__system"]["reviewState"] == "rejected"
    tell(odk, "delete", id=root_id)
    assert odk.numbers(top=1) == [12]
    tell(odk, "restore", id=root_id)
    assert odk.rows(top=1)[0]["__id"] == root_id
    tell(odk, "delete", id=root_id)
    tell(odk, "purge", id=root_id)
    assert len(odk.numbers(filter="__system/deletedAt ne null")) == 0


def test_a_slow_upload_a_late_file_and_a_new_version_are_told_over_http(
    server: OdkServer, odk: OdkClient
) -> None:
    answers = {"photo": "a.png"}
    slow = tell(odk, "submit", answers=answers, upload_seconds=60)
    assert odk.numbers(top=1) == [12]
    odk.post("/sandbox/clock", json={"now": "2021-03-01T00:01:00Z"})

    tell(odk, "attach", id=slow, name="a.png")
    tell(odk, "publish", version="3", content=sample_content())

    row = odk.rows(top=1)[0]
    assert (row["__id"], row["__system"]["attachmentsPresent"]) == (slow, 1)
    tell(odk, "clear", id=slow, name="a.png")
    assert odk.rows(top=1)[0]["__system"]["attachmentsPresent"] == 0
    assert odk.get(odk.form).json()["version"] == "3"
    tell(odk, "close_form")
    assert server.service.is_closed(FORM_ID)
    tell(odk, "delete_form")
    assert odk.ask().status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "status", "named"),
    [
        ("clock", {"now": "2021-02-01T00:00:03"}, 400, "refuses now:"),
        ("faults", [{"kind": "earthquake"}], 400, "refuses 0.kind:"),
        ("faults", [{"kind": "slow", "path": "("}], 400, "refuses 0.path:"),
        ("events", {"kind": "edit", "form": FORM_ID}, 400, "edit needs id"),
        ("events", {"kind": "sing", "form": FORM_ID}, 400, "refuses kind:"),
        ("events", {"kind": "close_form", "form": "none"}, 409, "no form none"),
        (
            "events",
            {"kind": "restore", "form": FORM_ID, "id": root(1)},
            409,
            "not in the trash",
        ),
        ("nothing", {}, 404, "/sandbox/events"),
    ],
)
def test_a_wrong_order_is_refused_with_the_reason(
    odk: OdkClient, path: str, body: object, status: int, named: str
) -> None:
    answer = odk.post(f"/sandbox/{path}", json=body)

    assert answer.status_code == status
    assert named in answer.json()["detail"]


def test_faults_are_set_and_taken_back_over_http(odk: OdkClient) -> None:
    odk.post("/sandbox/faults", json=[{"kind": "server_error", "count": None}])
    assert odk.ask().status_code == 500

    odk.post("/sandbox/faults", json=[])
    assert odk.ask().status_code == 200


def test_requests_served_are_listed_without_tokens(
    server: OdkServer, odk: OdkClient
) -> None:
    odk.get("/v1/projects")

    answer = odk.get("/sandbox/requests")

    assert answer.json() == [
        {"method": "GET", "path": "/v1/projects", "status": 200, "faults": []}
    ]
    assert odk.delete("/sandbox/requests").status_code == 204
    assert server.requests == []
