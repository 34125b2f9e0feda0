from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from dashboards.formats import interval, named, plain, written
from dashboards.spec import Format
from pages import Language


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (Decimal("0.01"), "percent", "+1.0 %"),
        (Decimal("-0.0453"), "percent", "\N{MINUS SIGN}4.5 %"),
        (Decimal("-0.0001"), "percent", "0.0 %"),
        (Decimal("0.0455"), "percentage_points", "+4.5 points"),
        (Decimal("0.3"), "points", "+0.30 points"),
        (Decimal("1.01"), "index", "+101.0"),
        (None, "percent", "\N{EN DASH}"),
        (True, "flag", "yes"),
        (False, "flag", "\N{EN DASH}"),
        (date(2021, 7, 1), "month", "Jul 2021"),
    ],
)
def test_a_figure_is_written_with_its_unit_and_sign(
    value: object, kind: Format, expected: str
) -> None:
    text = written(value, kind, "en", is_signed=True)

    assert text.replace("\N{NO-BREAK SPACE}", " ") == expected


@pytest.mark.parametrize("language", ["en", "es"])
def test_thousands_are_set_apart_by_a_space_in_every_language(
    language: Language,
) -> None:
    text = written(Decimal(1234567), "money", language, currency="COP")

    assert text == "1\u202f234\u202f567\u00a0COP"


def test_an_interval_needs_both_ends() -> None:
    half = interval(Decimal("0.1"), None, "percent", "en", is_signed=False)

    assert not half


def test_words_of_the_pages_language_are_taken_where_the_query_has_them() -> None:
    row: dict[str, object] = {"event_name": "Typhoons", "event_name_es": "Tifones"}

    assert named(row, "event_name", "es") == "Tifones"
    assert named(row, "event_name", "en") == "Typhoons"


def test_an_unknown_code_stands_for_itself() -> None:
    assert named({"country_code": "KEN"}, "country_code", "en") == "KEN"


def test_a_day_and_an_instant_are_written_whole_and_in_utc() -> None:
    moment = datetime(2021, 7, 5, 23, 30, tzinfo=timezone(timedelta(hours=-6)))

    assert plain(moment, "instant", "en") == "6 Jul 2021, 05:30 UTC"
    assert plain(date(2021, 7, 5), "day", "es") == "5 jul 2021"
    assert plain(date(2021, 7, 5), "day", "fil") == "5 Hul 2021"
    assert written(9.0, "days", "es") == "9.0 días"
    assert written(9.0, "days", "fil") == "9.0 araw"
