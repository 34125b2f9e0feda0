"""Submissions as XML, the way phones send them to Central."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from sandbox.odk.xforms.fields import Field, local

OPENROSA = "http://openrosa.org/xforms"
ET.register_namespace("orx", OPENROSA)


def as_xml(
    form_id: str, version: str, roots: Sequence[Field], answers: Mapping[str, Any]
) -> bytes:
    """Return a submission as XML; questions without an answer are empty elements.

    Args:
        form_id: The xmlFormId.
        version: Version string of the form it was filled in with.
        roots: What that version asks. Answers to anything else come last.
        answers: Text by path; of a repeat, a list of such.
    """
    root = ET.Element("data", id=form_id, version=version)
    left = dict(answers)
    _fill_in(root, roots, left)
    _append(root, left)
    text: str = ET.tostring(root, encoding="unicode")
    return b'<?xml version="1.0"?>' + text.encode()


def answers_in(
    element: ET.Element, repeats: Collection[str], path: str = ""
) -> dict[str, Any]:
    """Return the answers in an element by path, text as it stands there.

    Args:
        element: Of the submission's XML.
        repeats: The paths that are repeats in any version of the form.
        path: The element's own.
    """
    found: dict[str, Any] = {}
    for child in element:
        name = local(child.tag)
        key = f"{path}/{name}" if path else name
        if key in repeats:
            found.setdefault(key, []).append(answers_in(child, repeats, key))
        elif len(child):
            found |= answers_in(child, repeats, key)
        elif child.text:
            found[key] = child.text
    return found


def _fill_in(parent: ET.Element, fields: Sequence[Field], left: dict[str, Any]) -> None:
    for field in fields:
        if field.kind == "structure":
            _fill_in(_child(parent, field.path), field.children, left)
        elif field.kind == "repeat":
            for item in left.pop(field.path, []):
                element = _child(parent, field.path)
                inside = dict(item)
                _fill_in(element, field.children, inside)
                _append(element, inside, f"{field.path}/")
        else:
            _child(parent, field.path).text = left.pop(field.path, None)


def _append(element: ET.Element, answers: Mapping[str, Any], inside: str = "") -> None:
    """Put answers that the version does not ask for where their path says."""
    for path, value in answers.items():
        *groups, _ = path.removeprefix(inside).split("/")
        parent, sofar = element, inside
        for group in groups:
            sofar += group
            found = parent.find(_tag(sofar))
            parent = _child(parent, sofar) if found is None else found
            sofar += "/"
        for item in value if isinstance(value, list) else [value]:
            child = _child(parent, path)
            if isinstance(item, Mapping):
                _append(child, item, f"{path}/")
            else:
                child.text = str(item)


def _child(parent: ET.Element, path: str) -> ET.Element:
    return ET.SubElement(parent, _tag(path))


def _tag(path: str) -> str:
    name = path.rpartition("/")[2]
    is_meta = path == "meta" or path.startswith("meta/")
    return f"{{{OPENROSA}}}{name}" if is_meta else name
