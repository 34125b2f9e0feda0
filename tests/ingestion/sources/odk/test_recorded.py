"""Real exchanges of a real server read as the story that was recorded."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingestion.errors import SourceIncompleteError, SourceRejectedError
from ingestion.sources.base import Rejected, Submission
from ingestion.sources.odk import OdkSource, read_answers
from ingestion.sources.odk.xform import read_questions
from ingestion.sources.odk.xml_names import META
from tests.ingestion.sources.odk.pretend import FORM_PATH, Central

Recorded = Callable[[str], Any]
REPEATS = ["economy/income_source"]


@pytest.fixture
def recorded(shared_folder: Path) -> Recorded:
    folder = shared_folder / "sources" / "odk_recorded"
    if not folder.is_dir():
        pytest.skip("no recordings of ODK Central beside this checkout")

    def body(name: str) -> Any:  # noqa: ANN401 - as JSON is
        response = json.loads((folder / f"{name}.json").read_text())["response"]
        return response.get("body_text") or response["body"]

    return body


class Replay(Central):
    """A pretended Central whose lists of submissions are recorded pages in turn."""

    def __init__(self, *pages: Any) -> None:  # noqa: ANN401 - as JSON is
        super().__init__()
        self.pages = list(pages)

    def _page(self, params: dict[str, str]) -> httpx.Response:
        self.params = params
        return httpx.Response(200, json=self.pages.pop(0))


def everything(source: OdkSource) -> dict[str, Submission]:
    """Return the submissions by the number in their family's code."""
    found = {}
    for page in source.everything():
        for one in page:
            assert isinstance(one, Submission)
            found[one.payload["household"]["family_code"][-3:]] = one
    return found


@pytest.fixture
def journal(recorded: Recorded) -> dict[str, Submission]:
    page = recorded("03_expand_all")
    central = Replay({**page, "@odata.count": len(page["value"])})
    return everything(central.source())


def test_recorded_pages_are_one_list(recorded: Recorded) -> None:
    names = [f"03_skiptoken_page{number}" for number in (1, 2, 3, 4)]
    source = Replay(*map(recorded, names)).source()

    marks = [mark for page in source.sweep() for mark in page]

    assert len(marks) == len(set(map(repr, marks))) == 34
    assert source.count() == 34


def test_the_recorded_page_after_a_purged_row_is_not_believed(
    recorded: Recorded,
) -> None:
    pages = ("03_skiptoken_page1", "03_skiptoken_unknown_instance")
    source = Replay(*map(recorded, pages)).source()

    with pytest.raises(SourceIncompleteError, match=r"counts 34 .* but listed 10"):
        list(source.sweep())


def test_edits_and_reviews_have_their_recorded_times(
    journal: dict[str, Submission],
) -> None:
    reviewed = {
        number: one.review_state
        for number, one in journal.items()
        if one.review_state != "none"
    }
    assert reviewed == {
        "001": "approved",
        "002": "approved",
        "003": "approved",
        "005": "on_hold",
        "006": "not_approved",
    }
    edited = {number for number, one in journal.items() if one.was_edited}
    assert edited == {"004", "007", "016"}
    assert journal["004"].edited_at == datetime(
        2026, 11, 23, 17, 49, 42, 184_000, tzinfo=UTC
    )
    assert journal["006"].reviewed_at == datetime(
        2026, 11, 23, 17, 49, 46, 764_000, tzinfo=UTC
    )
    assert journal["004"].root_id == "4dbf7097-7b18-59ec-9f7a-d5c5635274c1"
    assert journal["004"].content["instance_id"] != f"uuid:{journal['004'].root_id}"


def test_recorded_answers_have_the_paths_of_the_form(
    journal: dict[str, Submission], recorded: Recorded
) -> None:
    known = {field["path"].removeprefix("/") for field in recorded("02_fields_odata")}
    for one in journal.values():
        assert set(read_answers(one.payload)) <= known
    answers = read_answers(journal["005"].payload)
    assert answers["household/home_location"] == "-1.3 36.9 0 0"
    assert "economy/income_source" not in read_answers(journal["000"].payload)


def test_a_recorded_submission_reads_the_same_from_its_xml(
    journal: dict[str, Submission], recorded: Recorded
) -> None:
    xml = recorded("07_submission_xml")
    from_xml = read_answers({"__xml": xml, "__repeats": REPEATS})
    from_row = read_answers(journal["004"].payload)

    assert from_xml.keys() == from_row.keys()
    (repeat,) = REPEATS
    assert [item.keys() for item in from_xml[repeat]] == [
        item.keys() for item in from_row[repeat]
    ]
    texts = {key for key, value in from_row.items() if isinstance(value, str)}
    same = texts - {"household/home_location"}
    assert {key: from_xml[key] for key in same} == {key: from_row[key] for key in same}
    assert from_xml["household/home_location"] == "-1.160000 36.840000 1604.0 8.5"


def test_a_recorded_answer_that_odata_dropped_is_in_the_xml(
    recorded: Recorded,
) -> None:
    (row,) = recorded("13_drift_removed_field")["value"]
    xml = recorded("13_drift_removed_field_xml")

    found = read_answers({**row, "__xml": xml, "__repeats": []})

    assert read_answers(row) == {"a": "hello", "bad_name_x": "v", "photo": "p.png"}
    assert found == {**read_answers(row), "n": "7"}


def test_the_recorded_form_has_its_questions_in_both_languages(
    recorded: Recorded,
) -> None:
    questions = {one.path: one for one in read_questions(recorded("02_form_xml"))}

    asked = [
        field["path"].removeprefix("/")
        for field in recorded("02_fields_odata")
        if field["type"] not in ("structure", "repeat")
        and f"/{META}/" not in field["path"]
    ]
    assert list(questions) == asked
    kind = questions["economy/income_source/source_type"]
    assert kind.repeat_path == "economy/income_source"
    assert kind.labels["Español (es)"] == "Tipo de ingreso"
    assert (kind.type, kind.list_name) == ("select_one", "source_type")
    assert kind.choices[1].labels == {
        "English (en)": "Farm sales",
        "Español (es)": "Venta agrícola",
    }
    assert questions["economy/income_total"].type == "calculate"


def test_the_recorded_trash_dates_a_deletion(recorded: Recorded) -> None:
    root = "3603e9a8-de45-5237-b4ce-6a956f0a3a8c"
    central = Replay(recorded("05_filter_deletedAt_ne_null"))

    found = central.source().changes({root}, None)

    assert found.deleted == {
        root: datetime(2026, 11, 23, 17, 49, 44, 437_000, tzinfo=UTC)
    }
    assert central.params["$filter"] == "__system/deletedAt ne null"


def test_the_recorded_history_dates_an_edit_that_was_reviewed_since(
    recorded: Recorded,
) -> None:
    (row,) = [
        one
        for one in recorded("03_expand_all")["value"]
        if one["household"]["family_code"] == "FAM-004"
    ]
    row["__system"]["reviewState"] = "approved"
    central = Replay({"value": [row], "@odata.count": 1}, {"value": []})
    path = f"{FORM_PATH}/submissions/{row['__id']}/versions"
    central.answers[path] = recorded("07_versions")
    source = central.source()
    (found,) = everything(source).values()

    changes = source.changes({found.mark.submission_id}, None)

    assert changes.edited == {
        found.mark.submission_id: datetime(
            2026, 11, 23, 17, 49, 42, 185_000, tzinfo=UTC
        )
    }


def test_a_recorded_encrypted_form_is_refused_and_so_are_its_rows(
    recorded: Recorded,
) -> None:
    page = recorded("11_encrypted_odata")
    central = Replay({**page, "@odata.count": 1})
    central.answers[FORM_PATH] = recorded("11_encrypted_form")

    with pytest.raises(SourceRejectedError, match="is encrypted"):
        central.source().check()
    ((found,),) = central.source().everything()
    assert isinstance(found, Rejected)
    assert "notDecrypted" in found.reason
