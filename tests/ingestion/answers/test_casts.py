import pytest

from ingestion.answers.casts import CastName, cast_answer


@pytest.mark.parametrize(
    ("value", "cast", "expected"),
    [
        (" MX-01 ", "text", " MX-01 "),
        ("7", "integer", 7),
        ("7.0", "integer", 7),
        ("1234.50", "decimal", 1234.5),
        ("1e3", "decimal", 1000),
        (12, "decimal", 12),
        ("yes", "boolean", True),
        ("no", "boolean", False),
        (False, "boolean", False),
        ("2021-03-17", "date", "2021-03-17"),
        ("2021-03-17", "month", "2021-03-01"),
        ("2021-03", "month", "2021-03-01"),
        (
            "2021-04-05T10:10:00.000-06:00",
            "instant",
            "2021-04-05T16:10:00+00:00",
        ),
        ("1970-01-01T00:00:00", "instant", "1970-01-01T00:00:00+00:00"),
        ("food cash", "list", ["food", "cash"]),
    ],
)
def test_an_answer_is_read_as_its_cast_says(
    value: object, cast: CastName, expected: object
) -> None:
    found = cast_answer(value, cast)

    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "cast"),
    [
        ("x", "integer"),
        ("1.5", "integer"),
        ("NaN", "decimal"),
        ("Infinity", "decimal"),
        ("1,200", "decimal"),
        ("1e999999999", "decimal"),
        ("12345678901234567", "decimal"),
        ("maybe", "boolean"),
        ("2021-13-01", "date"),
        ("soon", "month"),
        ("0001-01-01T00:00:00+23:00", "instant"),
        (["a"], "text"),
        ({"a": 1}, "integer"),
    ],
)
def test_an_answer_that_cannot_be_read_says_so(value: object, cast: CastName) -> None:
    with pytest.raises(ValueError, match=r"no|more"):
        cast_answer(value, cast)
