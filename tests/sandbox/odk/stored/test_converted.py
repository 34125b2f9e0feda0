from datetime import UTC, datetime, timedelta

import pytest

from sandbox.odk import FormDataError, OdkServer
from sandbox.odk.for_tests.samples import (
    FORM_ID,
    Connect,
    Serve,
    instance,
    root,
    sample_form,
    sample_record,
)
from sandbox.odk.stored.converted import central_form
from sandbox.pilot import Pilot
from sandbox.pilot.model import Event

FEBRUARY = datetime(2021, 2, 10, tzinfo=UTC)
REVIEWER = "admin@example.org"
END = datetime(2022, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def pilot_server(pilot: Pilot) -> OdkServer:
    """Return a server of the pilot that is asked without HTTP."""
    server = OdkServer(pilot.forms, clock=END)
    server.start().stop()
    return server


def test_reviews_are_called_as_central_calls_them(
    serve: Serve, connect: Connect
) -> None:
    reviews = ("approved", "not_approved", "on_hold", None)
    events = [
        Event(FEBRUARY, "review", number, review=review)
        for number, review in enumerate(reviews, start=1)
    ]
    odk = connect(serve(sample_form(*events)))

    found = [odk.row(number)["__system"]["reviewState"] for number in range(1, 5)]

    assert found == ["approved", "rejected", "hasIssues", None]


def test_an_edit_that_kobo_keeps_approved_is_edited_on_central(
    serve: Serve, connect: Connect
) -> None:
    edited = sample_record(1, 1, {"home/size": "7"})
    odk = connect(
        serve(
            sample_form(
                Event(FEBRUARY, "review", 1, review="approved"),
                Event(FEBRUARY + timedelta(days=1), "edit", 1, edited),
            )
        )
    )

    row = odk.row(1)

    assert row["__system"]["reviewState"] == "edited"
    assert row["meta"]["instanceID"] == f"uuid:{instance(1, 1)}"
    assert row["home"]["size"] == 7


def test_what_only_kobo_knows_is_not_in_the_xml(serve: Serve, connect: Connect) -> None:
    odk = connect(serve())

    xml = odk.get(f"{odk.form}/submissions/{root(1)}.xml").text

    assert not any(name in xml for name in ("formhub", "__version__", "rootUuid"))
    assert f'id="{FORM_ID}" version="1"' in xml


def test_files_that_kobo_has_are_there(serve: Serve, connect: Connect) -> None:
    files = [{"filename": "owner/attachments/x/a.png", "media_file_basename": "a.png"}]
    answers = {"photo": "a.png", "_attachments": files}

    odk = connect(serve(sample_form(row_1=answers)))

    assert odk.row(1)["__system"]["attachmentsPresent"] == 1


def test_a_submission_of_an_unknown_version_is_refused() -> None:
    form = sample_form(row_1={"__version__": "vOther"})

    with pytest.raises(FormDataError, match="Submission 1 is of no version: vOther"):
        central_form(form, REVIEWER)


def test_the_pilot_is_served_whole(pilot: Pilot, pilot_server: OdkServer) -> None:
    for form in pilot.forms:
        added = {one.submission_id for one in form.events if one.kind == "add"}
        deleted = {one.submission_id for one in form.events if one.kind == "delete"}
        state = pilot_server.service.state(form.uid)

        assert len(state.live) == len(added - deleted)


def test_of_the_philippines_journals_nine_are_edited_that_kobo_keeps_approved(
    pilot: Pilot, pilot_server: OdkServer
) -> None:
    state = pilot_server.service.state(pilot.form("journal").uid)

    edited = [
        one.current.instance.answers["family_code"]
        for one in state.live
        if one.review == "edited" and one.current.instance.answers["country"] == "ph"
    ]

    assert len(edited) == 9
