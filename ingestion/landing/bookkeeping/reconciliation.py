"""What a run did to a form, counted against what its server counts."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Engine, insert

from ingestion.errors import IngestionError
from warehouse.tables import reconciliations


@dataclass(frozen=True, slots=True)
class LandingReport:
    """The outcome of one run of one form.

    Attributes:
        form: The form's name.
        role: The form's role.
        form_id: The form's identifier on its server.
        run_id: The run's identifier in every table it wrote.
        server_count: Submissions the server counts.
        live: Submissions that raw holds and that are not deleted.
        new: Submissions seen for the first time.
        edited: Submissions whose content changed.
        reviewed: Review decisions that are versions of their own: of submissions of
            which nothing else changed, and of new ones refused before we saw them.
        deleted: Submissions that are gone from the server.
        restored: Deleted submissions that came back.
        rejected: Records that cannot be landed; see `ops.rejected_records`.
        left_out: Records of erased families, which the server still has.
        unmapped: Questions that no field map accounts for.
        seconds: How long it took.
    """

    form: str
    role: str
    form_id: str
    run_id: str
    server_count: int
    live: int
    new: int
    edited: int
    reviewed: int
    deleted: int
    restored: int
    rejected: int
    unmapped: tuple[str, ...]
    seconds: float
    left_out: int = 0

    @property
    def difference(self) -> int:
        """Return how many submissions of the server are unaccounted for."""
        return self.server_count - self.live - self.rejected - self.left_out

    @property
    def changed(self) -> int:
        """Return how many rows the run added to raw."""
        return self.new + self.edited + self.reviewed + self.deleted + self.restored

    def as_dict(self) -> dict[str, Any]:
        """Return the report as values that JSON knows."""
        return {**asdict(self), "unmapped": list(self.unmapped)}


class ReconciliationError(IngestionError):
    """What landed is not what the server counts; nothing of the run was kept.

    Attributes:
        report: The counts.
    """

    kind = "counts_differ"

    def __init__(self, report: LandingReport) -> None:
        super().__init__(
            f"Form {report.form!r}: the server counts {report.server_count} "
            f"submissions, raw would hold {report.live} and {report.rejected} were "
            "rejected, so nothing was kept: run it again, and look at "
            "ops.reconciliations if it stays."
        )
        self.report = report


def record_reconciliation(connection: Connection, report: LandingReport) -> None:
    """Write the counts of a run to `ops.reconciliations`."""
    connection.execute(
        insert(reconciliations).values(
            run_id=report.run_id,
            form_id=report.form_id,
            server_count=report.server_count,
            live_count=report.live,
            new_count=report.new,
            edited_count=report.edited,
            reviewed_count=report.reviewed,
            deleted_count=report.deleted,
            restored_count=report.restored,
            rejected_count=report.rejected,
            left_out_count=report.left_out,
            unmapped_question_count=len(report.unmapped),
            difference_count=report.difference,
        )
    )


def record_failed_reconciliation(engine: Engine, error: ReconciliationError) -> None:
    """Write the counts of a run that was undone because of them."""
    with engine.begin() as connection:
        record_reconciliation(connection, error.report)
