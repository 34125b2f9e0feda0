from datetime import date, datetime, time, timedelta

import pytest

from ingestion.sources.files.cells import canonical, cell_text, is_shortened

at = datetime.fromisoformat


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (None, "General", ""),
        ("007", "General", "007"),
        (" as told ", "@", " as told "),
        (12, "General", "12"),
        (12.0, "0.00", "12"),
        (-0.0, "General", "0"),
        (12.5, "#,##0.00", "12.5"),
        (0.1 + 0.2, "General", "0.3"),
        (1e-7, "General", "0.0000001"),
        (123456789012345, "General", "123456789012345"),
        (1234567.0, "0.00E+00", "1234567"),
        (7, "0000", "0007"),
        (12345, "0000", "12345"),
        (7, "0.0", "7"),
        (True, "General", "true"),
        (False, "General", "false"),
        (at("2021-09-01"), "yyyy-mm-dd", "2021-09-01"),
        (at("2021-09-01"), "[$-F800]dddd, mmmm dd, yyyy", "2021-09-01"),
        (at("2021-09-01"), "mmm-yy", "2021-09"),
        (at("2021-09-02"), "mmm-yy", "2021-09-02"),
        (at("2021-09-01"), '"day" mmm-yy', "2021-09"),
        (at("2021-09-01"), "d/m/yyyy h:mm", "2021-09-01T00:00:00"),
        (at("2021-09-01T10:30"), "yyyy-mm-dd", "2021-09-01T10:30:00"),
        (date(2021, 9, 1), "General", "2021-09-01"),
        (time(10, 30), "h:mm", "10:30:00"),
        (timedelta(hours=26, minutes=5), "[h]:mm", "26:05:00"),
        (timedelta(minutes=-90), "[h]:mm", "-01:30:00"),
    ],
)
def test_a_cell_is_text_as_people_see_it_with_nothing_lost(
    value: object, number_format: str, text: str
) -> None:
    assert cell_text(value, number_format) == text


@pytest.mark.parametrize("value", [10**15, -(10**15), 1.5e15, 1e300])
def test_a_number_that_excel_has_cut_short_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="more than 15 digits"):
        cell_text(value)


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("12.50", "12.5"),
        ("12.00", "12"),
        ("-0.0", "0"),
        ("TRUE", "true"),
        ("2021-09-01 10:30", "2021-09-01T10:30:00"),
        ("2021-09-01T00:00:00", "2021-09-01"),
        ("10:30", "10:30:00"),
        ("one\r\ntwo", "one\ntwo"),
    ],
)
def test_what_a_spreadsheet_takes_for_the_same_is_compared_alike(
    text: str, alike: str
) -> None:
    assert canonical(text) == canonical(alike) == alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("007", "7"),
        ("007.50", "7.5"),
        ("120", "12"),
        ("1.2.0", "1.2"),
        ("12.50 ", "12.5"),
        ("yes", "true"),
        ("2021-09", "2021-09-01"),
        ("2021-09-01T10:00:00Z", "2021-09-01T10:00:00"),
    ],
)
def test_everything_else_is_an_edit(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.23457E+15", True),
        ("1,23E+12", True),
        ("5E+11", True),
        ("5E+10", False),
        ("NOTE+11", False),
        ("1234567890123456", False),
    ],
)
def test_a_number_that_excel_wrote_short_into_a_csv_is_seen(
    text: str, *, expected: bool
) -> None:
    assert is_shortened(text) is expected
