"""The temporary tables of one run, and raw, while a run fills them page by page."""

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice

from sqlalchemy import Connection, Table

from ingestion.landing.blocklist import Blocklist
from ingestion.landing.progress import ProgressCallback
from ingestion.landing.writing import statements
from ingestion.landing.writing.changes import Known, Moments, judge
from ingestion.landing.writing.copying import copy_rows
from ingestion.landing.writing.form_rows import form_rows
from ingestion.landing.writing.read_ahead import read_ahead
from ingestion.landing.writing.rows import (
    ARRIVED_COLUMNS,
    CONTACT_COLUMNS,
    RAW_COLUMNS,
    Arrival,
    Row,
    RowMaker,
)
from ingestion.sources.base import (
    Changes,
    FormSource,
    Mark,
    Page,
    Rejected,
    Submission,
)

SWEPT_COLUMNS = ("submission_id", "edit_mark", "review_mark")
REFUSED_COLUMNS = ("submission_id", "record_hash", "reason", "record")
LEFT_OUT_COLUMNS = ("submission_id",)
CHANGE_TIME_COLUMNS = ("root_id", "kind", "changed_at")
IDS_AT_ONCE = 1_000
# Fewer are asked for by their ids in one request or two.
WORTH_A_LIST_OF_CHANGES = 100
# A COPY ends when the database has caught up, and nobody works meanwhile, so one takes
# many pages. Where raw holds some already, each page asks first what it holds of it.
PAGES_OF_A_FIRST_LOAD_AT_ONCE = 5

Pages = Iterator[Page]


class Workspace:
    """What one run has in hand, within one transaction; it ends with that.

    New versions go to raw at once: to keep them aside and copy them later would write
    every payload twice. Nobody sees them before the caller commits.

    Args:
        connection: In a transaction; the caller commits.
        table: The form's raw table.
        maker: Makes rows of the run's form.
        moments: When the run looks.
        progress: Told how far it is.
        blocklist: What is left out; None where nobody was erased.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - all that a run has
        self,
        connection: Connection,
        table: Table,
        maker: RowMaker,
        moments: Moments,
        progress: ProgressCallback,
        blocklist: Blocklist | None = None,
    ) -> None:
        self._connection = connection
        self._blocklist = blocklist
        self._raw = table.fullname
        self._maker = maker
        self._moments = moments
        self._progress = progress
        self._form = {"form_id": maker.form_id}
        connection.execute(statements.CREATE_WORK_TABLES)
        self._holds_some = connection.execute(
            statements.HAS_SUBMISSIONS, self._form
        ).scalar_one()

    @classmethod
    @contextmanager
    def on(  # noqa: PLR0913, PLR0917 - as above
        cls,
        connection: Connection,
        table: Table,
        maker: RowMaker,
        moments: Moments,
        progress: ProgressCallback,
        blocklist: Blocklist | None = None,
    ) -> Iterator["Workspace"]:
        """Yield a workspace; its view, unlike its tables, would outlive a commit."""
        with form_rows(connection, table):
            yield cls(connection, table, maker, moments, progress, blocklist)

    def bring_up_to_date(self, source: FormSource, *, full: bool) -> None:
        """Take in whatever is on the server and not in raw, and note what is gone."""
        with _no_looks_for_garbage():
            if full or not self._holds_some:
                self._fetch_everything(source)
            else:
                self._sweep(source)
                self._fetch_differences(source)
        self._connection.execute(statements.SWEPT_FROM_REFUSED)
        self._connection.execute(statements.SWEPT_FROM_LEFT_OUT)
        self._connection.execute(statements.FIND_GONE, self._form)

    def count_swept(self) -> int:
        """Return how many submissions the server listed."""
        return int(self._connection.execute(statements.COUNT_SWEPT).scalar_one())

    def count_unsent(self) -> int:
        """Return how many submissions were listed, asked for and not sent."""
        return int(self._connection.execute(statements.COUNT_UNSENT).scalar_one())

    def name_versions(self) -> int:
        """Give rows the name of a version that landed after them; return how many."""
        return self._connection.execute(statements.NAME_VERSIONS, self._form).rowcount

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

    def forget_leftovers(self) -> None:
        """Forget what the form server no longer has of erased families."""
        if self._blocklist is not None:
            self._connection.execute(statements.FORGET_GONE_LEFTOVERS, self._form)
            redacted = {"redacted": sorted(self._blocklist.redacted)}
            self._connection.execute(
                statements.FORGET_MENDED_LEFTOVERS, self._form | redacted
            )

    def _sweep(self, source: FormSource) -> None:
        done = 0
        for page in read_ahead(source.sweep()):
            marks = [
                (mark.submission_id, mark.edit_mark, mark.review_mark)
                for mark in page
                if isinstance(mark, Mark)
            ]
            if self._blocklist is not None:
                marks = self._without_erased(marks, self._blocklist)
            self._copy("swept", SWEPT_COLUMNS, marks)
            self._refuse(item for item in page if isinstance(item, Rejected))
            done += len(page)
            self._progress("swept", done, source.listed_count)
            _drop_pages()
        self._connection.execute(statements.SWEPT_FROM_REFUSED)

    def _without_erased(
        self, marks: list[tuple[str, str, str]], blocklist: Blocklist
    ) -> list[tuple[str, str, str]]:
        """Return the marks of what may be fetched, and note the others."""
        erased = {mark[0] for mark in marks if blocklist.has_submission(mark[0])}
        self._leave_out(erased)
        return [mark for mark in marks if mark[0] not in erased]

    def _leave_out(self, ids: Iterable[str | None]) -> None:
        self._copy("left_out", LEFT_OUT_COLUMNS, [(one,) for one in ids])

    def _fetch_everything(self, source: FormSource) -> None:
        self._take_in(read_ahead(source.everything()), lambda: source.listed_count)
        self._connection.execute(statements.SWEPT_FROM_ARRIVED)

    def _fetch_differences(self, source: FormSource) -> None:
        found = self._connection.execute(statements.FIND_DIFFERING, self._form)
        count = found.rowcount
        since = self._moments.believed_from
        if (
            source.capabilities.changed_since
            and since is not None
            and count > WORTH_A_LIST_OF_CHANGES
        ):
            self._take_in(
                self._still_differing(source.changed_since(since)), lambda: count
            )
        self._take_in(source.submissions(self._differing_ids()), lambda: count)

    def _differing_ids(self) -> Iterator[str]:
        place = 0
        while True:
            rows = self._connection.execute(
                statements.NEXT_DIFFERING, {"place": place, "row_count": IDS_AT_ONCE}
            ).all()
            if not rows:
                return
            yield from (row.submission_id for row in rows)
            place = rows[-1].place

    def _still_differing(self, pages: Pages) -> Pages:
        """Yield of each page what the sweep saw; the rest came in later."""
        for page in pages:
            ids = [
                item.submission_id
                if isinstance(item, Rejected)
                else item.mark.submission_id
                for item in page
            ]
            wanted = set(
                self._connection.execute(
                    statements.STILL_DIFFERING,
                    {"submission_ids": [one for one in ids if one is not None]},
                ).scalars()
            )
            yield [item for item, one in zip(page, ids, strict=True) if one in wanted]

    def _take_in(self, pages: Pages, total: Callable[[], int | None]) -> None:
        done = 0

        def counted(some: Pages) -> Pages:
            nonlocal done
            for page in some:
                # Raw is asked what it holds of a page first: read that only once.
                yield list(page) if self._holds_some else page
                done += len(page)
                self._progress("fetched", done, total())
                _drop_pages()

        at_once = 1 if self._holds_some else PAGES_OF_A_FIRST_LOAD_AT_ONCE
        pages = counted(pages)
        while (first := next(pages, None)) is not None:
            known = self._known(first)
            self._land(chain([first], islice(pages, at_once - 1)), known)

    def _land(self, pages: Pages, known: Mapping[str, Known]) -> None:
        """Copy what changed to raw, and what all of it is to the work tables."""
        arrived: list[Row] = []
        contacts: list[Row] = []
        refused: list[Rejected] = []
        left_out: list[str | None] = []

        def changed() -> Iterator[Row]:
            # One submission after another through all steps: a step after another over
            # the whole page would take a tenth longer, for want of memory near by.
            for item in chain.from_iterable(pages):
                arrival = (
                    self._maker.arrival(item) if isinstance(item, Submission) else item
                )
                if isinstance(arrival, Rejected):
                    refused.append(arrival)
                    continue
                submission = arrival.submission
                verdict = judge(
                    submission,
                    arrival.content_hash,
                    known.get(submission.mark.submission_id),
                )
                change = verdict.change_code
                if self._blocklist is not None and change is not None:
                    allowed = self._allowed(arrival, self._blocklist)
                    if allowed is None:
                        left_out.append(submission.mark.submission_id)
                        continue
                    arrival = allowed
                arrived.append(self._maker.arrived_row(arrival, verdict))
                if change is None:
                    continue
                row, contact = self._maker.rows_of_change(
                    arrival, verdict, change, self._moments
                )
                if contact is not None and change != "reviewed":
                    contacts.append(contact)
                yield row

        self._copy(self._raw, RAW_COLUMNS, changed())
        self._copy("arrived", ARRIVED_COLUMNS, arrived)
        self._copy("contacts", CONTACT_COLUMNS, contacts)
        self._refuse(refused)
        self._leave_out(left_out)

    def _allowed(self, arrival: Arrival, blocklist: Blocklist) -> Arrival | None:
        """Return what of an arrival may land; None where it is an erased family's.

        Its content's hash stays: it is compared with what the server has.
        """
        submission = arrival.submission
        submission_id = submission.mark.submission_id
        if blocklist.has_submission(submission_id) or blocklist.is_erased(
            submission_id, submission.root_id, self._maker.answers(arrival)
        ):
            return None
        stored = blocklist.without_erased(submission_id, arrival.stored)
        return arrival._replace(stored=stored)

    def _known(self, page: Page) -> dict[str, Known]:
        if not self._holds_some:
            return {}
        ids = [item.mark.submission_id for item in page if isinstance(item, Submission)]
        rows = self._connection.execute(
            statements.FIND_KNOWN, {**self._form, "submission_ids": ids}
        )
        return {row[0]: Known(*row[1:]) for row in rows}

    def _refuse(self, refused: Iterable[Rejected]) -> None:
        if self._blocklist is not None:
            refused = list(refused)
            erased = list(filter(self._blocklist.has_record, refused))
            self._leave_out(one.submission_id for one in erased)
            refused = [one for one in refused if one not in erased]
        rows = [
            (
                item.submission_id,
                hashlib.sha256(item.record.encode()).hexdigest(),
                item.reason,
                item.record,
            )
            for item in refused
        ]
        self._copy("refused", REFUSED_COLUMNS, rows)

    def _copy(
        self, table: str, columns: tuple[str, ...], rows: Iterator[Row] | Sequence[Row]
    ) -> None:
        if rows:
            copy_rows(self._connection, table, columns, rows)


@contextmanager
def _no_looks_for_garbage() -> Iterator[None]:
    """Have Python look for garbage only when it is told to, and at what came since.

    It would look whenever some hundred objects have come, which a few submissions
    bring, and find nothing before a page is done with: see `_drop_pages`.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()


def _drop_pages() -> None:
    """Free the pages that are done with.

    What httpx keeps of an answer refers to itself, so a page of some megabytes would
    stay until Python looks for such circles, which it does by number, not by size.
    """
    gc.collect()
