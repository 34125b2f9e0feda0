from collections import Counter

from sandbox.kobo import KoboServer
from sandbox.odk import OdkServer
from sandbox.pilot import Pilot
from sandbox.pilot.model import Form
from sandbox.pilot.sites import split_by_sites

PHILIPPINES = ("PH-01", "PH-02")


def added(form: Form) -> set[int]:
    return {one.submission_id for one in form.events if one.kind == "add"}


def test_every_event_of_a_submission_is_in_exactly_one_part(pilot: Pilot) -> None:
    within, outside = split_by_sites(pilot.forms, PHILIPPINES)

    for form, one, other in zip(pilot.forms, within, outside, strict=True):
        assert len(one.events) + len(other.events) == len(form.events)
        assert added(one) | added(other) == added(form)
        assert not added(one) & added(other)
        assert {event.submission_id for event in one.events} == added(one)


def test_a_part_has_its_sites_alone_mistyped_family_codes_too(pilot: Pilot) -> None:
    within, outside = split_by_sites(pilot.forms, PHILIPPINES)
    countries = Counter(
        event.record["country"]
        for form in within
        for event in form.events
        if event.record
    )
    journal = next(form for form in within if form.role == "journal")
    codes = {one.record["family_code"] for one in journal.events if one.record}

    assert set(countries) == {"ph"}
    assert any(code.startswith("TEST-") for code in codes)
    assert any("O" in code.removeprefix("PH") for code in codes), "none is mistyped"
    assert not any(
        one.record["country"] == "ph"
        for form in outside
        for one in form.events
        if one.record
    )


def test_both_parts_can_be_served(pilot: Pilot) -> None:
    within, outside = split_by_sites(pilot.forms, PHILIPPINES)
    last = max(event.at for form in pilot.forms for event in form.events)

    with OdkServer(within, clock=last) as odk, KoboServer(outside, clock=last) as kobo:
        live = [len(state.live) for state in odk.service.states()]
        projects = kobo.service.projects_of(kobo.service.owner)

    gone = sum(event.kind == "delete" for form in pilot.forms for event in form.events)
    everything = sum(len(added(form)) for form in pilot.forms)
    assert sum(live) + sum(len(one.rows) for one in projects) == everything - gone
