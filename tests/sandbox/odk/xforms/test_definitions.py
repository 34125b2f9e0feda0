from xml.etree import ElementTree as ET

import pytest

from sandbox.odk.for_tests.samples import sample_content
from sandbox.odk.xforms.definitions import DefinitionError, xform_xml
from sandbox.odk.xforms.fields import schema_of
from sandbox.odk.xforms.instances import answers_in, as_xml
from sandbox.pilot import Pilot

ITEXT = "{http://www.w3.org/2002/xforms}"


def texts(xml: bytes) -> dict[str, dict[str, str]]:
    """Return the texts of a form by language and id."""
    return {
        one.attrib["lang"]: {
            text.attrib["id"]: "".join(text.itertext())
            for text in one.iter(f"{ITEXT}text")
        }
        for one in ET.fromstring(xml).iter(f"{ITEXT}translation")  # noqa: S314 - made here
    }


def test_labels_of_questions_and_choices_are_there_in_every_language() -> None:
    found = texts(xform_xml("sample", "Sample", "7", sample_content()))

    assert set(found) == {"English (en)", "Español (es)"}
    assert found["Español (es)"]["/data/home/size:label"] == "Cuántas personas"
    assert found["Español (es)"]["countries-0"] == "México"
    assert found["English (en)"]["countries-1"] == "Colombia"


def test_the_form_carries_its_id_and_version() -> None:
    xml = xform_xml("sample", "Sample", "7", sample_content())

    assert b'<data id="sample" version="7">' in xml


def test_fields_have_the_types_that_central_gives_them() -> None:
    schema = schema_of(xform_xml("sample", "Sample", "7", sample_content()))

    assert schema.kinds == {
        "country": "string",
        "home": "structure",
        "home/size": "int",
        "home/place": "geopoint",
        "money": "structure",
        "money/source": "repeat",
        "money/source/kind": "string",
        "money/source/amount": "decimal",
        "money/total": "string",
        "odd-name.x": "string",
        "photo": "binary",
        "meta": "structure",
        "meta/instanceID": "string",
    }


def test_every_version_of_the_pilots_forms_is_an_xform_with_all_its_labels(
    pilot: Pilot,
) -> None:
    for form in pilot.forms:
        for version in form.versions:
            xml = xform_xml(form.uid, form.name, version.name, version.content)
            asked = {
                row["$xpath"]
                for row in version.content["survey"]
                if "$xpath" in row and row["type"] not in ("audit", "begin_group")
            }
            found = texts(xml)

            assert asked <= set(schema_of(xml).kinds)
            assert set(found) == set(version.content["translations"])
            assert all(len(one) == len(found["English (en)"]) for one in found.values())


def test_content_that_is_no_form_is_refused_with_the_reason() -> None:
    content = {"survey": [{"type": "integer", "name": "size", "relevant": "${none}"}]}

    with pytest.raises(DefinitionError, match="Form sample is no XForm"):
        xform_xml("sample", "Sample", "1", content)


def test_a_submission_keeps_every_answer_word_for_word() -> None:
    schema = schema_of(xform_xml("sample", "Sample", "7", sample_content()))
    answers = {
        "country": "mx",
        "home/size": 'tres < 4 & "más"',
        "money/source": [{"money/source/amount": "1600.00"}, {}],
        "home/old": "dropped since",
        "meta/instanceID": "uuid:1",
        "meta/deprecatedID": "uuid:0",
    }

    xml = as_xml("sample", "7", schema.roots, answers)

    element = ET.fromstring(xml)  # noqa: S314 - made here
    assert answers_in(element, schema.repeat_paths) == answers
    assert b"<orx:meta><orx:instanceID>uuid:1</orx:instanceID>" in xml
    assert b"<odd-name.x />" in xml, "a question without an answer is left out"
