from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.kobo import FormDataError
from sandbox.kobo.for_tests.samples import Connect, Serve, sample_form, sample_record
from sandbox.pilot.model import Event, Form

BEFORE_REDEPLOY = datetime(2021, 2, 15, tzinfo=UTC)
REDEPLOY = datetime(2021, 3, 1, tzinfo=UTC)
AFTER_REDEPLOY = datetime(2021, 3, 2, 10, 30, 5, 700_000, tzinfo=UTC)
LONG_AFTER = datetime(2021, 4, 1, tzinfo=UTC)
ONE_KID = {"kids": [{"kids/kid": "Ana"}]}
TWO_KIDS = {"kids": [{"kids/kid": "Ana"}, {"kids/kid": "Luz"}]}


def with_two_rows(*more: Event) -> Form:
    """Two rows with the repeat `kids`, which the second version renames."""
    one = Event(BEFORE_REDEPLOY, "add", 1, sample_record(1, answers=ONE_KID))
    two = Event(BEFORE_REDEPLOY, "add", 2, sample_record(2, answers=TWO_KIDS))
    form: Form = sample_form(one, two, *more, rows=0)
    return form


def test_only_what_has_happened_by_the_clock_is_served(
    serve: Serve, connect: Connect
) -> None:
    form = sample_form()
    server = serve(form, clock=form.events[4].at)
    kobo = connect(server)

    assert kobo.ids() == [1, 2, 3, 4, 5]

    server.set_clock(form.events[7].at)

    assert kobo.ids() == [1, 2, 3, 4, 5, 6, 7, 8]


def test_an_edit_keeps_the_id_and_changes_the_uuid(
    serve: Serve, connect: Connect
) -> None:
    edit = Event(AFTER_REDEPLOY, "edit", 1, sample_record(1, 1, {"hh/size": "5"}))
    server = serve(with_two_rows(edit), clock=BEFORE_REDEPLOY)
    kobo = connect(server)
    before = kobo.get(f"{kobo.data}1/").json()

    server.set_clock(LONG_AFTER)
    after = kobo.get(f"{kobo.data}1/").json()

    assert after["hh/size"] == "5"
    assert after["_uuid"] != before["_uuid"]
    assert after["meta/deprecatedID"] == before["meta/instanceID"]
    for key in ("_id", "_submission_time", "meta/rootUuid", "_submitted_by"):
        assert after[key] == before[key]


def test_a_review_outlives_an_edit_and_can_be_taken_back(
    serve: Serve, connect: Connect
) -> None:
    review = Event(AFTER_REDEPLOY, "review", 1, review="on_hold")
    edit = Event(AFTER_REDEPLOY, "edit", 1, sample_record(1, 1))
    taken_back = Event(LONG_AFTER, "review", 1)
    form = with_two_rows(review, edit, taken_back)
    server = serve(form, clock=LONG_AFTER - timedelta(seconds=1))
    kobo = connect(server)

    assert kobo.get(f"{kobo.data}1/").json()["_validation_status"] == {
        "timestamp": int(AFTER_REDEPLOY.timestamp()),
        "uid": "validation_status_on_hold",
        "by_whom": "owner",
        "label": "On Hold",
    }

    server.set_clock(LONG_AFTER)

    assert kobo.get(f"{kobo.data}1/").json()["_validation_status"] == {}


def test_a_deletion_leaves_a_hole_and_nothing_else(
    serve: Serve, connect: Connect
) -> None:
    deletion = Event(AFTER_REDEPLOY, "delete", 1)
    server = serve(with_two_rows(deletion), clock=LONG_AFTER)
    kobo = connect(server)

    detail = kobo.get(kobo.asset).json()
    counts = kobo.get(f"{kobo.asset}counts/", params={"days": 400}).json()

    assert kobo.ids() == [2]
    assert kobo.get(f"{kobo.data}1/").status_code == 404
    assert detail["deployment__submission_count"] == 1
    assert counts["total_submission_count"] == 1
    assert counts["daily_submission_counts"] == {"2021-02-01": 2}


@pytest.mark.parametrize("kind", ["review", "edit"])
def test_a_row_saved_again_after_its_repeat_was_removed_turns_flat_if_it_has_one_item(
    serve: Serve, connect: Connect, kind: str
) -> None:
    answers = {1: ONE_KID, 2: TWO_KIDS}
    again = [
        Event(AFTER_REDEPLOY, "review", number, review="approved")
        if kind == "review"
        else Event(
            AFTER_REDEPLOY, "edit", number, sample_record(number, 1, answers[number])
        )
        for number in (1, 2)
    ]
    server = serve(with_two_rows(*again), clock=REDEPLOY)
    kobo = connect(server)

    assert kobo.get(f"{kobo.data}1/").json()["kids"] == ONE_KID["kids"]

    server.set_clock(LONG_AFTER)
    one, two = kobo.get(kobo.data).json()["results"]

    assert "kids" not in one
    assert one["kids/kid"] == "Ana"
    assert two["kids"] == TWO_KIDS["kids"]


def test_a_version_is_seen_once_it_is_deployed(serve: Serve, connect: Connect) -> None:
    server = serve(sample_form(), clock=REDEPLOY - timedelta(seconds=1))
    kobo = connect(server)

    def versions() -> list[str]:
        found = kobo.get(f"{kobo.asset}versions/").json()["results"]
        return [row["uid"] for row in found]

    before = kobo.get("/api/v2/assets/hash/").json()
    assert versions() == ["vFirst"]
    assert kobo.get(f"{kobo.asset}versions/vSecond/").status_code == 404

    server.set_clock(REDEPLOY)

    assert versions() == ["vSecond", "vFirst"]
    assert kobo.get(kobo.asset).json()["deployed_version_id"] == "vSecond"
    assert kobo.get("/api/v2/assets/hash/").json() != before


def test_the_history_tells_when_and_of_which_root_but_not_which_id(
    serve: Serve, connect: Connect
) -> None:
    events = (
        Event(AFTER_REDEPLOY, "edit", 1, sample_record(1, 1)),
        Event(AFTER_REDEPLOY, "review", 1, review="approved"),
        Event(LONG_AFTER, "delete", 2),
    )
    server = serve(with_two_rows(*events), clock=LONG_AFTER)
    kobo = connect(server)

    params = {"q": '(NOT action:add-submission) AND date_created__gt:"2021-03-01"'}
    rows = kobo.get(f"{kobo.asset}history/", params=params).json()["results"]

    told = [
        (
            row["action"],
            row["date_created"],
            row["metadata"]["submission"].get("status"),
        )
        for row in rows
        if "submission" in row["metadata"]
    ]
    assert told == [
        ("delete-submission", "2021-04-01T00:00:00Z", None),
        ("modify-submission", "2021-03-02T10:30:05Z", "Approved"),
        ("modify-submission", "2021-03-02T10:30:05Z", None),
    ]
    assert "_id" not in rows[0]["metadata"]["submission"]


def test_history_is_forgotten_after_744_days(serve: Serve, connect: Connect) -> None:
    form = sample_form()
    server = serve(form, clock=form.events[0].at + timedelta(days=744))
    kobo = connect(server)
    params = {"q": "action:add-submission"}

    assert kobo.get(f"{kobo.asset}history/", params=params).json()["count"] == 12

    server.set_clock(form.events[0].at + timedelta(days=744, seconds=1))

    assert kobo.get(f"{kobo.asset}history/", params=params).json()["count"] == 11


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"_submission_time": "2021-02-02T00:00:00"}, "changes _submission_time"),
        ({"meta/rootUuid": "uuid:other"}, "changes meta/rootUuid"),
        ({"_uuid": "00000000-0000-4000-8000-000001000000"}, "keeps _uuid"),
        ({"meta/deprecatedID": "uuid:other"}, "is not the instanceID before"),
        ({"_id": 2}, "has another _id"),
    ],
)
def test_an_edit_no_real_server_would_make_is_refused(
    serve: Serve,
    changes: dict[str, Any],
    reason: str,
) -> None:
    edit = Event(AFTER_REDEPLOY, "edit", 1, {**sample_record(1, 1), **changes})

    with pytest.raises(FormDataError, match=reason):
        serve(with_two_rows(edit))


def test_events_that_cannot_follow_one_another_are_refused(serve: Serve) -> None:
    with pytest.raises(FormDataError, match="absent"):
        serve(sample_form(Event(AFTER_REDEPLOY, "delete", 99)))
    with pytest.raises(FormDataError, match="there already"):
        serve(sample_form(Event(AFTER_REDEPLOY, "add", 1, sample_record(1))))
    with pytest.raises(FormDataError, match="not in order of time"):
        serve(sample_form(Event(REDEPLOY - timedelta(days=50), "delete", 1)))
