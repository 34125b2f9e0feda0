"""From the cells of a table to text, as people see them and with nothing lost."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

# Excel holds numbers as doubles and shows no more digits than these.
MAX_DIGITS = 15
LONG_NUMBER = (
    f"holds a number of more than {MAX_DIGITS} digits, of which Excel forgets the "
    "last: format the column as text and enter it again"
)
# What is no part of a number format's own letters: quoted text, colours and locales,
# a letter to be shown as it is, and the width of a letter.
LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')
ZEROS_ONLY = re.compile("0{2,}")

# As Excel writes a long number into a CSV file.
SHORTENED = re.compile(r"-?\d(?:[.,]\d+)?E\+(?:1[1-9]|[2-9]\d|\d{3})")

FRACTION = re.compile(r"(-?(?:0|[1-9]\d*))\.(\d+)")
TRUTH = re.compile("true|false", re.IGNORECASE)
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d(?:\.\d+)?)?")
TIME_OF_DAY = re.compile(r"\d\d:\d\d")


def cell_text(value: object, number_format: str = "General") -> str:
    """Return what a workbook's cell holds as text.

    Whole numbers have no decimals and other numbers no more than are there, whatever
    their format; only leading zeros come from it, as they make `0007` of a code. Dates
    and times are ISO; a date shown as a month only is one, as `2021-09`, if it is the
    first day of it.

    Raises:
        ValueError: The number has more digits than Excel keeps.
    """
    if value is None:
        return ""
    for kind, as_text in TEXTS:
        if isinstance(value, kind):
            return as_text(value, number_format)
    return str(value)


def is_shortened(text: str) -> bool:
    """Return whether Excel wrote only the first digits of a long number into a CSV."""
    return SHORTENED.fullmatch(text.strip()) is not None


def canonical(text: str) -> str:
    """Return the cell as it is compared: what a spreadsheet takes for the same, alike.

    Saving a CSV file as a workbook drops the zeros that end a fraction, and writes
    truths, times and line ends its own way; that is no edit. Everything else is.
    """
    if match := FRACTION.fullmatch(text):
        fraction = match[2].rstrip("0")
        whole = "0" if match[1] == "-0" and not fraction else match[1]
        return f"{whole}.{fraction}" if fraction else whole
    if TRUTH.fullmatch(text):
        return text.lower()
    if match := MOMENT.fullmatch(text):
        time_of_day = match[2] + (match[3] or ":00")
        return match[1] if time_of_day == "00:00:00" else f"{match[1]}T{time_of_day}"
    if TIME_OF_DAY.fullmatch(text):
        return f"{text}:00"
    return text.replace("\r\n", "\n")


def _truth_text(value: bool, _number_format: str) -> str:  # noqa: FBT001 - a cell's value
    return "true" if value else "false"


def _number_text(value: float, number_format: str) -> str:
    if abs(value) >= 10**MAX_DIGITS:
        raise ValueError(LONG_NUMBER)
    # A double's last digits are noise, which Excel does not show either.
    text = f"{Decimal(format(value, f'.{MAX_DIGITS}g')):f}"
    if ZEROS_ONLY.fullmatch(number_format) and text.isdigit():
        return text.zfill(len(number_format))
    return "0" if text == "-0" else text


def _moment_text(value: datetime, number_format: str) -> str:
    letters = LITERALS.sub("", number_format).lower()
    if value.time() != time() or "h" in letters or "s" in letters:
        return value.isoformat()
    is_month = "m" in letters and "y" in letters and "d" not in letters
    return f"{value:%Y-%m}" if is_month and value.day == 1 else f"{value:%Y-%m-%d}"


def _iso_text(value: date | time, _number_format: str) -> str:
    return value.isoformat()


def _duration_text(value: timedelta, _number_format: str) -> str:
    seconds = round(value.total_seconds())
    sign = "-" if seconds < 0 else ""
    minutes, seconds = divmod(abs(seconds), 60)
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


# In this order: a bool is an int, and a datetime a date.
TEXTS: tuple[tuple[type | tuple[type, ...], Callable[..., str]], ...] = (
    (bool, _truth_text),
    ((int, float), _number_text),
    (datetime, _moment_text),
    ((date, time), _iso_text),
    (timedelta, _duration_text),
)
