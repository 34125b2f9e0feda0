"""People edit, review, delete and send over HTTP between pulls; raw follows them."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from ingestion.landing import LandingReport
from sandbox.kobo import KoboServer
from sandbox.kobo.for_tests.browser import edit_in_browser
from sandbox.kobo.stored.xform import as_xml
from tests.ingestion.conftest import Rows
from tests.ingestion.landing.stage import Stage
from tests.ingestion.small_forms import NEW, OLD, UID, Life, day, forty

DATA = f"/api/v2/assets/{UID}/data/"
APPROVED = {"validation_status.uid": "validation_status_approved"}
ON_HOLD = {"validation_status.uid": "validation_status_on_hold"}
LATEST = """
select distinct on (submission_id)
    submission_id, change_code, review_state_code, payload, answers, known_at
from raw.forms__journals
order by submission_id, version_number desc
"""


class Person:
    """Somebody with all rights who works on the project, at the server's time."""

    def __init__(self, stage: Stage, server: KoboServer) -> None:
        self.stage = stage
        self.server = server
        headers = {"Authorization": f"Token {server.token}"}
        self.client = httpx.Client(base_url=server.url, headers=headers, timeout=10)

    def at(self, on_day: float) -> None:
        self.server.set_clock(day(on_day))

    def do(self, method: str, path: str, body: object = None) -> int:
        return self.client.request(method, f"{DATA}{path}", json=body).status_code

    def do_to_many(self, method: str, path: str, *ids: int, **more: Any) -> int:  # noqa: ANN401 - JSON
        return self.do(method, path, {"payload": {"submission_ids": ids, **more}})

    def row(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"{DATA}{number}/").json()
        return found

    def send(self, xml: bytes) -> int:
        files = {"xml_submission_file": ("submission.xml", xml, "text/xml")}
        return self.client.post("/submission", files=files).status_code

    def pull(self, on_day: float) -> LandingReport:
        self.at(on_day)
        return self.stage.land(self.server)

    def rows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]]
        found = self.client.get(DATA, params={"limit": 1000}).json()["results"]
        return found


@pytest.fixture
def person(stage: Stage) -> Iterator[Person]:
    person = Person(stage, stage.serve(forty(Life()), 15))
    with person.client:
        yield person


def assert_raw_is_what_the_server_has(person: Person, rows: Rows) -> None:
    live = {
        row["submission_id"]: (row["payload"], row["review_state_code"])
        for row in rows(LATEST)
        if row["change_code"] != "deleted"
    }
    assert live == {
        str(row["_id"]): (
            row,
            row["_validation_status"].get("uid", "validation_status_none")[18:],
        )
        for row in person.rows()
    }


def changes(report: LandingReport) -> tuple[int, int, int, int]:
    return (report.new, report.edited, report.reviewed, report.deleted)


def test_raw_is_what_the_server_has_after_every_pull(
    person: Person, rows: Rows
) -> None:
    assert changes(person.pull(15)) == (40, 0, 0, 0)
    assert_raw_is_what_the_server_has(person, rows)

    person.at(20)
    later = {"ref_month": "2021-03-01"}
    assert person.do_to_many("PATCH", "bulk/", 3, 4, data=later) == 200
    assert person.do("PATCH", "4/validation_status/", APPROVED) == 200
    assert person.do("PATCH", "5/validation_status/", APPROVED) == 200
    assert person.do_to_many("PATCH", "validation_statuses/", 6, 7, **ON_HOLD) == 200
    assert person.do("DELETE", "8/") == 204
    assert person.do_to_many("DELETE", "bulk/", 9) == 200
    assert changes(person.pull(20.5)) == (0, 2, 3, 2)
    assert_raw_is_what_the_server_has(person, rows)
    moved = [row for row in rows(LATEST) if row["known_at"] > day(15)]
    assert {row["known_at"] for row in moved} == {day(20)}
    assert len(moved) == 7

    person.at(21)
    assert person.do("DELETE", "5/validation_status/") == 204
    assert person.do_to_many("DELETE", "bulk/", 10, 11, 999) == 400
    born = {"family_code": "MX-01-0099", "meta/instanceID": "uuid:born-on-day-21"}
    assert person.send(as_xml(UID, {**born, "__version__": OLD})) == 201
    assert changes(person.pull(21.5)) == (1, 0, 1, 0)
    assert_raw_is_what_the_server_has(person, rows)


def test_what_a_redeploy_does_to_rows_saved_again_is_followed(
    person: Person, rows: Rows
) -> None:
    person.pull(15)
    before = {row["submission_id"]: row["answers"] for row in rows(LATEST)}
    person.at(55)  # the second version has another repeat since day 50
    project = person.server.service.projects_of(person.server.service.owner)[0]
    gross = {"income/sources": [{"income/sources/gross": "70"}]}
    xml = edit_in_browser(UID, person.row(3), project.latest_version, "edited", gross)
    later = {"ref_month": "2021-03-01"}

    assert person.do("PATCH", "1/validation_status/", APPROVED) == 200
    assert person.do_to_many("PATCH", "bulk/", 2, data=later) == 200
    assert person.send(xml) == 201
    report = person.pull(56)

    assert changes(report) == (0, 2, 1, 0)
    assert_raw_is_what_the_server_has(person, rows)
    one, two, three = (person.row(number) for number in (1, 2, 3))
    assert [row.get("fuentes/bruto") for row in (one, two, three)] == [
        "100",
        "100",
        None,
    ]
    assert [row["__version__"] for row in (one, two, three)] == [OLD, OLD, NEW]
    after = {row["submission_id"]: row["answers"] for row in rows(LATEST)}
    assert after["1"] == before["1"]
    assert after["2"] == {**before["2"], "reported_month": "2021-03-01"}
    assert after["3"] == {**before["3"], "income_sources": [{"gross_local": 70}]}


def test_a_review_taken_back_before_we_look_is_no_change_though_the_row_was_rewritten(
    person: Person, rows: Rows
) -> None:
    person.pull(15)
    before = rows(LATEST)
    person.at(55)
    person.do("PATCH", "1/validation_status/", APPROVED)
    person.do("DELETE", "1/validation_status/")

    assert "fuentes" not in person.row(1)
    assert person.pull(56).changed == 0
    assert rows(LATEST) == before
