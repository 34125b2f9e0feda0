from typing import Any

import pytest

from ingestion.sources.odk import read_answers


def test_groups_become_paths_and_what_is_not_answered_is_left_out() -> None:
    payload = {
        "start": "2026-05-02T10:00:00.000-05:00",
        "j": {
            "income": {
                "inc_total": 241.5,
                "nothing": None,
                "inc_src@odata.navigationLink": "Submissions('x')/j/income/inc_src",
                "inc_src": [
                    {"inc_type": "farm", "note": None, "__id": "6f"},
                    {"inc_type": "wage", "more": {"who": "mother"}, "__id": "7f"},
                ],
            }
        },
        "meta": {"instanceID": "uuid:1"},
        "__id": "uuid:1",
        "__system": {"edits": 0},
    }

    assert read_answers(payload) == {
        "start": "2026-05-02T10:00:00.000-05:00",
        "j/income/inc_total": 241.5,
        "j/income/inc_src": [
            {"j/income/inc_src/inc_type": "farm"},
            {
                "j/income/inc_src/inc_type": "wage",
                "j/income/inc_src/more/who": "mother",
            },
        ],
    }


def test_a_repeat_in_which_nothing_is_answered_is_left_out() -> None:
    xml = "<data><loans><lender/></loans><loans/></data>"

    assert read_answers({"loans": [{"lender": None, "__id": "6f"}]}) == {}
    assert read_answers({"__xml": xml, "__repeats": ["loans"]}) == {}


@pytest.mark.parametrize(
    ("geometry", "text"),
    [
        (
            {
                "type": "Point",
                "coordinates": [36.84, -1.16, 1604],
                "properties": {"accuracy": 8.5},
            },
            "-1.16 36.84 1604 8.5",
        ),
        ({"type": "Point", "coordinates": [36.91, -1.31]}, "-1.31 36.91"),
        ({"type": "Point", "coordinates": [36.9, -1.3, 0]}, "-1.3 36.9 0"),
        (
            {
                "type": "Point",
                "coordinates": [36.9, -1.3],
                "properties": {"accuracy": 5},
            },
            "-1.3 36.9 0 5",
        ),
        (
            {"type": "LineString", "coordinates": [[1, 2], [3, 4, 5]]},
            "2 1; 4 3 5",
        ),
        (
            {"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [1, 2]]]},
            "2 1; 4 3; 2 1",
        ),
    ],
)
def test_places_are_written_as_phones_write_them(
    geometry: dict[str, Any], text: str
) -> None:
    assert read_answers({"home": geometry}) == {"home": text}


@pytest.mark.parametrize(
    "coordinates", [None, "x", [], ["1", "2"], [{"a": 1}], [[1, 2]]], ids=str
)
def test_a_group_that_looks_like_a_place_is_a_group(coordinates: object) -> None:
    found = read_answers({"home": {"type": "Point", "coordinates": coordinates}})

    assert found["home/type"] == "Point"


def test_an_answer_from_xml_has_the_same_path_as_one_from_odata() -> None:
    xml = (
        '<data version="1" xmlns:orx="http://openrosa.org/xforms"><bad-name.x>v'
        "</bad-name.x><empty/><j><n>007</n><one><a>1</a></one><two><a>1</a></two>"
        "<two><a/></two></j><orx:meta><orx:instanceID>uuid:1</orx:instanceID>"
        "</orx:meta></data>"
    )
    payload = {"shown": 1, "__xml": xml, "__repeats": ["j/one"]}

    assert read_answers(payload) == {
        "bad_name_x": "v",
        "j/n": "007",
        "j/one": [{"j/one/a": "1"}],
        "j/two": [{"j/two/a": "1"}, {}],
    }


@pytest.mark.parametrize(
    "xml",
    [
        "<data><a>cut off",
        '<!DOCTYPE d [<!ENTITY a "aaaa">]><data><shown>&a;</shown></data>',
        "<data>" + "<g>" * 5_000 + "</g>" * 5_000 + "</data>",
    ],
    ids=["half", "entities", "deep"],
)
def test_xml_that_cannot_be_read_leaves_what_odata_shows(xml: str) -> None:
    payload = {"shown": 1, "__xml": xml, "__repeats": []}

    assert read_answers(payload) == {"shown": 1}
