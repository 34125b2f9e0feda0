from typing import Any

import pytest

from sandbox.odk.tables.values import value_of
from sandbox.odk.xforms.fields import sanitised

POINT = {"type": "Point"}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "12", 12),
        ("int", "9007199254740993", 9007199254740992),
        ("int", "12.9", 12),
        ("int", "3 o 4", 3),
        ("int", "tres", None),
        ("int", "", None),
        ("int", None, None),
        ("decimal", "1600.0", 1600),
        ("decimal", "1e3", 1000),
        ("decimal", "12345678901234567.89", 12345678901234568),
        ("decimal", ".5", 0.5),
        ("decimal", "12,5", 12),
        ("decimal", "abc", None),
        ("decimal", "1e999", None),
        ("string", "241.0", "241.0"),
        ("string", "", None),
        ("date", "2021-02-01", "2021-02-01"),
        ("dateTime", "2021-02-01T10:00:00.000-05", "2021-02-01T10:00:00.000-05:00"),
        ("dateTime", " 2021-02-01T10:00:00.000+08:00", "2021-02-01T10:00:00.000+08:00"),
    ],
)
def test_text_becomes_what_javascript_makes_of_it(
    kind: str, text: str | None, value: object
) -> None:
    found = value_of(kind, text)

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "shown", "well_known"),
    [
        ("1.5 -2 10 4", [-2, 1.5, 10], "POINT (-2 1.5 10)"),
        ("1.5 -2", [-2, 1.5], "POINT (-2 1.5)"),
        ("here", None, None),
    ],
)
def test_a_place_is_longitude_first(
    text: str, shown: list[float] | None, well_known: str | None
) -> None:
    found: Any = value_of("geopoint", text)

    assert (found and found["coordinates"]) == shown
    assert value_of("geopoint", text, is_wkt=True) == well_known


def test_the_accuracy_of_a_place_stands_beside_it() -> None:
    assert value_of("geopoint", "1 2 0 0")["properties"] == {"accuracy": 0}
    assert "properties" not in value_of("geopoint", "1 2 3")


def test_a_way_and_an_area_are_places_in_a_row() -> None:
    way = "1 2 0 5; 3 4 0 5;"

    assert value_of("geotrace", way) == {
        "type": "LineString",
        "coordinates": [[2, 1, 0], [4, 3, 0]],
        "properties": {"accuracies": [5, 5]},
    }
    assert value_of("geoshape", way, is_wkt=True) == "POLYGON ((2 1 0,4 3 0))"


def test_names_are_what_odata_allows() -> None:
    assert sanitised("bad-name.x") == "bad_name_x"
    assert sanitised("2nd") == "_2nd"
    assert sanitised("año") == "a_o"
