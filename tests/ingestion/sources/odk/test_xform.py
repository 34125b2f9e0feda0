from pathlib import Path

import pytest
from pyxform.xls2xform import convert

from ingestion.sources.base import Choice, QuestionDefinition
from ingestion.sources.kobo.definitions import read_questions as read_kobo_questions
from ingestion.sources.odk.xform import read_questions
from ingestion.sources.odk.xml_documents import UnreadableXmlError
from ingestion.sources.odk.xml_names import odata_path
from sandbox.pilot.forms.definitions import FORMS_DIR
from sandbox.pilot.forms.xlsforms import read_xlsform

FORMS = sorted(FORMS_DIR.glob("*.xlsx"))
OF_ITSELF = "audit"  # an XForm has it at its end, wherever the XLSForm has its row


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_the_programmes_forms_read_the_same_from_either_server(form: Path) -> None:
    of_kobo = read_kobo_questions(read_xlsform(form))
    of_odk = read_questions(convert(str(form)).xform)

    assert QuestionDefinition(OF_ITSELF, OF_ITSELF) in of_odk
    assert [q for q in of_odk if q.path != OF_ITSELF] == [
        q for q in of_kobo if q.path != OF_ITSELF
    ]


def test_the_list_of_strategies_keeps_its_name() -> None:
    journal = read_questions(convert(str(FORMS_DIR / "cii_journal.xlsx")).xform)

    lists = {question.list_name for question in journal}
    assert "strategy" in lists


def xform(*rows: str) -> str:
    """Return the XForm of a survey written as Markdown rows."""
    survey = "".join(f"| | {row} |\n" for row in rows)
    header = "| survey |\n| | type | name | label | readonly | calculation |\n"
    choices = (
        "| choices |\n| | list_name | name | label |\n"
        "| | yn | yes | Yes |\n| | yn | no | No |\n"
    )
    result: str = convert(header + survey + choices, file_type=".md").xform
    return result


@pytest.mark.parametrize(
    "kind",
    [
        *("text", "integer", "decimal", "date", "time", "range", "barcode"),
        *("geopoint", "geotrace", "geoshape", "image", "audio", "video", "file"),
        *("note", "acknowledge"),
    ],
)
def test_a_question_has_the_type_of_its_xlsform(kind: str) -> None:
    (found,) = read_questions(xform(f"{kind} | q | Asked | | "))

    assert found == QuestionDefinition("q", kind, labels={"": "Asked"})


@pytest.mark.parametrize(
    "kind",
    [
        *("start", "end", "today", "deviceid", "username", "phonenumber"),
        *("start-geopoint", "background-audio", "hidden"),
    ],
)
def test_what_the_phone_records_has_the_type_of_its_xlsform(kind: str) -> None:
    found = read_questions(xform("text | q | Asked | | ", f"{kind} | r | | | "))

    assert found[1] == QuestionDefinition("r", kind)


def test_a_date_with_a_time_is_a_datetime() -> None:
    (found,) = read_questions(xform("dateTime | q | Asked | | "))

    assert found.type == "datetime"


def test_a_calculation_that_is_shown_is_a_text_and_no_note() -> None:
    found = read_questions(
        xform("text | q | Shown | yes | 1 + 1", "calculate | c | | | 1 + 1")
    )

    assert [question.type for question in found] == ["text", "calculate"]


def test_choices_in_a_form_of_one_unnamed_language_have_its_labels() -> None:
    (found,) = read_questions(xform("select_one yn | q | Did you? | | "))

    assert found == QuestionDefinition(
        "q",
        "select_one",
        labels={"": "Did you?"},
        list_name="yn",
        choices=(Choice("yes", {"": "Yes"}), Choice("no", {"": "No"})),
    )


def test_a_language_without_words_is_left_out_and_a_picture_is_no_words() -> None:
    survey = (
        "| survey |\n"
        "| | type | name | label::English (en) | label::Español (es) | media::image |\n"
        "| | text | q | House | Casa | house.png |\n"
        "| | text | r | Only this | | |\n"
    )

    found = read_questions(convert(survey, file_type=".md").xform)

    assert [question.labels for question in found] == [
        {"English (en)": "House", "Español (es)": "Casa"},
        {"English (en)": "Only this"},
    ]


def test_a_language_without_a_name_stands_beside_one_that_has_one() -> None:
    survey = (
        "| survey |\n| | type | name | label | label::Español (es) |\n"
        "| | text | q | House | Casa |\n"
    )

    (found,) = read_questions(convert(survey, file_type=".md").xform)

    assert found.labels == {"": "House", "Español (es)": "Casa"}


def test_words_that_stand_beside_a_picture_are_found_wherever_they_stand() -> None:
    text = (
        '<h:html xmlns="http://www.w3.org/2002/xforms"'
        ' xmlns:h="http://www.w3.org/1999/xhtml"><h:head><model><itext>'
        '<translation lang="English (en)"><text id="/data/q:label">'
        '<value form="image">jr://images/house.png</value><value>House</value>'
        "</text></translation></itext><instance><data><q/></data></instance>"
        '</model></h:head><h:body><input ref="/data/q">'
        "<label ref=\"jr:itext('/data/q:label')\"/></input></h:body></h:html>"
    )

    (found,) = read_questions(text)

    assert found.labels == {"English (en)": "House"}


def test_a_question_in_a_repeat_in_a_repeat_is_of_the_inner_one() -> None:
    found = read_questions(
        xform(
            "begin_repeat | loans | Loans | | ",
            "begin_repeat | payments | Payments | | ",
            "begin_group | g | G | | ",
            "text | paid | Paid | | ",
            "end_group | | | | ",
            "end_repeat | | | | ",
            "text | lender | Lender | | ",
            "end_repeat | | | | ",
        )
    )

    assert [(question.path, question.repeat_path) for question in found] == [
        ("loans/payments/g/paid", "loans/payments"),
        ("loans/lender", "loans"),
    ]


def test_an_answer_shown_in_a_label_is_written_as_in_the_xlsform() -> None:
    found = read_questions(
        xform("text | who | Who? | | ", "text | q | How is ${who} today? | | ")
    )

    assert found[1].labels == {"": "How is ${who} today?"}


def test_names_are_spelled_as_odata_spells_them() -> None:
    (found,) = read_questions(xform("text | bad-name.x | Asked | | "))

    assert found.path == "bad_name_x"
    assert odata_path("ñame/9a/ok_1") == "__ame/_9a/ok_1"


def test_what_is_no_xform_has_no_questions() -> None:
    assert read_questions("<html/>") == ()


@pytest.mark.parametrize(
    "text", ['<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "<x>", "\x00"]
)
def test_xml_that_is_not_safe_to_read_is_refused(text: str) -> None:
    with pytest.raises(UnreadableXmlError):
        read_questions(text)
