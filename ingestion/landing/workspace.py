"""The temporary tables of one run: what was swept, what arrived, what was refused."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, text

from ingestion.landing import statements
from ingestion.landing.copying import copy_rows
from ingestion.landing.rows import ARRIVED_COLUMNS, RowMaker
from ingestion.sources.base import Changes, FormSource, Mark, Rejected, Submission

SWEPT_COLUMNS = ("submission_id", "edit_mark", "review_mark")
REFUSED_COLUMNS = ("submission_id", "record_hash", "reason", "record")
CHANGE_TIME_COLUMNS = ("root_id", "kind", "changed_at")
IDS_AT_ONCE = 1_000

Progress = Callable[[str, int], None]


class Workspace:
    """Temporary tables within one transaction; they end with it, however it ends.

    Args:
        connection: In a transaction; the caller commits.
        table: The form's raw table.
        form_id: The form.
        progress: Told what is being done and how many rows of it are done.
    """

    def __init__(
        self, connection: Connection, table: Table, form_id: str, progress: Progress
    ) -> None:
        self._connection = connection
        self._form_id = form_id
        self._progress = progress
        connection.execute(statements.CREATE_WORK_TABLES)
        connection.execute(
            text(
                f"create temporary view form_rows as select * from {table.fullname}"  # noqa: S608 - one of our own tables
            )
        )

    @classmethod
    @contextmanager
    def on(
        cls, connection: Connection, table: Table, form_id: str, progress: Progress
    ) -> Iterator["Workspace"]:
        """Yield a workspace; its view, unlike its tables, would outlive a commit."""
        yield cls(connection, table, form_id, progress)
        connection.execute(text("drop view form_rows"))

    def sweep(self, source: FormSource) -> None:
        """Note the mark of every submission on the server."""
        done = 0
        for page in source.sweep():
            marks = [
                (mark.submission_id, mark.edit_mark, mark.review_mark)
                for mark in page
                if isinstance(mark, Mark)
            ]
            self._copy("swept", SWEPT_COLUMNS, marks)
            self._refuse(page)
            done += len(page)
            self._progress("swept", done)
        self._connection.execute(statements.SWEPT_FROM_REFUSED)

    def fetch_everything(self, source: FormSource, maker: RowMaker) -> None:
        """Take in every submission on the server; that is a sweep as well."""
        self._take_in(source.everything(), maker)
        self._connection.execute(statements.SWEPT_FROM_ARRIVED)
        self._connection.execute(statements.SWEPT_FROM_REFUSED)

    def fetch_differences(self, source: FormSource, maker: RowMaker) -> None:
        """Take in the submissions whose marks differ from those of the last run."""
        self._take_in(source.submissions(self._differing_ids()), maker)

    def note_changes(self, changes: Changes) -> None:
        """Note when the server says that submissions changed."""
        self._copy(
            "change_times",
            CHANGE_TIME_COLUMNS,
            [
                (root_id, kind, at)
                for kind in ("edited", "reviewed", "deleted")
                for root_id, at in getattr(changes, kind).items()
            ],
        )

    def _differing_ids(self) -> Iterator[str]:
        self._connection.execute(statements.FIND_DIFFERING, {"form_id": self._form_id})
        place = 0
        while True:
            rows = self._connection.execute(
                statements.NEXT_DIFFERING, {"place": place, "row_count": IDS_AT_ONCE}
            ).all()
            if not rows:
                return
            yield from (row.submission_id for row in rows)
            place = rows[-1].place

    def _take_in(
        self, pages: Iterator[list[Submission | Rejected]], maker: RowMaker
    ) -> None:
        done = 0
        for page in pages:
            rows = [
                maker.row(item) if isinstance(item, Submission) else item
                for item in page
            ]
            arrived = [row for row in rows if not isinstance(row, Rejected)]
            self._copy("arrived", ARRIVED_COLUMNS, arrived)
            self._refuse(rows)
            done += len(page)
            self._progress("fetched", done)

    def _refuse(self, page: list[Any]) -> None:
        refused = [
            (
                item.submission_id,
                hashlib.sha256(item.record.encode()).hexdigest(),
                item.reason,
                item.record,
            )
            for item in page
            if isinstance(item, Rejected)
        ]
        self._copy("refused", REFUSED_COLUMNS, refused)

    def _copy(
        self, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]
    ) -> None:
        if rows:
            copy_rows(self._connection, table, columns, rows)
