"""What can be read off a form's content: its repeats, its summary, its flat columns."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

Content = Mapping[str, Any]

GEOGRAPHIC = frozenset({"geopoint", "geotrace", "geoshape"})
# Rows that the summary does not count as questions; the end of a repeat is one.
NOT_COUNTED = frozenset(
    {
        *("start", "end", "today", "username", "deviceid", "phonenumber", "audit"),
        *("begin_group", "end_group", "end_repeat", "calculate"),
    }
)
LABELS_IN_SUMMARY = 5


def repeat_paths(content: Content) -> frozenset[str]:
    """Return the paths of the repeats, as they are keys in a submission."""
    return frozenset(
        row["$xpath"]
        for row in content.get("survey", [])
        if row.get("type") == "begin_repeat" and "$xpath" in row
    )


def content_hash(content: Content) -> str:
    """Return the hash that changes when the content does."""
    ordered = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha1(ordered, usedforsecurity=False).hexdigest()


def summary(content: Content) -> dict[str, Any]:
    """Return the block `summary` of a project."""
    survey = content.get("survey", [])
    counted = [row for row in survey if row.get("type") not in NOT_COUNTED]
    labels = [row["label"][0] for row in counted if row.get("label")]
    languages = [name for name in content.get("translations", []) if name]
    names = [name for name in _columns(survey) if not name.startswith("$")]
    return {
        "geo": any(row.get("type") in GEOGRAPHIC for row in survey),
        "labels": labels[:LABELS_IN_SUMMARY],
        "columns": names,
        "lock_all": False,
        "lock_any": False,
        "languages": languages,
        "row_count": len(counted),
        "name_quality": {
            "ok": 0,
            "bad": 0,
            "good": len(counted),
            "total": len(counted),
            "firsts": {},
        },
        "default_translation": languages[0] if languages else None,
    }


def report_styles(contents: Iterable[Content]) -> dict[str, Any]:
    """Return the block `report_styles`, which lists the questions of every version."""
    kuids = {
        row.get("name", row.get("$kuid", "")): row.get("$kuid", "")
        for content in contents
        for row in content.get("survey", [])
    }
    return {
        "default": {},
        "specified": {name: {} for name in kuids},
        "kuid_names": kuids,
    }


def flat_content(content: Content) -> dict[str, Any]:
    """Return the content in the columns of an XLSForm, one label column a language."""
    translations = content.get("translations", [])
    translated = content.get("translated", [])

    def flat(row: Mapping[str, Any]) -> dict[str, Any]:
        cells = dict(_flat_cells(row, translations, translated))
        if "select_from_list_name" in cells:
            cells["type"] = f"{cells['type']} {cells.pop('select_from_list_name')}"
        return cells

    return {
        "survey": [flat(row) for row in content.get("survey", [])],
        "choices": [flat(row) for row in content.get("choices", [])],
        "settings": [content.get("settings", {})],
    }


def _flat_cells(
    row: Mapping[str, Any], translations: list[str | None], translated: list[str]
) -> Iterator[tuple[str, Any]]:
    for column, value in row.items():
        if column in translated and isinstance(value, list):
            for language, text in zip(translations, value, strict=False):
                yield (f"{column}::{language}" if language else column), text
        elif isinstance(value, bool):
            yield column, "true" if value else "false"
        else:
            yield column, value


def _columns(survey: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(column for row in survey for column in row))
