"""CSV files, read line by line: in UTF-8, or in UTF-16 as Excel's "Unicode text"."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from ingestion.errors import SourceRejectedError
from ingestion.sources.files.cells import LONG_NUMBER, is_shortened
from ingestion.sources.files.lines import Line, letter

# The first counts where the header has as many columns by another.
SEPARATORS = (",", ";", "\t")
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
MARK_LENGTH = 4
NOT_DECODED = re.compile("[\udc80-\udcff]")
REMEDY = "in Excel choose Save As and the type 'CSV UTF-8 (comma delimited)'"


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a CSV file; none but the present one is held.

    Its first line tells whether commas, semicolons or tabs separate. Line ends within
    quoted cells are part of them, so rows are counted as Excel counts them.

    Raises:
        SourceRejectedError: It is not such a file; the message says where.
        OSError: It cannot be opened.
    """
    encoding = _encoding(path)
    number = 0
    try:
        separator = _separator(path, encoding)
        with path.open(encoding=encoding, newline="") as file:
            for cells in csv.reader(file, delimiter=separator, strict=True):
                number += 1
                yield Line(number, cells, _problems(cells))
    except UnicodeDecodeError as error:
        raise _undecodable(path, encoding) from error
    except csv.Error as error:
        raise SourceRejectedError(
            f"{path} cannot be read from row {number + 1} on ({error}): look for a "
            f"quotation mark there that is not closed or not doubled, or {REMEDY}."
        ) from error


def _problems(cells: list[str]) -> dict[int, str]:
    return {
        place: LONG_NUMBER
        for place, cell in enumerate(cells)
        if "E+" in cell and is_shortened(cell)
    }


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        beginning = file.read(MARK_LENGTH)
    if beginning in WORKBOOK_MARKS:
        raise SourceRejectedError(
            f"{path} is a workbook, not a CSV file: give it the ending that it had in "
            f"Excel, or {REMEDY}."
        )
    return "utf-16" if beginning.startswith(UTF_16_MARKS) else "utf-8-sig"


def _separator(path: Path, encoding: str) -> str:
    return max(SEPARATORS, key=lambda separator: _width(path, encoding, separator))


def _width(path: Path, encoding: str, separator: str) -> int:
    with path.open(encoding=encoding, newline="") as file:
        return len(next(csv.reader(file, delimiter=separator), []))


def _undecodable(path: Path, encoding: str) -> SourceRejectedError:
    if encoding == "utf-16":
        return SourceRejectedError(
            f"{path} begins as UTF-16 and does not go on so, it may be cut off: "
            f"{REMEDY}."
        )
    return SourceRejectedError(
        f"{path} is not a CSV file in UTF-8: {_first_undecodable(path)} cannot be "
        f"read: {REMEDY}."
    )


def _first_undecodable(path: Path) -> str:
    """Return where the first character is that is not UTF-8."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        separator = max(
            SEPARATORS, key=file.readline().count
        )  # the header may be what cannot be read
        file.seek(0)
        for number, cells in enumerate(csv.reader(file, delimiter=separator), start=1):
            for place, cell in enumerate(cells):
                if NOT_DECODED.search(cell):
                    # By its letter: row 1 of a file without a header is a record.
                    return f"row {number}, column {letter(place)}"
    return "one of its characters"
