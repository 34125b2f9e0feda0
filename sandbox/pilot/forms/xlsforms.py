"""An XLSForm as KoboToolbox shows it in an asset's detail.

KoboToolbox normalises what was uploaded: labels become arrays parallel to the
translations, `select_one x` becomes a type and a list, every question learns its path.
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Content = dict[str, Any]
Cells = dict[str, Any]

TRANSLATED_COLUMNS = ("label", "hint", "constraint_message")
COPIED_COLUMNS = (
    "relevant",
    "constraint",
    "calculation",
    "appearance",
    "choice_filter",
    "parameters",
)
SELECTS = ("select_one", "select_multiple")


def read_xlsform(path: Path) -> Content:
    """Return the form at `path` as an asset's `content`."""
    # Here and not above: only a server that is given forms shall wait for it.
    from openpyxl import load_workbook  # noqa: PLC0415

    workbook = load_workbook(path, read_only=True)
    survey = _cells(workbook["survey"])
    choices = _cells(workbook["choices"])
    settings = _cells(workbook["settings"])[0]
    workbook.close()
    translations = _translations(survey)
    used = {
        column
        for column in TRANSLATED_COLUMNS
        if any(_translated(row, column, translations) for row in survey + choices)
    }
    return {
        "schema": "1",
        "survey": _survey_rows(survey, translations, path.stem),
        "choices": [_choice_row(row, translations, path.stem) for row in choices],
        "settings": _settings(settings),
        "translated": sorted(used),
        "translations": translations,
    }


def stable_kuid(*parts: str) -> str:
    """Return an identifier of nine characters, the same for the same parts."""
    return "k" + hashlib.sha256("|".join(parts).encode()).hexdigest()[:8]


def _cells(sheet: "Worksheet") -> list[Cells]:
    rows = sheet.iter_rows(values_only=True)
    header = next(rows)
    filled = (
        {name: cell for name, cell in zip(header, row, strict=True) if cell is not None}
        for row in rows
    )
    return [cells for cells in filled if cells]


def _translations(survey: list[Cells]) -> list[str]:
    names = (column for row in survey for column in row if column.startswith("label::"))
    return list(dict.fromkeys(name.removeprefix("label::") for name in names))


def _translated(row: Cells, column: str, translations: list[str]) -> list[str | None]:
    texts = [row.get(f"{column}::{translation}") for translation in translations]
    return texts if any(texts) else []


def _survey_rows(
    survey: list[Cells], translations: list[str], form: str
) -> list[Content]:
    rows = []
    groups: list[str] = []
    for number, cells in enumerate(survey):
        row: Content = {"$kuid": stable_kuid(form, str(number))}
        row |= _type_and_list(cells["type"])
        rows.append(row)
        if row["type"].startswith("end_"):
            groups.pop()
            continue
        name = cells["name"]
        row |= {"name": name, "$autoname": name, "$xpath": "/".join([*groups, name])}
        row |= {column: cells[column] for column in COPIED_COLUMNS if column in cells}
        if "required" in cells:
            row["required"] = True
        row |= _translated_columns(cells, translations)
        if row["type"].startswith("begin_"):
            groups.append(name)
    return rows


def _translated_columns(cells: Cells, translations: list[str]) -> Content:
    texts = {
        column: _translated(cells, column, translations)
        for column in TRANSLATED_COLUMNS
    }
    return {column: labels for column, labels in texts.items() if labels}


def _type_and_list(declared: str) -> Content:
    kind, _, listed = declared.partition(" ")
    if kind in SELECTS:
        return {"type": kind, "select_from_list_name": listed}
    if kind.endswith("_from_file"):
        return {"type": kind, "file": listed}
    return {"type": kind}


def _choice_row(cells: Cells, translations: list[str], form: str) -> Content:
    listed, name = str(cells["list_name"]), str(cells["name"])
    return {
        "$kuid": stable_kuid(form, listed, name),
        "$autovalue": name,
        "list_name": listed,
        "name": name,
        "label": _translated(cells, "label", translations),
    }


def _settings(cells: Cells) -> Content:
    kept = ("style", "version", "instance_name", "default_language")
    settings = {name: str(cells[name]) for name in kept if name in cells}
    return settings | {"id_string": str(cells["form_id"])}
