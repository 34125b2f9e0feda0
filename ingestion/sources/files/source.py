"""The files of one form as a source: rows are submissions, versioned like any other."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from ingestion.errors import SourceIncompleteError, SourceRejectedError
from ingestion.sources.base import (
    Capabilities,
    Changes,
    FormRef,
    FormVersion,
    Mark,
    Rejected,
    SourceStatus,
    Submission,
)
from ingestion.sources.files.cells import canonical
from ingestion.sources.files.drops import files_of_form, forms_in
from ingestion.sources.files.tables import Row, Table, open_table
from ingestion.sources.storable import is_unstorable

ROWS_AT_ONCE = 1_000
PART_SEPARATOR = "|"

Files = Callable[[], list[Path]]
# Of every file: when and with what size it was written, and whether it is the same.
State = tuple[tuple[Path, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One row, where it stands, and what it is.

    Attributes:
        table: The table it stands in.
        row: The row as read.
        item: The submission, or why it can be none.
    """

    table: Table
    row: Row
    item: Submission | Rejected


class FilesSource:
    """Reads the tables of one form: CSV files or sheets, one header row in each.

    Shape: payloads are `column -> cell` as text; empty cells are left out. A table has
    no repeats. A CSV file is read in pieces, a workbook's sheet as a whole; of several
    files one at a time is held.

    Args:
        path: The file; or a function that lists the files, whose rows count together.
        record_id: The column that identifies a row, or the columns that do so together.
        received_at: The column that says when a row became known; where it is empty or
            None is given, the time of the file counts.
        sheet: In workbooks, the sheet to read; None takes the only one visible.
        known: What the form calls its columns; of a wrong header only these are named.
        expected: The names that each column of the field map may have.
    """

    def __init__(  # noqa: PLR0913 - what the registry and the field map say
        self,
        path: Path | Files,
        record_id: str | Sequence[str],
        received_at: str | None = None,
        *,
        sheet: str | None = None,
        known: Collection[str] = (),
        expected: Collection[Collection[str]] = (),
    ) -> None:
        self._folder = None if callable(path) else path.parent
        self._files: Files = path if callable(path) else lambda: [path]
        self._record_id = (record_id,) if isinstance(record_id, str) else record_id
        self._received_at = received_at
        self._sheet = sheet
        self._known_columns = {*known, *self._record_id, received_at}
        self._expected = expected
        self._listed = 0
        self._state_listed: State | None = None
        self._kept: tuple[State, Table] | None = None

    @classmethod
    def of_form(  # noqa: PLR0913 - what the registry and the field map say
        cls,
        folder: Path,
        name: str,
        record_id: str | Sequence[str],
        received_at: str | None = None,
        *,
        sheet: str | None = None,
        known: Collection[str] = (),
        expected: Collection[Collection[str]] = (),
    ) -> "FilesSource":
        """Return the source of the form `name` in `folder` (see `files_of_form`)."""
        source = cls(
            lambda: files_of_form(folder, name),
            record_id,
            received_at,
            sheet=sheet,
            known=known,
            expected=expected,
        )
        source._folder = folder
        return source

    @property
    def capabilities(self) -> Capabilities:
        """Return what files offer: rows and a header."""
        return Capabilities(definitions=False)

    @property
    def listed_count(self) -> int | None:
        """Return None: how many rows there are is known when they have been read."""
        return None

    def forms(self) -> Iterator[FormRef]:
        """Yield every form that the folder has a file of, or a folder of files."""
        for key, title in forms_in(self._folder) if self._folder else ():
            yield FormRef(key=key, title=title, is_deployed=True)

    def check(self) -> SourceStatus:
        """Make sure that every file is there and has the columns that identify rows."""
        files = self._files()
        for path in files:
            self._table(path)
        if len(files) == 1:
            return SourceStatus(None, f"{files[0].name} is there")
        return SourceStatus(None, f"{len(files)} files in {files[0].parent} are there")

    def versions(self, known: Collection[str]) -> Iterator[FormVersion]:
        """Yield nothing: a file has no definition beside its header."""
        del known
        yield from ()

    def sweep(self) -> Iterator[list[Mark | Rejected]]:
        """Yield a mark of every row."""
        for rows in self.everything():
            yield [row.mark if isinstance(row, Submission) else row for row in rows]

    def everything(self) -> Iterator[list[Submission | Rejected]]:
        """Yield every row."""
        files = self._files()
        self._listed = 0
        self._state_listed = _state(files)
        for page in self._pages(files):
            self._listed += len(page)
            yield page

    def submissions(
        self, submission_ids: Iterator[str]
    ) -> Iterator[list[Submission | Rejected]]:
        """Yield the rows with these identifiers.

        Raises:
            SourceIncompleteError: The files are not those that were swept.
        """
        wanted = set(submission_ids)
        if not wanted:
            return
        for page in self._pages(self._files()):
            yield [
                row
                for row in page
                if isinstance(row, Submission) and row.mark.submission_id in wanted
            ]
        self._refuse_changed()

    def changed_since(self, since: datetime) -> Iterator[list[Submission | Rejected]]:
        """Yield nothing: a file does not say when its rows changed."""
        del since
        yield from ()

    def count(self) -> int:
        """Return the number of rows, provided that nobody wrote a file meanwhile."""
        self._refuse_changed()
        return self._listed

    def changes(self, root_ids: Collection[str], since: datetime | None) -> Changes:
        """Return nothing: a file does not say when its rows changed."""
        del root_ids, since
        return Changes()

    def found(self) -> Iterator[Found]:
        """Yield every row of every file with the place where it stands."""
        return self._found(self._files())

    def _found(self, files: list[Path]) -> Iterator[Found]:
        seen: dict[str, str] = {}
        for path in files:
            table = self._table(path)
            received = _written_at(path)
            for row in table.rows():
                yield Found(table, row, self._item(table, row, seen, received))

    def _pages(self, files: list[Path]) -> Iterator[list[Submission | Rejected]]:
        items = (found.item for found in self._found(files))
        while page := list(islice(items, ROWS_AT_ONCE)):
            yield page

    def _table(self, path: Path) -> Table:
        """Return the table in one file; the last one is kept, while it is unchanged."""
        state = _state([path])
        if self._kept is None or self._kept[0] != state:
            self._kept = None  # two workbooks need not fit into our memory
            table = open_table(path, self._sheet)
            table.require(self._record_id, self._known_columns)
            table.require_all(self._expected, self._known_columns)
            self._kept = (state, table)
        return self._kept[1]

    def _refuse_changed(self) -> None:
        try:
            is_same = self._state_listed in (None, _state(self._files()))
        except SourceRejectedError as error:
            raise SourceIncompleteError(
                f"The files changed while they were read, run it again; now {error}"
            ) from error
        if not is_same and self._state_listed:
            names = ", ".join(str(path) for path, *_ in self._state_listed)
            raise SourceIncompleteError(
                f"{names} changed while it was read: run it again."
            )

    def _item(
        self, table: Table, row: Row, seen: dict[str, str], received: datetime
    ) -> Submission | Rejected:
        record = json.dumps(row.cells)
        reason = self._nameless(table, row)
        if reason:
            return Rejected(None, reason, record)
        record_id = _joined([row.cells[column].strip() for column in self._record_id])
        place = table.row_place(row.number)
        if record_id in seen:
            reason = f"{place} repeats the {self._id_words(table)} of {seen[record_id]}"
            return Rejected(None, reason, record)
        seen[record_id] = place
        if row.problem:
            return Rejected(record_id, row.problem, record)
        return self._submission(record_id, row, received)

    def _nameless(self, table: Table, row: Row) -> str | None:
        """Return why a row has no identifier, if it has none."""
        for column in self._record_id:
            cell = row.cells[column].strip()
            if column in row.unreadable:
                return row.problem
            if not cell:
                return f"{table.row_place(row.number)} has no {_in(table, column)}"
            if is_unstorable(cell):
                return (
                    f"{table.row_place(row.number)} has unreadable characters in its "
                    f"{_in(table, column)}"
                )
        return None

    def _id_words(self, table: Table) -> str:
        return " and ".join(_in(table, column) for column in self._record_id)

    def _submission(self, record_id: str, row: Row, received: datetime) -> Submission:
        payload = {column: cell for column, cell in row.cells.items() if cell != ""}
        content = {column: canonical(cell) for column, cell in payload.items()}
        return Submission(
            mark=Mark(record_id, _fingerprint(content)),
            root_id=record_id,
            form_version_id=None,
            received_at=self._known(payload) or received,
            review_state="none",
            reviewed_at=None,
            payload=payload,
            content=content,
        )

    def _known(self, row: dict[str, str]) -> datetime | None:
        value = row.get(self._received_at or "", "")
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            return None
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _in(table: Table, column: str) -> str:
    return f"{column} ({table.column_place(column).partition(' (')[0]})"


def _joined(parts: Sequence[str]) -> str:
    """Return the identifier that no other parts have."""
    if len(parts) == 1:
        return parts[0]
    escaped = (
        part.replace("\\", "\\\\").replace(PART_SEPARATOR, f"\\{PART_SEPARATOR}")
        for part in parts
    )
    return PART_SEPARATOR.join(escaped)


def _state(files: Sequence[Path]) -> State:
    states = []
    for path in files:
        try:
            status = path.stat()
        except OSError:
            states.append((path, 0, 0, 0))  # who opens it says what is wrong
            continue
        states.append((path, status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(states)


def _written_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise SourceIncompleteError(
            f"{path} disappeared while it was read: run it again."
        ) from error


def _fingerprint(row: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
