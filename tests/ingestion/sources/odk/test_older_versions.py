"""Answers that OData no longer shows are fetched, and only where there may be any."""

import threading
from typing import Any

import httpx
import pytest

from ingestion.errors import SourceError, SourceIncompleteError, SourceRejectedError
from ingestion.sources.base import Submission
from ingestion.sources.http import Patience
from ingestion.sources.odk import older_versions, read_answers
from tests.ingestion.sources.odk.pretend import FORM, FORM_PATH, Central, refused, row

NO_PAUSES = Patience(first_wait_seconds=0)
OLD = {**FORM, "version": "1", "publishedAt": "2026-01-01T00:00:00.000Z"}
XML = (
    '<data id="journal" version="1"><family_code>F-1</family_code><dropped>7</dropped>'
    "<loans><loan><lender>aunt</lender></loan></loans>"
    '<orx:meta xmlns:orx="http://openrosa.org/xforms"/></data>'
)


def fields(*paths: str) -> list[dict[str, Any]]:
    repeats = ("/loans/loan",)
    return [
        {"path": path, "type": "repeat" if path in repeats else "string"}
        for path in ("/family_code", "/meta/instanceID", *paths)
    ]


@pytest.fixture
def central() -> Central:
    central = Central()
    central.answers |= {
        f"{FORM_PATH}/versions": [FORM, OLD],
        f"{FORM_PATH}/versions/2/fields": fields("/added"),
        f"{FORM_PATH}/versions/1/fields": fields(
            "/dropped", "/loans/loan", "/loans/loan/lender"
        ),
        f"{FORM_PATH}/submissions/uuid:1.xml": XML,
    }
    return central


def read_all(central: Central) -> list[Submission]:
    pages = central.source().everything()
    return [one for some in pages for one in some if isinstance(one, Submission)]


def requests_for_xml(central: Central) -> int:
    return len([path for path in central.asked_paths if "/submissions/" in path])


def test_an_answer_to_a_dropped_question_is_kept_beside_the_row(
    central: Central,
) -> None:
    central.rows = [row(2), row(1, formVersion="1")]

    new, old = read_all(central)

    assert read_answers(new.payload) == {"family_code": "F-2"}
    assert read_answers(old.payload) == {
        "family_code": "F-1",
        "dropped": "7",
        "loans/loan": [{"loans/loan/lender": "aunt"}],
    }
    assert {**old.payload, **central.rows[1]} == old.payload
    assert requests_for_xml(central) == 1


@pytest.mark.parametrize("instance", ["uuid:1", "uuid:edited-since"])
def test_a_submission_edited_between_its_row_and_its_xml_is_not_half_of_each(
    central: Central, instance: str
) -> None:
    meta = '<orx:meta xmlns:orx="http://openrosa.org/xforms">'
    ids = f"<orx:instanceID>{instance}</orx:instanceID>"
    ids += "<orx:deprecatedID>uuid:1</orx:deprecatedID></orx:meta>"
    empty = '<orx:meta xmlns:orx="http://openrosa.org/xforms"/>'
    central.answers[f"{FORM_PATH}/submissions/uuid:1.xml"] = XML.replace(
        empty, meta + ids
    )
    central.rows = [row(1, formVersion="1")]

    if instance == "uuid:1":
        assert len(read_all(central)) == 1
    else:
        with pytest.raises(SourceIncompleteError, match="edited while it was read"):
            read_all(central)


def test_a_version_that_asked_nothing_else_takes_no_request(central: Central) -> None:
    # The name that a form gives its submissions is no answer.
    central.answers[f"{FORM_PATH}/versions/1/fields"] = fields("/meta/instanceName")
    central.rows = [row(1, formVersion="1")]

    (found,) = read_all(central)

    assert "__xml" not in found.payload
    assert requests_for_xml(central) == 0


def test_questions_are_asked_for_by_the_names_that_odata_has(
    central: Central,
) -> None:
    central.rows = [row(1, formVersion="1")]

    read_all(central)

    asked = [one for one in central.asked if one.url.path.endswith("/fields")]
    assert [one.url.params.get("odata") for one in asked] == ["true", "true"]


def test_rows_of_the_current_version_take_no_request_for_its_questions(
    central: Central,
) -> None:
    central.rows = [row(2), row(1)]

    read_all(central)

    assert not any(path.endswith("/fields") for path in central.asked_paths)


def test_a_form_with_one_version_takes_no_request_at_all(central: Central) -> None:
    central.answers[f"{FORM_PATH}/versions"] = [FORM]
    central.rows = [row(2), row(1, edits=1)]

    read_all(central)

    assert set(central.asked_paths) == {
        f"{FORM_PATH}.svc/Submissions",
        f"{FORM_PATH}/versions",
    }


def test_an_edited_submission_is_of_the_version_it_was_edited_with(
    central: Central,
) -> None:
    central.answers[f"{FORM_PATH}/versions/1/fields"] = fields()
    central.rows = [row(1, formVersion="1", edits=1)]
    newer = XML.replace('version="1"', 'version="2"')
    central.answers[f"{FORM_PATH}/submissions/uuid:1.xml"] = newer

    (found,) = read_all(central)

    assert found.form_version_id == "2"


def test_a_submission_deleted_meanwhile_is_not_taken_cut_short(
    central: Central,
) -> None:
    # Restored before the next run, it would look as it did.
    central.answers[f"{FORM_PATH}/submissions/uuid:1.xml"] = refused(404)
    central.rows = [row(1, formVersion="1")]

    with pytest.raises(SourceIncompleteError, match="deleted while it was read"):
        read_all(central)


@pytest.mark.parametrize("trouble", [httpx.Response(503), refused(403)], ids=str)
def test_a_submission_whose_xml_is_not_given_is_not_taken_cut_short(
    central: Central, trouble: httpx.Response
) -> None:
    central.answers[f"{FORM_PATH}/submissions/uuid:1.xml"] = trouble
    central.rows = [row(1, formVersion="1")]

    with pytest.raises(SourceError):
        read_all(central)


class HalfAtFirst(Central):
    """It sends half of every document the first time that it is asked for it."""

    def _answer(self, path: str) -> httpx.Response:
        answer = super()._answer(path)
        if not path.endswith(".xml") or self.asked_paths.count(path) > 1:
            return answer
        return httpx.Response(200, content=answer.content[: len(answer.content) // 2])


def test_a_document_of_which_half_came_is_asked_for_again(central: Central) -> None:
    half_at_first = HalfAtFirst(row(1, formVersion="1"))
    half_at_first.answers = central.answers | {f"{FORM_PATH}/versions/1.xml": "<html/>"}
    source = half_at_first.source(NO_PAUSES)

    ((old,),) = source.everything()
    (version,) = source.versions({"2"})

    assert isinstance(old, Submission)
    assert read_answers(old.payload)["dropped"] == "7"
    assert version.definition["xform"] == "<html/>"


def test_of_a_submission_that_central_holds_half_of_the_row_is_read(
    central: Central,
) -> None:
    central.answers[f"{FORM_PATH}/submissions/uuid:1.xml"] = XML[:60]
    central.rows = [row(1, formVersion="1")]

    ((old,),) = central.source(NO_PAUSES).everything()

    assert isinstance(old, Submission)
    assert read_answers(old.payload) == {"family_code": "F-1"}


def test_a_version_that_central_holds_half_of_is_named(central: Central) -> None:
    central.answers[f"{FORM_PATH}/versions/1.xml"] = "<html><head>"

    with pytest.raises(SourceRejectedError, match="Version '1' of form 'journal'"):
        list(central.source(NO_PAUSES).versions({"2"}))


def test_the_number_of_such_requests_is_told_once_for_each_list(
    central: Central, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "ingestion")
    central.rows = [row(2, formVersion="1"), row(1, formVersion="1")]
    central.answers[f"{FORM_PATH}/submissions/uuid:2.xml"] = XML

    source = central.source()

    list(source.everything())
    list(source.submissions(iter(["1"])))

    told = [r.getMessage() for r in caplog.records if r.name.startswith("ingestion")]
    assert len(told) == 2
    assert told[0].startswith("2 submissions of form 'journal'")
    assert told[1].startswith("1 submissions of form 'journal'")


def test_versions_come_oldest_first_with_their_own_names(central: Central) -> None:
    unnamed = {**OLD, "version": ""}
    central.answers[f"{FORM_PATH}/versions"] = [FORM, unnamed]
    central.answers[f"{FORM_PATH}/versions/___/fields"] = fields("/dropped")
    central.answers[f"{FORM_PATH}/versions/___.xml"] = "<html/>"

    (found,) = central.source().versions({"2"})

    assert (found.version_id, found.name, found.number) == ("", None, 1)
    assert found.definition == {"xform": "<html/>", "fields": fields("/dropped")}


def old_rows(central: Central, count: int) -> None:
    """Have so many rows of the older version, the newest first, each with its XML."""
    central.rows = [row(number, formVersion="1") for number in range(count, 0, -1)]
    for number in range(1, count + 1):
        xml = XML.replace("F-1", f"F-{number}")
        central.answers[f"{FORM_PATH}/submissions/uuid:{number}.xml"] = xml


class Together(Central):
    """Answers requests for XML only when so many of them are here at once."""

    barrier = threading.Barrier(older_versions.XML_AT_ONCE)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if "/submissions/" in request.url.path:
            self.barrier.wait(30)
        return super().__call__(request)


def test_a_few_are_asked_for_at_once_and_stay_in_order(central: Central) -> None:
    together = Together()
    together.answers = central.answers
    old_rows(together, 3 * older_versions.XML_AT_ONCE)

    found = read_all(together)

    assert [one.payload["__id"] for one in found] == [r["__id"] for r in together.rows]
    for one in found:
        number = one.payload["__id"].removeprefix("uuid:")
        assert read_answers(one.payload)["family_code"] == f"F-{number}"


def test_one_of_many_that_is_refused_ends_the_list(
    central: Central,
) -> None:
    old_rows(central, 100)
    central.answers[f"{FORM_PATH}/submissions/uuid:99.xml"] = refused(403)

    with pytest.raises(SourceError, match="role Project Viewer"):
        read_all(central)
