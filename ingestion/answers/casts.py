"""From what a form server sends, which is text, to values that mean something."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Literal

# Raise it when answers are read differently than before, here or in `reading.py`: then
# the next run reads what has landed anew.
READER_VERSION = 1

Value = str | int | float | bool | list[str]
CastName = Literal[
    "text", "integer", "decimal", "boolean", "date", "month", "instant", "list"
]

TRUE_WORDS = frozenset({"yes", "true", "1", "ok"})
FALSE_WORDS = frozenset({"no", "false", "0"})
# JSON readers hold numbers as doubles, which are exact to fifteen digits.
MAX_DIGITS = 15


def _to_number(value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError("not a number") from None
    if not number.is_finite():
        raise ValueError("not a number")
    if len(number.as_tuple().digits) > MAX_DIGITS or number.adjusted() > MAX_DIGITS:
        raise ValueError("more digits than a number can hold")
    return number


def is_plain(value: object) -> bool:
    """Return whether `value` is digits only, as most numbers are, and not too many."""
    return (
        type(value) is str
        and value.isdigit()
        and value.isascii()
        and len(value) <= MAX_DIGITS
    )


def _to_integer(value: str) -> int:
    if is_plain(value):
        return int(value)
    number = _to_number(value)
    if number != number.to_integral_value():
        raise ValueError("not a whole number")
    return int(number)


def _to_decimal(value: str) -> int | float:
    if is_plain(value):
        return int(value)
    number = _to_number(value)
    return int(number) if number == number.to_integral_value() else float(number)


def _to_boolean(value: str) -> bool:
    word = value.lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ValueError("neither yes nor no")


def _to_date(value: str) -> str:
    # A date question may arrive with a time when it was a dateTime in another version.
    try:
        return date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        raise ValueError("not a date") from None


def _to_month(value: str) -> str:
    if re.fullmatch(r"\d{4}-\d{2}", value):
        value = f"{value}-01"
    return f"{_to_date(value)[:7]}-01"


def _to_instant(value: str) -> str:
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("not a date with a time") from None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    try:
        return instant.astimezone(UTC).isoformat()
    except OverflowError:
        raise ValueError("not a date with a time") from None


CASTS: dict[CastName, Callable[[str], Value]] = {
    "text": str,
    "integer": _to_integer,
    "decimal": _to_decimal,
    "boolean": _to_boolean,
    "date": _to_date,
    "month": _to_month,
    "instant": _to_instant,
    "list": str.split,
}


def cast_answer(value: object, cast: CastName) -> Value:
    """Return one answer as `cast` says; lists come from space-separated choices.

    Raises:
        ValueError: It cannot be read so; the message is the reason in few words.
    """
    if not isinstance(value, str):
        value = _written(value)
    return CASTS[cast](value if cast == "text" else value.strip())


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    raise ValueError("not a single answer")  # callers catch one kind
