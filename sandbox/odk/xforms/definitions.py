"""A form's content as XForm XML, the only shape in which Central keeps definitions."""

import hashlib
import logging
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

Content = Mapping[str, Any]

TRANSLATED = ("label", "hint", "constraint_message", "guidance_hint")
KEPT = (
    *("name", "appearance", "calculation", "choice_filter", "constraint"),
    *("default", "parameters", "relevant", "required"),
)
KEPT_SETTINGS = ("default_language", "instance_name", "style", "version")
# Of content and id alone, and slow to make: servers of the same form share them.
_MADE: dict[str, bytes] = {}


class DefinitionError(Exception):
    """A form's content cannot be turned into an XForm; the message says why."""


def xform_xml(form_id: str, title: str, version: str, content: Content) -> bytes:
    """Return the form as XForm XML, labels and choices in all its languages.

    Args:
        form_id: The xmlFormId.
        title: What people call it.
        version: The version string.
        content: Survey, choices, settings and translations as KoboToolbox shows them.

    Raises:
        DefinitionError: pyxform refuses the form.
    """
    sheets = _sheets(form_id, title, version, content)
    key = hashlib.sha256(orjson.dumps(sheets)).hexdigest()
    if key not in _MADE:
        _MADE[key] = _converted(form_id, sheets)
    return _MADE[key]


def _converted(form_id: str, sheets: dict[str, Any]) -> bytes:
    # Here and not above: only a server that is given forms shall wait for it.
    from pyxform.errors import PyXFormError  # noqa: PLC0415
    from pyxform.xls2xform import convert  # noqa: PLC0415

    logging.getLogger("pyxform").setLevel(logging.ERROR)
    try:
        xml: str = convert(sheets, form_name="data").xform
    except PyXFormError as error:
        reason = str(error).splitlines()[0]
        raise DefinitionError(f"Form {form_id} is no XForm: {reason}") from error
    return xml.encode()


def _sheets(
    form_id: str, title: str, version: str, content: Content
) -> dict[str, list[dict[str, Any]]]:
    languages = content.get("translations") or [None]
    given = content.get("settings", {})
    settings = {key: given[key] for key in KEPT_SETTINGS if given.get(key)}
    settings |= {"form_id": form_id, "form_title": title, "version": version}
    return {
        "survey": [_row(row, languages) for row in content.get("survey", [])],
        "choices": [
            {
                "list_name": row["list_name"],
                **dict(_cells(row, languages)),
            }
            for row in content.get("choices", [])
        ],
        "settings": [settings],
    }


def _row(row: Mapping[str, Any], languages: list[str | None]) -> dict[str, Any]:
    kind = row["type"]
    listed = row.get("select_from_list_name") or row.get("file")
    declared = kind.replace("begin_", "begin ").replace("end_", "end ")
    cells = {"type": f"{declared} {listed}" if listed else declared}
    if kind.startswith("end_"):
        return cells
    cells |= dict(_cells(row, languages))
    is_labelled = any(column.startswith(("label", "hint")) for column in cells)
    # Central takes no question that says nothing; KoboToolbox does.
    return cells if is_labelled else cells | {"label": row["name"]}


def _cells(
    row: Mapping[str, Any], languages: list[str | None]
) -> Iterator[tuple[str, Any]]:
    for column in KEPT:
        if row.get(column) not in (None, "", False):
            yield column, "yes" if row[column] is True else str(row[column])
    for column in TRANSLATED:
        for language, text in zip(languages, row.get(column) or [], strict=False):
            if text:
                yield (f"{column}::{language}" if language else column), text
