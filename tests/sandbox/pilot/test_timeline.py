from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sandbox.pilot import Event, Pilot
from sandbox.pilot.records.submissions import Submission, events_by_role

CUTOFF = datetime(2021, 9, 30, 23, 59, 59, tzinfo=UTC)
SECOND_PULL = datetime(2022, 5, 31, tzinfo=UTC)


def all_events(pilot: Pilot) -> list[Event]:
    return [event for form in pilot.forms for event in form.events]


def test_ids_are_unique_across_forms_and_follow_arrival(pilot: Pilot) -> None:
    added = [event for event in all_events(pilot) if event.kind == "add"]
    added.sort(key=lambda event: event.submission_id)
    ids = [event.submission_id for event in added]
    assert len(set(ids)) == len(ids)
    assert [event.at for event in added] == sorted(event.at for event in added)
    assert any(later - earlier > 1 for earlier, later in pairwise(ids))


def test_events_of_a_form_are_sorted_by_time(pilot: Pilot) -> None:
    for form in pilot.forms:
        times = [event.at for event in form.events]
        assert times == sorted(times)


def test_every_event_happens_before_the_second_pull(pilot: Pilot) -> None:
    assert max(event.at for event in all_events(pilot)) < SECOND_PULL


def test_a_record_carries_the_time_and_id_of_its_event(pilot: Pilot) -> None:
    for event in all_events(pilot):
        if event.kind == "add":
            assert event.record is not None
            assert event.record["_id"] == event.submission_id
            assert event.record["_submission_time"] == f"{event.at:%Y-%m-%dT%H:%M:%S}"
            assert "_validation_status" not in event.record


def test_reviews_come_within_two_days_and_before_the_release(pilot: Pilot) -> None:
    for form in pilot.forms:
        received = {e.submission_id: e.at for e in form.events if e.kind == "add"}
        for event in form.events:
            if event.kind == "review":
                arrived = received[event.submission_id]
                assert timedelta(0) < event.at - arrived <= timedelta(days=2)
                assert event.at <= CUTOFF or arrived > CUTOFF


def test_no_other_form_changes_after_it_was_sent(pilot: Pilot) -> None:
    for form in pilot.forms:
        if form.role != "journal":
            assert {event.kind for event in form.events} == {"add", "review"}


def test_a_journal_comes_after_the_month_it_is_about(pilot: Pilot) -> None:
    true_month = {
        row["root_id"]: row["journal_month"] for row in pilot.truth.tables["mess"]
    }
    for event in pilot.form("journal").events:
        if event.record is not None:
            root_id = event.record["meta/rootUuid"].removeprefix("uuid:")
            month = true_month.get(root_id) or str(event.record["ref_month"])
            assert event.record["_submission_time"][:7] > month[:7]


def test_what_came_an_hour_before_the_cut_off_is_reviewed_before_it() -> None:
    received_at = CUTOFF - timedelta(hours=1)
    sent = [
        Submission("journal", {"meta/rootUuid": f"uuid:{number}"}, received_at)
        for number in range(20)
    ]
    reviews = [e for e in events_by_role(sent)["journal"] if e.kind == "review"]
    assert len(reviews) == 20
    assert all(received_at < event.at <= CUTOFF for event in reviews)
