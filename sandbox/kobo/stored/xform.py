"""Submissions as XML, the way phones and browsers send them."""

from collections.abc import Collection, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from sandbox.pilot.model import Record


def answers_in(element: ET.Element, repeats: Collection[str], path: str = "") -> Record:
    """Return the answers in an element by path, read by a form with these repeats.

    An element that stands there several times is a repeat too, whatever the form says;
    one of a repeat that the form does not know is not. What is empty is left out.
    """
    found: Record = {}
    for tag in dict.fromkeys(child.tag for child in element):
        key = f"{path}/{tag}" if path else tag
        children = element.findall(tag)
        if key in repeats or len(children) > 1:
            items = [answers_in(child, repeats, key) for child in children]
            found |= {key: [item for item in items if item]} if any(items) else {}
        elif len(children[0]):
            found |= answers_in(children[0], repeats, key)
        elif (children[0].text or "").strip():
            found[key] = children[0].text
    return found


def as_xml(uid: str, answers: Mapping[str, Any]) -> bytes:
    """Return a submission of the form `uid` with these answers by path."""
    root = ET.Element(uid, id=uid)
    _fill(root, answers, "")
    text: str = ET.tostring(root, encoding="unicode")
    return text.encode()


def _fill(element: ET.Element, answers: Mapping[str, Any], inside: str) -> None:
    for path, value in answers.items():
        *groups, name = path.removeprefix(inside).split("/")
        parent = element
        for group in groups:
            found = parent.find(group)
            parent = ET.SubElement(parent, group) if found is None else found
        items = value if isinstance(value, list) else [value]
        for item in items:
            child = ET.SubElement(parent, name)
            if isinstance(item, dict):
                _fill(child, item, f"{path}/")
            else:
                child.text = str(item)
