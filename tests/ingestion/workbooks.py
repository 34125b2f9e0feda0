"""Workbooks as people make them, written by openpyxl or mended behind its back."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

SHEET_PART = "xl/worksheets/sheet1.xml"


def write_workbook(
    path: Path,
    rows: Sequence[Sequence[Any]],
    *,
    title: str = "Payments",
    change: Callable[[Workbook], None] = lambda _book: None,
) -> Path:
    """Write `rows` as the first sheet; `change` may do more to the workbook."""
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    change(book)
    book.save(path)
    return path


def replace_in_sheet(path: Path, old: str, new: str) -> None:
    """Write a part of the first sheet's XML that openpyxl would not."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    xml = parts[SHEET_PART].decode()
    assert old in xml
    parts[SHEET_PART] = xml.replace(old, new).encode()
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
