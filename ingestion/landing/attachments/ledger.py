"""What `ops.attachments` knows of one form's files, and how it is kept true.

A row says `stored` only once the file is there. Whenever a file may be there and the
row says otherwise, because a run was killed or the record was deleted, the row still
has its path, so that the file is found and removed.

A form may be landed meanwhile, so what was read of its submissions may be over when it
is used. What an edit makes of a file is seen by the next run, as its rows tell of an
earlier version than the submission has; what is deleted is asked for again and again.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, Table, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql import ColumnElement

from ingestion.clock import Clock
from ingestion.landing.attachments import queries
from ingestion.landing.attachments.store import AttachmentStore, Incoming
from ingestion.sources.base import Attachment, DownloadLimits
from warehouse.tables import attachments as table

SUBMISSIONS_AT_ONCE = 200
# As many requests at least: a server's slot is held for so many files.
FILES_AT_ONCE = 50
# Of the lock on one stored file; those of forms have others (see `form_locks.Work`).
LOCK_SEED = 1

HOLD_FILE = text("select pg_advisory_xact_lock(hashtextextended(:stored_path, :seed))")


@dataclass(frozen=True, slots=True)
class Listed:
    """A live submission whose files are to be listed.

    Attributes:
        submission_id: The submission.
        version_number: Of its latest version.
        payload: Of its latest version.
        has_rows: Whether an earlier version had files.
    """

    submission_id: str
    version_number: int
    payload: Mapping[str, Any]
    has_rows: bool


class Ledger:
    """The rows of one form, as one run reads and writes them.

    Args:
        engine: On the warehouse.
        raw: The form's raw table.
        form_id: The form.
        run_id: Of this run.
        clock: Tells the time.
    """

    def __init__(
        self, engine: Engine, raw: Table, form_id: str, run_id: uuid.UUID, clock: Clock
    ) -> None:
        self._engine = engine
        self._raw = raw
        self._form_id = form_id
        self._run_id = run_id
        self._clock = clock
        self._mine = table.c.form_id == form_id

    def held(self) -> Counter[str]:
        """Return how many files of the form have each status."""
        query = (
            select(table.c.status_code, func.count())
            .where(self._mine)
            .group_by(table.c.status_code)
        )
        with self._engine.connect() as connection:
            return Counter({row[0]: row[1] for row in connection.execute(query)})

    def has_files(self) -> bool:
        """Return whether a file of the form may be in the store."""
        query = select(table.c.form_id).where(
            self._mine, table.c.stored_path.is_not(None)
        )
        with self._engine.connect() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def unlisted(self) -> Iterator[list[Listed]]:
        """Yield the live submissions whose latest version has not been listed yet.

        One without files has no row and comes every time; to see that costs no request.
        """
        with self._engine.connect() as connection:
            found = connection.execute(queries.unlisted(self._form_id)).all()
        has_rows = {row.submission_id: row.has_rows for row in found}
        # Of all of them the ids only: the payloads of a form need not fit into memory.
        for start in range(0, len(found), SUBMISSIONS_AT_ONCE):
            ids = [row.submission_id for row in found[start:][:SUBMISSIONS_AT_ONCE]]
            rows = self._read(queries.latest_of(self._raw, self._form_id, ids))
            yield [
                Listed(**row, has_rows=has_rows[row["submission_id"]]) for row in rows
            ]

    def note_files(self, listed: Listed, found: Sequence[Attachment]) -> int:
        """Write which files a submission has; return how many it no longer has."""
        now = self._clock()
        with self._engine.begin() as connection:
            for attachment in found:
                self._note_file(connection, listed, attachment, now)
            return self._delete(
                connection,
                "The submission no longer has it.",
                table.c.submission_id == listed.submission_id,
                table.c.attachment_key.not_in([one.key for one in found]),
            )

    def note_deletions(self) -> int:
        """Mark the files of submissions that are deleted; return how many."""
        with self._engine.begin() as connection:
            return self._delete(
                connection,
                "The submission was deleted.",
                ~queries.belongs_to_live(),
            )

    def waiting(self) -> Iterator[Sequence[RowMapping]]:
        """Yield the files that nobody has tried to fetch since they were listed."""
        after = ("", "")
        while True:
            query = queries.waiting_after(self._form_id, after).limit(FILES_AT_ONCE)
            rows = self._read(query)
            if rows:
                yield rows
            if len(rows) < FILES_AT_ONCE:
                return
            after = (rows[-1]["submission_id"], rows[-1]["attachment_key"])

    def worth_another_try(
        self, limits: DownloadLimits, at_most: int
    ) -> Iterator[Sequence[RowMapping]]:
        """Yield files that earlier runs did not get, the least tried first.

        All are chosen now: what was not got in the meantime is left to the next run.
        """
        query = queries.worth_another_try(self._form_id, limits)
        rows = self._read(query.limit(at_most))
        starts = range(0, len(rows), FILES_AT_ONCE)
        return (rows[start:][:FILES_AT_ONCE] for start in starts)

    def still_wanted(self, rows: Sequence[RowMapping]) -> list[RowMapping]:
        """Return those of `rows` whose submission has not been deleted meanwhile."""
        keys = [(row["submission_id"], row["attachment_key"]) for row in rows]
        query = queries.wanted(self._form_id, keys)
        with self._engine.connect() as connection:
            wanted = {tuple(row) for row in connection.execute(query)}
        return [row for row, key in zip(rows, keys, strict=True) if key in wanted]

    def path_of_equal(self, sha256: str) -> str | None:
        """Return where a file of the same content is kept, for whichever form."""
        query = (
            select(table.c.stored_path)
            .where(table.c.sha256 == sha256, table.c.status_code == "stored")
            .limit(1)
        )
        with self._engine.connect() as connection:
            found: str | None = connection.execute(query).scalar()
            return found

    def keep(
        self,
        row: RowMapping,
        incoming: Incoming,
        path: str,
        media_type: str | None,
        store: AttachmentStore,
    ) -> None:
        """Move a file to where it is kept and say so.

        The row names the path first: whenever this is cut short, the file is found.
        """
        facts = {
            "sha256": incoming.sha256,
            "stored_path": path,
            "size_bytes": incoming.size,
            "media_type": media_type,
        }
        self.note_outcome(row, "failed", "It was cut short while it was stored.", facts)
        with self._engine.begin() as connection:
            self._hold(connection, path)
            store.keep(incoming, path)
            connection.execute(
                table.update()
                .where(*self._key(row))
                .values(status_code="stored", reason=None, fetched_at=self._clock())
            )

    def note_outcome(
        self, row: RowMapping, status: str, reason: str, facts: Mapping[str, Any]
    ) -> None:
        """Write what became of an attempt to fetch a file."""
        values = {
            "status_code": status,
            "reason": reason,
            "attempt_count": table.c.attempt_count + 1,
            "run_id": self._run_id,
            **facts,
        }
        with self._engine.begin() as connection:
            connection.execute(table.update().where(*self._key(row)).values(values))

    def remove_unclaimed(self, remove: Callable[[str], None]) -> None:
        """Remove the files of the form's rows that no longer claim to be stored.

        A file that another row claims, of whichever form, stays.
        """
        left_over = (
            select(table.c.stored_path)
            .where(self._mine, table.c.status_code != "stored")
            .where(table.c.stored_path.is_not(None))
            .distinct()
        )
        with self._engine.connect() as connection:
            paths = connection.execute(left_over).scalars().all()
        for path in paths:
            self._remove_unless_claimed(path, remove)

    def _remove_unless_claimed(self, path: str, remove: Callable[[str], None]) -> None:
        claim = (
            select(table.c.form_id)
            .where(table.c.stored_path == path, table.c.status_code == "stored")
            .limit(1)
        )
        with self._engine.begin() as connection:
            self._hold(connection, path)
            if connection.execute(claim).first() is None:
                remove(path)
            connection.execute(
                table.update()
                .where(self._mine, table.c.stored_path == path)
                .where(table.c.status_code != "stored")
                .values(stored_path=None)
            )

    def _note_file(
        self,
        connection: Connection,
        listed: Listed,
        attachment: Attachment,
        now: datetime,
    ) -> None:
        told = {
            "version_number": listed.version_number,
            "file_name": attachment.name,
            "question_path": attachment.question_path,
        }
        row = insert(table).values(
            form_id=self._form_id,
            submission_id=listed.submission_id,
            attachment_key=attachment.key,
            media_type=attachment.media_type,
            status_code="waiting",
            first_seen_at=now,
            run_id=self._run_id,
            **told,
        )
        connection.execute(
            row.on_conflict_do_update(index_elements=table.primary_key, set_=told)
        )
        # It was gone and is there again, as a submission that was restored.
        connection.execute(
            table.update()
            .where(self._mine, table.c.submission_id == listed.submission_id)
            .where(table.c.attachment_key == attachment.key)
            .where(table.c.status_code == "deleted")
            .values(status_code="waiting", reason=None, run_id=self._run_id)
        )

    def _delete(
        self, connection: Connection, reason: str, *which: ColumnElement[bool]
    ) -> int:
        return connection.execute(
            table.update()
            .where(self._mine, table.c.status_code != "deleted", *which)
            .values(status_code="deleted", reason=reason, run_id=self._run_id)
        ).rowcount

    def _read(self, query: Select[Any]) -> Sequence[RowMapping]:
        with self._engine.connect() as connection:
            return connection.execute(query).mappings().all()

    def _key(self, row: RowMapping) -> tuple[ColumnElement[bool], ...]:
        return (
            self._mine,
            table.c.submission_id == row["submission_id"],
            table.c.attachment_key == row["attachment_key"],
        )

    def _hold(self, connection: Connection, path: str) -> None:
        connection.execute(HOLD_FILE, {"stored_path": path, "seed": LOCK_SEED})
