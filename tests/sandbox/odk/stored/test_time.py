from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.odk import FormDataError, OdkServer
from sandbox.odk.acts import Sent
from sandbox.odk.for_tests.samples import (
    FIRST_DAY,
    FORM_ID,
    REDEPLOYED,
    Connect,
    OdkClient,
    Serve,
    number_of,
    root,
    sample_content,
    sample_form,
)

A_MINUTE = timedelta(minutes=1)


def system(odk: OdkClient, number: int) -> dict[str, Any]:
    block: dict[str, Any] = odk.row(number)["__system"]
    return block


def changed_since(odk: OdkClient, moment: datetime) -> list[int]:
    """Return what the call that finds changes finds."""
    since = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    fields = ("submissionDate", "updatedAt", "deletedAt")
    expression = " or ".join(f"__system/{name} ge {since}" for name in fields)
    return odk.numbers(filter=f"({expression})")


def later(server: OdkServer) -> datetime:
    """Let a minute pass; return the moment it then is."""
    server.set_clock(server.now + A_MINUTE)
    return server.now


def test_what_has_not_happened_yet_is_not_there(serve: Serve, connect: Connect) -> None:
    server = serve(clock=FIRST_DAY + timedelta(seconds=3, milliseconds=500))

    assert connect(server).numbers() == [3, 2, 1]


def test_before_its_first_version_a_form_has_no_data_and_viewers_do_not_see_it(
    serve: Serve, connect: Connect
) -> None:
    server = serve(clock=datetime(2020, 12, 31, tzinfo=UTC))
    admin, viewer = connect(server, "admin"), connect(server)

    (draft,) = admin.get("/v1/projects/1/forms").json()
    assert (draft["publishedAt"], bool(draft["draftToken"])) == (None, True)
    assert viewer.get("/v1/projects/1/forms").json() == []
    assert admin.ask().status_code == 404
    assert viewer.get(viewer.form).status_code == 404


def test_an_edit_keeps_what_identifies_a_submission(
    server: OdkServer, odk: OdkClient
) -> None:
    before = odk.row(3)
    moment = later(server)

    new_id = server.acts.edit(FORM_ID, root(3), Sent({"country": "mx", "extra": "now"}))

    after = odk.row(3)
    assert after["__id"] == before["__id"]
    assert after["meta"]["instanceID"] == new_id
    assert (after["country"], after["extra"], after["home"]["size"]) == ("mx", "now", 3)
    kept = ("submissionDate", "submitterId", "submitterName", "formVersion")
    assert [after["__system"][name] for name in kept] == [
        before["__system"][name] for name in kept
    ]
    assert after["__system"]["formVersion"] == "1"
    assert after["__system"]["edits"] == 1
    assert after["__system"]["reviewState"] == "edited"
    assert after["__system"]["updatedAt"] == f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
    assert changed_since(odk, moment) == [3]


def test_an_edit_undoes_a_review_and_a_review_an_edit(
    server: OdkServer, odk: OdkClient
) -> None:
    server.acts.review(FORM_ID, root(1), "approved")
    assert system(odk, 1)["reviewState"] == "approved"

    server.acts.edit(FORM_ID, root(1), Sent({"home/size": "9"}))
    assert system(odk, 1)["reviewState"] == "edited"

    server.acts.review(FORM_ID, root(1), None)
    assert system(odk, 1)["reviewState"] is None


def test_a_new_submission_has_no_updated_at(server: OdkServer, odk: OdkClient) -> None:
    moment = later(server)
    server.acts.submit(FORM_ID, Sent({"home/size": "1"}, by="someone new"))

    found = odk.rows(top=1)[0]["__system"]

    assert (found["updatedAt"], found["submitterName"]) == (None, "someone new")
    assert found["formVersion"] == "2"
    since = f"__system/submissionDate ge {moment:%Y-%m-%dT%H:%M:%SZ}"
    assert len(odk.rows(filter=since)) == 1


def test_the_trash_is_emptied_after_thirty_days(
    server: OdkServer, connect: Connect
) -> None:
    server.acts.delete(FORM_ID, root(3))
    in_trash = "__system/deletedAt ne null"

    server.set_clock(REDEPLOYED + timedelta(days=30) - timedelta(seconds=1))
    odk = connect(server)
    assert odk.numbers(filter=in_trash) == [3]
    assert odk.ask(f"('{root(3)}')").status_code == 404

    server.set_clock(REDEPLOYED + timedelta(days=30))
    assert odk.numbers(filter=in_trash) == []
    assert 3 not in odk.numbers()


@pytest.mark.parametrize("forced", [False, True])
def test_what_is_purged_cannot_be_restored(server: OdkServer, forced: bool) -> None:  # noqa: FBT001 - two cases
    server.acts.delete(FORM_ID, root(3))
    if forced:
        server.acts.purge(FORM_ID, root(3))
    else:
        server.set_clock(REDEPLOYED + timedelta(days=31))

    with pytest.raises(FormDataError, match="it is not there"):
        server.acts.restore(FORM_ID, root(3))


def test_a_restore_moves_no_timestamp(server: OdkServer, odk: OdkClient) -> None:
    before = odk.row(3)
    server.acts.delete(FORM_ID, root(3))
    moment = later(server)

    server.acts.restore(FORM_ID, root(3))

    assert odk.row(3) == before
    assert changed_since(odk, moment) == []


def test_a_late_file_moves_no_timestamp(serve: Serve, connect: Connect) -> None:
    server = serve(sample_form(row_3={"photo": "a.png"}))
    odk = connect(server)
    assert system(odk, 3)["attachmentsPresent"] == 0
    assert system(odk, 3)["attachmentsExpected"] == 1
    moment = later(server)
    tag = odk.ask().headers["ETag"]

    server.acts.attach(FORM_ID, root(3), "a.png")

    assert system(odk, 3)["attachmentsPresent"] == 1
    assert changed_since(odk, moment) == []
    assert odk.get(odk.table, headers={"If-None-Match": tag}).status_code == 304


def test_a_file_that_is_cleared_moves_no_timestamp(
    serve: Serve, connect: Connect
) -> None:
    server = serve(sample_form(row_3={"photo": "a.png"}))
    odk = connect(server)
    server.acts.attach(FORM_ID, root(3), "a.png")
    moment = later(server)
    tag = odk.ask().headers["ETag"]

    server.acts.clear(FORM_ID, root(3), "a.png")

    assert system(odk, 3)["attachmentsPresent"] == 0
    assert system(odk, 3)["attachmentsExpected"] == 1
    assert changed_since(odk, moment) == []
    assert odk.get(odk.table, headers={"If-None-Match": tag}).status_code == 304
    with pytest.raises(FormDataError, match="no such file is there"):
        server.acts.clear(FORM_ID, root(3), "a.png")


def test_a_new_version_moves_no_timestamp_and_no_tag(
    server: OdkServer, odk: OdkClient
) -> None:
    tag = odk.ask().headers["ETag"]
    moment = later(server)
    newest = sample_content({"name": "newest", "type": "text"})

    server.acts.publish(FORM_ID, "3", newest)

    assert odk.row(3)["newest"] is None
    assert changed_since(odk, moment) == []
    assert odk.get(odk.table, headers={"If-None-Match": tag}).status_code == 304


def test_a_slow_upload_appears_behind_rows_that_overtook_it(
    server: OdkServer, odk: OdkClient
) -> None:
    slow = server.acts.submit(FORM_ID, Sent({}, upload_lasts=timedelta(minutes=5)))
    began_at = server.now
    later(server)
    fast = server.acts.submit(FORM_ID, Sent({}))
    assert [row["__id"] for row in odk.rows(top=2)] == [fast, root(12)]

    server.set_clock(began_at + timedelta(minutes=5))

    first, second = odk.rows(top=2)
    assert [first["__id"], second["__id"]] == [fast, slow]
    assert second["__system"]["submissionDate"] < first["__system"]["submissionDate"]


def test_a_closed_form_is_read_and_a_deleted_one_is_gone(
    server: OdkServer, odk: OdkClient, connect: Connect
) -> None:
    server.acts.close_form(FORM_ID)
    assert odk.get(odk.form).json()["state"] == "closed"
    assert len(odk.numbers()) == 12

    server.acts.delete_form(FORM_ID)
    admin = connect(server, "admin")
    assert admin.ask().status_code == 404
    assert admin.get(admin.form).status_code == 404
    (trashed,) = admin.get("/v1/projects/1/forms?deleted=true").json()
    assert trashed["deletedAt"]


@pytest.mark.parametrize(
    ("version", "content", "reason"),
    [
        ("2", sample_content(), "409.6"),
        ("3", sample_content({"name": "extra", "type": "integer"}), "400.17"),
    ],
)
def test_a_version_that_central_refuses_is_refused(
    server: OdkServer, version: str, content: dict[str, Any], reason: str
) -> None:
    with pytest.raises(FormDataError, match=reason):
        server.acts.publish(FORM_ID, version, content)


def test_a_submission_cannot_be_of_a_version_to_come() -> None:
    form = sample_form(row_1={"__version__": "vSecond"})

    with pytest.raises(FormDataError, match="2 is not published yet"):
        OdkServer([form], clock=REDEPLOYED)


def test_nothing_can_be_done_twice_or_out_of_turn(server: OdkServer) -> None:
    acts = server.acts

    with pytest.raises(FormDataError, match="not in the trash"):
        acts.restore(FORM_ID, root(3))
    acts.delete(FORM_ID, root(3))
    with pytest.raises(FormDataError, match="in the trash"):
        acts.delete(FORM_ID, root(3))
    with pytest.raises(FormDataError, match="announced no file"):
        acts.attach(FORM_ID, root(4), "a.png")
    with pytest.raises(FormDataError, match="never had a version 9"):
        acts.submit(FORM_ID, Sent({}, version="9"))
    with pytest.raises(FormDataError, match="There is no form none"):
        acts.close_form("none")


def test_the_clock_goes_back_and_what_was_done_is_undone(
    server: OdkServer, odk: OdkClient
) -> None:
    later(server)
    server.acts.submit(FORM_ID, Sent({}))
    server.set_clock(server.now - A_MINUTE)

    assert [number_of(row["__id"]) for row in odk.rows(top=1)] == [12]
