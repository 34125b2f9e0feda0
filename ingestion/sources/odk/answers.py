"""From a payload of ODK Central to answers by path, as other servers write them.

OData nests groups, writes null for what was not answered and points as GeoJSON with
the longitude first; and it shows only what the form's current version asks. A payload
that lost answers so has the submission's own XML beside them (see `older_versions.py`),
and then answers come from there, as text.
"""

import contextlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from ingestion.sources.odk.xml_documents import UnreadableXmlError, parse_xml
from ingestion.sources.odk.xml_names import META, local_name, odata_name

Answers = dict[str, Any]

# What we lay beside the row that the server sent.
XML_KEY = "__xml"
REPEATS_KEY = "__repeats"
LINK = "@odata."
ALTITUDE = 2  # its place in a position, where it is known


def read_answers(payload: Mapping[str, Any]) -> Answers:
    """Return the answers in `payload` by slash-separated path.

    Shape: a repeat is an array of objects with full paths; what is not answered is
    left out. Numbers stay numbers, a point is "lat lon altitude accuracy".

    Args:
        payload: As it landed: a row of OData, with `__xml` and `__repeats` where
            OData does not show all of the submission.
    """
    xml = payload.get(XML_KEY)
    if isinstance(xml, str):
        # Where it cannot be read, what OData shows is better than nothing.
        with contextlib.suppress(UnreadableXmlError, RecursionError):
            repeats = frozenset(payload.get(REPEATS_KEY) or ())
            return dict(_in_xml(parse_xml(xml), "", repeats))
    return dict(_in_row(payload, ""))


def version_answered(payload: Mapping[str, Any]) -> object:
    """Return the form version that the answers in `payload` were given to."""
    told = payload["__system"]["formVersion"]
    xml = payload.get(XML_KEY)
    if isinstance(xml, str):
        with contextlib.suppress(UnreadableXmlError):
            return parse_xml(xml).get("version", told)
    return told


def _in_row(row: Mapping[str, Any], inside: str) -> Iterator[tuple[str, Any]]:
    for name, value in row.items():
        if value is None or name.startswith("__") or LINK in name:
            continue
        if name == META and not inside:
            continue
        path = f"{inside}{name}"
        if isinstance(value, list):
            items = [
                dict(_in_row(item, f"{path}/"))
                for item in value
                if isinstance(item, dict)
            ]
            if any(items):
                yield path, items
        elif isinstance(value, dict):
            yield from _group_or_place(value, path)
        else:
            yield path, value


def _group_or_place(value: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    positions = _positions(value)
    if positions is None:
        yield from _in_row(value, f"{path}/")
    else:
        accuracy = (value.get("properties") or {}).get("accuracy")
        yield path, "; ".join(_as_typed(one, accuracy) for one in positions)


def _positions(value: Mapping[str, Any]) -> list[Any] | None:
    """Return the positions of a geometry; None where it is a group of questions."""
    found = value.get("coordinates")
    if value.get("type") == "Point":
        found = [found]
    elif value.get("type") == "Polygon" and isinstance(found, list):
        found = found[0] if found else None
    elif value.get("type") != "LineString":
        return None
    if not isinstance(found, list) or not all(map(_is_position, found)):
        return None
    return found or None


def _is_position(position: object) -> bool:
    return (
        isinstance(position, list)
        and len(position) >= ALTITUDE
        and all(isinstance(number, int | float) for number in position)
    )


def _as_typed(position: list[float], accuracy: float | None) -> str:
    """Return a position as phones write it: latitude first."""
    longitude, latitude = position[:ALTITUDE]
    altitude = position[ALTITUDE] if len(position) > ALTITUDE else None
    known = [latitude, longitude, altitude, accuracy]
    while known[-1] is None:
        known.pop()
    return " ".join("0" if number is None else str(number) for number in known)


def _in_xml(
    element: ET.Element, inside: str, repeats: Collection[str]
) -> Iterator[tuple[str, Any]]:
    children: dict[str, list[ET.Element]] = {}
    for child in element:
        children.setdefault(odata_name(local_name(child.tag)), []).append(child)
    if not inside:
        children.pop(META, None)
    for name, found in children.items():
        path = f"{inside}{name}"
        if path in repeats or len(found) > 1:
            items = [dict(_in_xml(child, f"{path}/", repeats)) for child in found]
            if any(items):
                yield path, items
        elif len(found[0]):
            yield from _in_xml(found[0], f"{path}/", repeats)
        elif (found[0].text or "").strip():
            yield path, found[0].text
