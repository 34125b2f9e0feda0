"""Land one form: sweep, fetch what differs, and write it to raw in one transaction.

The order matters. Nothing is written before the account is known to see everything;
no deletion is believed before the sweep is proven complete; and what landed is counted
against the server before it is committed. Whatever ends a run before that, ends it with
nothing done, and the next run does it all.
"""

import logging
import math
import time
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from ingestion.answers.reading import AnswerReader
from ingestion.clock import Clock, utc_now
from ingestion.errors import (
    DeletionGuardError,
    RegistryError,
    SourceIncompleteError,
)
from ingestion.landing.blocklist import load_blocklist
from ingestion.landing.bookkeeping.approvals import record_deletions
from ingestion.landing.bookkeeping.database_errors import values_kept_out_of_errors
from ingestion.landing.bookkeeping.reconciliation import (
    LandingReport,
    ReconciliationError,
    record_failed_reconciliation,
    record_reconciliation,
)
from ingestion.landing.bookkeeping.runs import Run, record_run
from ingestion.landing.bookkeeping.server_slots import hold_server
from ingestion.landing.definitions import land_versions, list_unmapped, version_names
from ingestion.landing.progress import ProgressCallback, no_progress
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.landing.rereading import reread_all, reread_answers
from ingestion.landing.source_of_form import OpenSource, answers_of, source_of_form
from ingestion.landing.writing import statements
from ingestion.landing.writing.changes import Moments
from ingestion.landing.writing.rows import RowMaker
from ingestion.landing.writing.workspace import Workspace
from ingestion.registry import Form, Registry, load_registry
from ingestion.sources.base import FormSource, SourceStatus
from warehouse.tables import SUBMISSIONS

LOG = logging.getLogger(__name__)

# A server lists a submission once it has stored all of it, so one that we first see now
# may have been received, and even edited, this long before the last sweep.
UNLISTED_AT_MOST = timedelta(hours=1)
LONGEST_RUN = timedelta(hours=2)


def all_forms(registry: Registry | None = None) -> list[dict[str, str]]:
    """Return the registered forms as plain values: name, role, server and form."""
    return [
        {
            "name": form.name,
            "role": form.role,
            "server": form.server_name,
            "form": form.form_id,
        }
        for form in (registry or load_registry()).forms
    ]


def find_form(name: str, registry: Registry | None = None) -> Form:
    """Return the registered form of this name or, where only one has it, this role.

    Raises:
        RegistryError: There is none.
    """
    registry = registry or load_registry()
    form = registry.form(name)
    if form is None:
        names = ", ".join(known.name for known in registry.forms)
        raise RegistryError(
            f"{registry.path} has no form {name!r}: it has {names or 'none'}."
        )
    return form


def land_form(  # noqa: PLR0913 - what a test or a DAG may want to decide
    name: str,
    *,
    registry: Registry | None = None,
    engine: Engine | None = None,
    source: FormSource | None = None,
    open_source: OpenSource = source_of_form,
    full: bool = False,
    approve_deletions: bool = False,
    approved_by: str | None = None,
    approve_with: str | None = None,
    clock: Clock = utc_now,
    progress: ProgressCallback = no_progress,
) -> LandingReport:
    """Bring raw up to date with one form and return what changed.

    Args:
        name: The form's name or role.
        registry: None loads it (see `load_registry`).
        engine: On the warehouse. None takes `WAREHOUSE_URL`.
        source: The form's server. None opens what the registry names.
        open_source: Opens it, once the form is held and no other run reads it.
        full: Fetch every submission, not only those that look changed.
        approve_deletions: A person agreed to more deletions than a run may believe.
        approved_by: Who; None is the account that runs the command.
        approve_with: The command by which one agrees; None is that of landing.
        clock: Tells the time.
        progress: Told what is being done, how many rows of it are done, of how many.

    Raises:
        IngestionError: One of `ingestion.errors`; nothing was landed.
        WarehouseUnavailableError: The database cannot be reached.
    """
    registry = registry or load_registry()
    form = find_form(name, registry)
    with (
        ready_warehouse(engine) as warehouse,
        record_run(warehouse, form, clock, is_full=full) as run,
        hold_server(warehouse, form, progress),
        _source(form, source, open_source) as form_source,
    ):
        command = approve_with or f"land --form {form.name} --approve-deletions"
        landing = _Landing(
            form,
            list(registry.sites),
            form_source,
            run,
            clock,
            progress,
            command,
            approved_by,
        )
        try:
            with values_kept_out_of_errors(form), warehouse.begin() as connection:
                return landing.land(
                    connection, full=full, approve_deletions=approve_deletions
                )
        except ReconciliationError as error:
            record_failed_reconciliation(warehouse, error)
            raise


@contextmanager
def _source(
    form: Form, source: FormSource | None, open_source: OpenSource
) -> Iterator[FormSource]:
    if source is not None:
        yield source
        return
    with open_source(form) as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class _Landing:
    """One run of one form; it exists to hold what its steps share."""

    form: Form
    site_codes: Collection[str]
    source: FormSource
    run: Run
    clock: Clock
    progress: ProgressCallback
    approve_with: str
    approved_by: str | None

    def land(
        self, connection: Connection, *, full: bool, approve_deletions: bool
    ) -> LandingReport:
        """Land the form within the connection's transaction."""
        started = time.monotonic()
        status = self.source.check()
        has_new_versions = land_versions(
            connection, self.source, self.form, self.run, self.clock
        )
        moments = self._moments(status)
        maker = RowMaker(
            self.form.form_id,
            self.run.run_id,
            AnswerReader(self.form.field_map),
            answers_of(self.form.server.kind),
            version_names(connection, self.form),
        )
        table = SUBMISSIONS[self.form.role]
        blocklist = load_blocklist(connection, self.form.form_id)
        with Workspace.on(
            connection, table, maker, moments, self.progress, blocklist
        ) as work:
            # A submission may have come before the definition of its version.
            is_misread = has_new_versions and work.name_versions()
            work.bring_up_to_date(self.source, full=full)
            server_count = self._prove_complete(work)
            self._guard_deletions(connection, is_approved=approve_deletions)
            changes = self._write(connection, work, moments)
            work.forget_leftovers()
            read_anew = reread_all if is_misread else reread_answers
            read_anew(connection, self.form, self.run, maker)
        if blocklist is not None:
            blocklist.remember(connection)
        unmapped = list_unmapped(connection, self.form, self.run, maker.unknown_paths)
        outcome = connection.execute(
            statements.COUNT_OUTCOME, {"form_id": self.form.form_id}
        ).one()
        report = LandingReport(
            form=self.form.name,
            role=self.form.role,
            form_id=self.form.form_id,
            run_id=str(self.run.run_id),
            server_count=server_count,
            live=outcome.live_count,
            new=changes["new"],
            edited=changes["edited"],
            reviewed=changes["reviewed"],
            deleted=changes["deleted"],
            restored=changes["restored"],
            rejected=outcome.rejected_count,
            left_out=outcome.left_out_count,
            unmapped=tuple(unmapped),
            seconds=round(time.monotonic() - started, 2),
        )
        if report.difference:
            raise ReconciliationError(report)
        record_reconciliation(connection, report)
        self.run.succeed(
            connection,
            self.clock(),
            # A folder of files has no clock; then ours says since when we have looked.
            status.server_time or self.run.started_at,
            self.form.field_map.content_hash,
        )
        LOG.info(
            "%d submissions: %d new, %d edited, %d deleted, %d rejected.",
            report.live,
            report.new,
            report.edited,
            report.deleted,
            report.rejected,
        )
        return report

    def _moments(self, status: SourceStatus) -> Moments:
        now = self.clock()
        swept_at = self.run.last_swept_at
        seen_at = status.server_time or now
        return Moments(
            seen_at=seen_at,
            landed_at=now,
            believed_from=swept_at and swept_at - UNLISTED_AT_MOST,
            # Whatever is received while the run reads; phones that are set to another
            # year date their submissions themselves.
            believed_until=seen_at + LONGEST_RUN,
        )

    def _prove_complete(self, work: Workspace) -> int:
        swept = work.count_swept()
        server_count = self.source.count()
        if swept != server_count:
            raise SourceIncompleteError(
                f"Form {self.form.name!r}: the server counts {server_count} "
                f"submissions but listed {swept}, so nothing was landed: run it "
                "again, and report it to whoever runs the server if it stays."
            )
        unsent = work.count_unsent()
        if unsent:
            raise SourceIncompleteError(
                f"Form {self.form.name!r}: the server listed {unsent} submissions that "
                "it did not send when it was asked for them, so nothing was landed: "
                "run it again, and report it to whoever runs the server if it stays."
            )
        return server_count

    def _guard_deletions(self, connection: Connection, *, is_approved: bool) -> None:
        gone = connection.execute(statements.COUNT_GONE).scalar_one()
        if not gone:
            return
        # The account may have lost rows to see since the sweep began.
        self.source.check()
        live = connection.execute(
            statements.COUNT_LIVE, {"form_id": self.form.form_id}
        ).scalar_one()
        nameless = connection.execute(statements.COUNT_NAMELESS).scalar_one()
        if nameless and not is_approved:
            raise DeletionGuardError(
                f"Form {self.form.name!r}: {gone} submissions are missing and "
                f"{nameless} records have no id, so nobody can tell whether they are "
                "the same, and nothing was landed: mend the records, or run `python "
                f"-m ingestion {self.approve_with}` if the submissions were meant to "
                "go."
            )
        limit = _deletion_limit(self.form.deletion_limit_share, live)
        if gone > limit and not is_approved:
            raise DeletionGuardError(
                f"Form {self.form.name!r}: {gone} of {live} "
                "submissions are gone from the server, more than "
                f"the {limit} that a run may believe by itself, so nothing was landed: "
                "look at the form, and if they were meant to go run `python -m "
                f"ingestion {self.approve_with}`."
            )
        if nameless or gone > limit:
            record_deletions(
                connection, self.form.name, gone, self.run.run_id, self.approved_by
            )

    def _write(
        self, connection: Connection, work: Workspace, moments: Moments
    ) -> Counter[str]:
        """Write the rest of what changed to raw, pii and ops; return each count."""
        values: dict[str, Any] = {
            "form_id": self.form.form_id,
            "run_id": self.run.run_id,
            "last_run_id": self.run.last_run_id,
            "landed_at": moments.landed_at,
            "seen_at": moments.seen_at,
            "last_swept_at": self.run.last_swept_at,
            "believed_from": moments.believed_from,
            "believed_until": moments.believed_until,
        }
        roots = set(connection.execute(statements.ROOTS_WITH_A_PAST).scalars())
        work.note_changes(self.source.changes(roots, since=moments.believed_from))
        for statement in statements.WRITE:
            connection.execute(statement, values)
        if self.form.role == "enrolment":
            connection.execute(
                statements.ASSIGN_FAMILY_KEYS,
                {**values, "site_codes": list(self.site_codes)},
            )
        counts = connection.execute(statements.COUNT_CHANGES)
        found: Counter[str] = Counter()
        for row in counts:
            found[row.change_code] += row.change_count
        return found


def _deletion_limit(share: float, live_count: int) -> int:
    """Return how many deletions a run may believe by itself.

    One is always believed, else a small form could not lose any; a share of 0 is a
    person's wish to be asked about every one.
    """
    return max(1, math.floor(share * live_count)) if share else 0
