"""An answer's text as the value that OData shows.

Numbers are read as JavaScript's `parseInt` and `parseFloat` read them: as much of the
text as is a number, in double precision; text that begins with none becomes null.
"""

import re
from collections.abc import Callable
from typing import Any

WHOLE = re.compile(r"\s*([+-]?\d+)")
DECIMAL = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
HOURS_ONLY = re.compile(r"[+-]\d\d$")
LARGEST_WHOLE = 2.0**63  # larger ones are written as JSON with an exponent


def value_of(kind: str, text: str | None, *, is_wkt: bool = False) -> Any:  # noqa: ANN401 - JSON
    """Return the JSON value of an answer.

    Args:
        kind: The field's type.
        text: As in the XML; None or empty for no answer.
        is_wkt: Show places as well-known text, not as GeoJSON.
    """
    if not text:
        return None
    if kind in PLACES:
        return PLACES[kind](text, is_wkt)
    reader = READERS.get(kind)
    return reader(text) if reader else text


def _whole(text: str) -> int | float | None:
    found = WHOLE.match(text)
    return _as_double(found[1]) if found else None


def _decimal(text: str) -> int | float | None:
    found = DECIMAL.match(text)
    return _as_double(found[1]) if found else None


def _as_double(digits: str) -> int | float | None:
    number = float(digits)
    if abs(number) == float("inf"):
        return None
    is_whole = number.is_integer() and abs(number) < LARGEST_WHOLE
    return int(number) if is_whole else number


def _with_minutes(text: str) -> str:
    """Return a moment with a whole offset: some phones send hours alone."""
    trimmed = text.strip()
    return f"{trimmed}:00" if HOURS_ONLY.search(trimmed) else trimmed


def _place(text: str) -> tuple[list[Any], Any] | None:
    """Return longitude, latitude and perhaps altitude; and the accuracy, or None."""
    numbers = [_decimal(part) for part in text.split()]
    latitude, longitude, altitude, accuracy = [*numbers, None, None, None, None][:4]
    if latitude is None or longitude is None:
        return None
    found = [longitude, latitude]
    return ([*found, altitude] if altitude is not None else found), accuracy


def _point(text: str, is_wkt: bool) -> Any:  # noqa: ANN401, FBT001 - JSON; in a table
    place = _place(text)
    if place is None:
        return None
    coordinates, accuracy = place
    if is_wkt:
        return f"POINT ({_joined(coordinates)})"
    found: dict[str, Any] = {"type": "Point", "coordinates": coordinates}
    return (
        found if accuracy is None else {**found, "properties": {"accuracy": accuracy}}
    )


def _line(text: str, is_wkt: bool) -> Any:  # noqa: ANN401, FBT001 - as above
    points = [place for part in text.split(";") if (place := _place(part))]
    if not points:
        return None
    if is_wkt:
        return f"LINESTRING ({','.join(_joined(one) for one, _ in points)})"
    return _geometry("LineString", [one for one, _ in points], points)


def _area(text: str, is_wkt: bool) -> Any:  # noqa: ANN401, FBT001 - as above
    points = [place for part in text.split(";") if (place := _place(part))]
    if not points:
        return None
    if is_wkt:
        return f"POLYGON (({','.join(_joined(one) for one, _ in points)}))"
    return _geometry("Polygon", [[one for one, _ in points]], points)


def _geometry(
    kind: str, coordinates: list[Any], points: list[tuple[list[Any], Any]]
) -> dict[str, Any]:
    found: dict[str, Any] = {"type": kind, "coordinates": coordinates}
    accuracies = [accuracy or None for _, accuracy in points]
    return (
        {**found, "properties": {"accuracies": accuracies}}
        if any(accuracies)
        else found
    )


def _joined(coordinates: list[Any]) -> str:
    return " ".join(map(str, coordinates))


READERS: dict[str, Callable[[str], Any]] = {
    "int": _whole,
    "decimal": _decimal,
    "dateTime": _with_minutes,
}
PLACES: dict[str, Callable[[str, bool], Any]] = {
    "geopoint": _point,
    "geotrace": _line,
    "geoshape": _area,
}
