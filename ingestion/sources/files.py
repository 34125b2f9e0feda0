"""CSV files that people drop into a folder.

A row is a submission: its identifier is a column that the field map names, and it is
versioned like any other, so a changed cell and a removed row are both seen.
"""

import hashlib
import json
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

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
from ingestion.sources.storable import is_unstorable

if TYPE_CHECKING:
    from pandas.io.parsers import TextFileReader

ROWS_AT_ONCE = 1_000
HEADER_ROWS = 1


class FilesSource:
    """Reads one CSV file: UTF-8, commas, one header row.

    Shape: payloads are `column -> cell` as text; empty cells are left out.

    Args:
        path: The file.
        record_id: The column that identifies a row.
        received_at: The column that says when a row became known; where it is empty or
            None is given, the time of the file counts.
    """

    def __init__(
        self, path: Path, record_id: str, received_at: str | None = None
    ) -> None:
        self._path = path
        self._record_id = record_id
        self._received_at = received_at
        self._listed = 0
        self._state_listed: tuple[int, int] | None = None

    @property
    def capabilities(self) -> Capabilities:
        """Return what a file offers: rows and a header."""
        return Capabilities(definitions=False)

    @property
    def listed_count(self) -> int | None:
        """Return None: how many rows a file has is known when it has been read."""
        return None

    def forms(self) -> Iterator[FormRef]:
        """Yield every file of the folder."""
        for path in sorted(self._path.parent.glob("*.csv")):
            yield FormRef(key=path.stem, title=path.name, is_deployed=True)

    def check(self) -> SourceStatus:
        """Make sure that the file is there and has the column that identifies rows."""
        columns = [str(column) for column in next(self._frames()).columns]
        if self._record_id not in columns:
            raise SourceRejectedError(
                f"{self._path} has no column {self._record_id!r}, its first row has "
                f"{', '.join(columns)}: correct the header, and separate with commas."
            )
        return SourceStatus(None, f"{self._path.name} is there")

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
        self.check()
        self._listed = 0
        self._state_listed = self._state()
        seen: dict[str, int] = {}
        received = datetime.fromtimestamp(self._path.stat().st_mtime, UTC)
        for frame in self._frames():
            records: list[dict[str, str]] = frame.to_dict(orient="records")  # type: ignore[assignment]  # read as text throughout
            first = self._listed + HEADER_ROWS + 1
            self._listed += len(records)
            yield [
                self._submission(record, row_number, seen, received)
                for row_number, record in enumerate(records, start=first)
            ]

    def submissions(
        self, submission_ids: Iterator[str]
    ) -> Iterator[list[Submission | Rejected]]:
        """Yield the rows with these identifiers."""
        wanted = set(submission_ids)
        for rows in self.everything():
            yield [
                row
                for row in rows
                if isinstance(row, Submission) and row.mark.submission_id in wanted
            ]

    def changed_since(self, since: datetime) -> Iterator[list[Submission | Rejected]]:
        """Yield nothing: a file does not say when its rows changed."""
        del since
        yield from ()

    def count(self) -> int:
        """Return the number of rows, provided that nobody wrote the file meanwhile."""
        if self._state() != self._state_listed:
            raise SourceIncompleteError(
                f"{self._path} changed while it was read: run it again."
            )
        return self._listed

    def changes(self, root_ids: Collection[str], since: datetime | None) -> Changes:
        """Return nothing: a file does not say when its rows changed."""
        del root_ids, since
        return Changes()

    def _state(self) -> tuple[int, int]:
        try:
            status = self._path.stat()
        except OSError as error:
            raise SourceIncompleteError(
                f"{self._path} disappeared while it was read: run it again."
            ) from error
        return status.st_mtime_ns, status.st_size

    def _frames(self) -> Iterator[pd.DataFrame]:
        """Yield the file piece by piece; one with a header only is one empty piece."""
        with self._reading() as reader:
            while True:
                with self._explained(), warnings.catch_warnings():
                    # A row with more cells than the header is only warned about.
                    warnings.simplefilter("error", pd.errors.ParserWarning)
                    frame = next(reader, None)
                if frame is None:
                    return
                yield frame

    def _reading(self) -> "TextFileReader":
        with self._explained():
            return pd.read_csv(
                self._path,
                dtype=str,
                keep_default_na=False,
                encoding="utf-8-sig",
                index_col=False,
                chunksize=ROWS_AT_ONCE,
            )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise SourceRejectedError(
                f"{self._path} is not there: put the file into the folder, or correct "
                "the server's path in the registry or JOURNAL_FILES_ROOT."
            ) from error
        except OSError as error:
            raise SourceRejectedError(
                f"{self._path} cannot be read ({error.strerror}): put a CSV file there "
                "that this account may read."
            ) from error
        except pd.errors.ParserWarning as error:
            raise SourceRejectedError(
                f"{self._path} has a row with more cells than its header: quote the "
                "cells that hold commas."
            ) from error
        except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeError) as error:
            reason = str(error).strip().removeprefix("Error tokenizing data. C error: ")
            raise SourceRejectedError(
                f"{self._path} is not a CSV file in UTF-8: {reason}."
            ) from error

    def _submission(
        self,
        record: dict[str, str],
        row_number: int,
        seen: dict[str, int],
        received: datetime,
    ) -> Submission | Rejected:
        row = {column: cell for column, cell in record.items() if cell != ""}
        record_id = row.get(self._record_id, "").strip()
        where = f"row {row_number} of {self._path.name}"
        if not record_id:
            return Rejected(
                None, f"{where} has no {self._record_id}", json.dumps(record)
            )
        if is_unstorable(record_id):
            return Rejected(
                None,
                f"{where} has unreadable characters in its {self._record_id}",
                json.dumps(record),
            )
        if record_id in seen:
            return Rejected(
                None,
                f"{where} repeats the {self._record_id} of row {seen[record_id]}",
                json.dumps(record),
            )
        seen[record_id] = row_number
        return Submission(
            mark=Mark(record_id, _fingerprint(row)),
            root_id=record_id,
            form_version_id=None,
            received_at=self._known(row) or received,
            review_state="none",
            reviewed_at=None,
            payload=row,
            content=row,
        )

    def _known(self, row: dict[str, str]) -> datetime | None:
        value = row.get(self._received_at or "", "")
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            return None
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _fingerprint(row: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
