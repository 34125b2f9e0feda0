"""A table: named columns and rows, from a CSV file or from a sheet of a workbook."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingestion.errors import SourceRejectedError
from ingestion.sources.files.delimited import read_lines
from ingestion.sources.files.drops import refuse_ending
from ingestion.sources.files.lines import Line, letter
from ingestion.sources.files.workbooks import read_sheet

NUL = "\x00"


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank.

    Attributes:
        number: As Excel shows it.
        cells: Column -> cell as text; of every column that has a name.
        problem: Why the row cannot be taken as it stands, where and what to do.
        unreadable: The columns whose cells are not what they show.
    """

    number: int
    cells: dict[str, str]
    problem: str | None
    unreadable: frozenset[str]


class Table:
    """Shape: the first row has the names of the columns, every other is a record.

    A CSV file is read anew for each pass and never held; the sheet of a workbook is
    held as text.

    Args:
        path: The file.
        name: What to call it in a sentence: the file, and the sheet where it has any.
        read: Reads the lines, from the first on.

    Raises:
        SourceRejectedError: The first row does not name every column once.
    """

    def __init__(
        self, path: Path, name: str, read: Callable[[], Iterable[Line]]
    ) -> None:
        self.path = path
        self.name = name
        self._read = read
        self._header = self._names()
        self.columns = [column for column in self._header if column]

    def rows(self) -> Iterator[Row]:
        """Yield the rows; blank ones are passed over, and counted in the numbers.

        Raises:
            SourceRejectedError: A row fills a column without a name, or the rest of
                the file cannot be read.
        """
        with _explained(self.path):
            for line in self._read():
                if line.number > 1 and not line.is_blank:
                    yield self._row(line)

    def require(
        self, columns: Sequence[str], known: Collection[str | None] = ()
    ) -> None:
        """Make sure that the table has these columns.

        Args:
            columns: Those that it must have.
            known: What columns may be called, as far as the form knows. Row 1 of a
                file without a header is a record, so no other cell of it is repeated.

        Raises:
            SourceRejectedError: It has not.
        """
        missing = [column for column in columns if column not in self.columns]
        if missing:
            names = " and no column ".join(map(repr, missing))
            raise SourceRejectedError(
                f"{self._where()} has no column {names}, row 1 has "
                f"{self._in_row_1([*columns, *known])}: correct the header in row 1, "
                "which names every column as the field map does."
            )

    def require_all(
        self, expected: Collection[Collection[str]], known: Collection[str | None]
    ) -> None:
        """Make sure that no column was renamed, which would take its answers away.

        A table may leave columns out, and may have some that nobody knows; one that
        does both most likely calls a column by another name.

        Args:
            expected: The names that each column of the field map may have.
            known: What columns may be called.

        Raises:
            SourceRejectedError: It does both.
        """
        lacking = [
            min(names) for names in expected if not set(names) & set(self.columns)
        ]
        strange = [
            letter(self._header.index(column))
            for column in self.columns
            if column not in known
        ]
        if lacking and strange:
            raise SourceRejectedError(
                f"{self._where()} has no column {', '.join(lacking)}, which the field "
                f"map names, and nobody knows what row 1 has in {', '.join(strange)}: "
                "a renamed column would take its answers away, so correct the header, "
                "or name the new columns in the field map."
            )

    def row_place(self, number: int) -> str:
        """Return what to call a row in a sentence."""
        return f"row {number} of {self.name}"

    def cell_place(self, number: int, column: str) -> str:
        """Return what to call a cell in a sentence."""
        return f"{self.row_place(number)}, {self.column_place(column)}"

    def column_place(self, column: str) -> str:
        """Return what to call a column: Excel's letter and its name."""
        return f"column {letter(self._header.index(column))} ({column})"

    def _in_row_1(self, known: Collection[str | None]) -> str:
        found = [column for column in self.columns if column in known]
        count = len(self.columns)
        return (
            f"{count} column{'' if count == 1 else 's'}, of which the form knows "
            f"{', '.join(found) or 'none'}"
        )

    def _row(self, line: Line) -> Row:
        self._refuse_nameless(line)
        cells = {
            column: line.cells[place] if place < len(line.cells) else ""
            for place, column in enumerate(self._header)
            if column
        }
        unreadable = {
            self._header[place]: reason
            for place, reason in line.problems.items()
            if place < len(self._header) and self._header[place]
        }
        sentences = [
            f"{self.cell_place(line.number, column)} {reason}"
            for column, reason in unreadable.items()
        ]
        return Row(
            line.number, cells, "; ".join(sentences) or None, frozenset(unreadable)
        )

    def _refuse_nameless(self, line: Line) -> None:
        for place, cell in enumerate(line.cells):
            has_name = place < len(self._header) and self._header[place]
            if cell.strip() and not has_name:
                raise SourceRejectedError(
                    f"{self._where()}: row {line.number} fills column {letter(place)}, "
                    "which has no name in row 1: name the column or empty it; in a "
                    "CSV file, quote the cells that hold the separator."
                )

    def _names(self) -> list[str]:
        with _explained(self.path):
            header = next(iter(self._read()), None)
        if header is None or header.is_blank:
            lack = "is empty" if header is None else "has nothing in row 1"
            raise SourceRejectedError(
                f"{self._where()} {lack}: put the names of the columns into row 1 and "
                "the records below it."
            )
        names = [name.strip() for name in header.cells]
        problems = [
            *(
                f"column {letter(place)} {why}"
                for place, why in header.problems.items()
            ),
            *_repeated(names),
            *(
                f"column {letter(place)} has a character that no text has"
                for place, name in enumerate(names)
                if NUL in name
            ),
        ]
        if problems:
            raise SourceRejectedError(
                f"{self._where()}: in row 1, {'; '.join(problems)}: give every column "
                "a name of its own."
            )
        return names

    def _where(self) -> str:
        return str(self.path) + self.name.removeprefix(self.path.name)


def open_table(path: Path, sheet: str | None = None) -> Table:
    """Return the table in a file.

    Args:
        path: The file; its ending says of which kind it is.
        sheet: Of a workbook with several sheets: the one to read.

    Raises:
        SourceRejectedError: There is none, or it cannot be read as a table.
    """
    with _explained(path):
        refuse_ending(path)
        if path.suffix.lower() == ".csv":
            return Table(path, path.name, lambda: read_lines(path))
        found = read_sheet(path, sheet)
    return Table(path, f"{path.name}, sheet {found.name!r}", lambda: found.lines)


def _repeated(names: list[str]) -> Iterator[str]:
    for place, name in enumerate(names):
        if name and name in names[:place]:
            first = letter(names.index(name))
            yield f"columns {first} and {letter(place)} are called the same"


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise SourceRejectedError(
            f"{path} is not there: put the file into the folder, or correct the "
            "server's path in the registry or JOURNAL_FILES_ROOT."
        ) from error
    except OSError as error:
        raise SourceRejectedError(
            f"{path} cannot be read ({error.strerror}): put a .csv or .xlsx file there "
            "that this account may read."
        ) from error
