"""Excel workbooks (.xlsx): one sheet of one, read as a whole.

pandas opens the workbook. The cells are taken from the reader that it opens, because a
frame no longer tells an error from an empty cell, a date from a midnight, or a merged
cell from a blank one.
"""

import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from ingestion.errors import SourceRejectedError
from ingestion.sources.files.cells import cell_text
from ingestion.sources.files.lines import Line, letter

OLD_KIND = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ERROR_TYPE = "e"
# What a reader of XML in a ZIP file meets when somebody cut it off or made it badly.
DAMAGED = (
    BadZipFile,
    zlib.error,
    EOFError,
    SyntaxError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
)
TAG = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

NO_RESULT = (
    "holds a formula whose result the file does not keep: open the file in Excel and "
    "save it there, or put the value in the place of the formula"
)
MERGED = (
    "is merged with another cell, so it has no value of its own: unmerge the cells "
    "and fill in every one"
)
ERROR = "shows the error {}: correct its formula, or put the value in its place"

Range = tuple[int, int, int, int]  # first column, first row, last column, last row


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as text.

    Attributes:
        name: The sheet's name.
        lines: Its lines, from the first on.
    """

    name: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class _Oddities:
    """What a sheet's cells do not tell themselves."""

    without_result: frozenset[str]
    merged: tuple[Range, ...]

    def lacks_result(self, place: int, number: int) -> bool:
        """Return whether the cell that seems empty holds a formula."""
        return f"{letter(place)}{number}" in self.without_result

    def merged_into_others(self, number: int) -> Iterator[int]:
        """Yield the places in a row of which another cell has the value."""
        for first_column, first_row, last_column, last_row in self.merged:
            if first_row <= number <= last_row:
                is_first = number == first_row
                yield from range(first_column - 1 + is_first, last_column)


def read_sheet(path: Path, wanted: str | None) -> Sheet:
    """Return the sheet called `wanted`, or without one the only sheet that is visible.

    Rows and columns that are hidden or filtered out are read as well.

    Raises:
        SourceRejectedError: It is not such a workbook, or has not that sheet.
        OSError: It cannot be opened.
    """
    # Here and not above: it takes half a second, which only those who read workbooks
    # shall wait.
    import pandas as pd  # noqa: PLC0415

    _refuse_old_kind(path)
    with (
        _explained(path),
        pd.ExcelFile(path, engine="openpyxl") as workbook,
    ):
        sheet = _choose(path, workbook.book.worksheets, wanted)
        part = sheet._worksheet_path  # noqa: SLF001 - openpyxl tells it nowhere else
        oddities = _oddities(path, part)
        # What a sheet says of its own extent may be wrong.
        sheet.reset_dimensions()
        lines = [
            _line(number, cells, oddities)
            for number, cells in enumerate(sheet.rows, start=1)
        ]
        return Sheet(sheet.title, lines)


def _refuse_old_kind(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(len(OLD_KIND)) != OLD_KIND:
            return
        is_encrypted = ENCRYPTED in file.read()
    if is_encrypted:
        raise SourceRejectedError(
            f"{path} is protected with a password: open it in Excel, take the password "
            "away (File, Info, Protect Workbook, Encrypt with Password) and save it."
        )
    raise SourceRejectedError(
        f"{path} is a workbook of the old kind (.xls): open it in Excel and save it as "
        "an Excel workbook (.xlsx)."
    )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    with warnings.catch_warnings():
        # openpyxl warns of styles and rules that it would not write back.
        warnings.simplefilter("ignore")
        try:
            yield
        except DAMAGED as error:
            raise SourceRejectedError(
                f"{path} is not a workbook that can be read: it may be damaged or not "
                "yet copied to its end; open it in Excel, save it and put it there "
                "again."
            ) from error


def _choose(path: Path, sheets: list[Any], wanted: str | None) -> Any:  # noqa: ANN401 - openpyxl is untyped
    if wanted is not None:
        # Excel takes names that differ in capitals only for the same.
        chosen = [s for s in sheets if s.title.casefold() == wanted.casefold()]
        problem = f"has no sheet {wanted!r}, which the registry names"
    else:
        chosen = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
        problem = f"has {len(chosen)} sheets that are visible"
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(
        repr(sheet.title) + ("" if sheet.sheet_state == "visible" else " (hidden)")
        for sheet in sheets
    )
    raise SourceRejectedError(
        f"{path} {problem}: it has {names or 'none'}; name the one to read with "
        "`sheet:` in the form's entry in the registry, or leave one visible."
    )


def _oddities(path: Path, part: str) -> _Oddities:
    from openpyxl.utils import range_boundaries  # noqa: PLC0415 - as above
    from openpyxl.xml.functions import iterparse  # noqa: PLC0415

    without_result = set()
    merged = []
    with ZipFile(path) as archive, archive.open(part) as xml:
        for _, element in iterparse(xml):
            if element.tag == f"{TAG}c" and _lacks_result(element):
                without_result.add(element.get("r"))
            elif element.tag == f"{TAG}mergeCell":
                merged.append(range_boundaries(element.get("ref")))
            elif element.tag == f"{TAG}row":
                element.clear()
    return _Oddities(frozenset(without_result), tuple(merged))


def _lacks_result(cell: Any) -> bool:  # noqa: ANN401 - openpyxl is untyped
    return (
        cell.find(f"{TAG}f") is not None
        and not cell.findtext(f"{TAG}v")
        and cell.get("t") != "str"  # there the result is an empty text
    )


def _line(number: int, cells: tuple[Any, ...], oddities: _Oddities) -> Line:
    texts: list[str] = []
    problems: dict[int, str] = {}
    for place, cell in enumerate(cells):
        if cell.value is None and oddities.lacks_result(place, number):
            texts.append("=")  # not blank: somebody filled it
            problems[place] = NO_RESULT
            continue
        text, problem = _read(cell)
        texts.append(text)
        if problem:
            problems[place] = problem
    for place in oddities.merged_into_others(number):
        problems.setdefault(place, MERGED)
    return Line(number, texts, problems)


def _read(cell: Any) -> tuple[str, str | None]:  # noqa: ANN401 - openpyxl is untyped
    if cell.value is None:
        return "", None
    if cell.data_type == ERROR_TYPE:
        return cell.value, ERROR.format(cell.value)
    try:
        return cell_text(cell.value, cell.number_format), None
    except ValueError as error:
        return str(cell.value), str(error)
