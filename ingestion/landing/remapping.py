"""Read what has landed of a form with the present field map; no server is asked."""

import time
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Engine

from ingestion.answers.reading import AnswerReader
from ingestion.clock import Clock, utc_now
from ingestion.landing.bookkeeping.runs import Run, record_run
from ingestion.landing.definitions import list_unmapped, version_names
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.landing.rereading import Reread, reread_all
from ingestion.landing.source_of_form import answers_of
from ingestion.landing.writing.form_rows import form_rows
from ingestion.landing.writing.rows import RowMaker
from ingestion.registry import Form
from warehouse.tables import SUBMISSIONS


@dataclass(frozen=True, slots=True)
class RemapReport:
    """The outcome of reading one form anew.

    Attributes:
        form: The form's name.
        role: The form's role.
        form_id: The form's identifier on its server.
        run_id: The run's identifier.
        read: Versions of submissions that were read.
        changed: Those of them whose answers changed.
        unmapped: Questions that no field map accounts for.
        seconds: How long it took.
    """

    form: str
    role: str
    form_id: str
    run_id: str
    read: int
    changed: int
    unmapped: tuple[str, ...]
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """Return the report as values that JSON knows."""
        return {**asdict(self), "unmapped": list(self.unmapped)}


def remap_form(
    form: Form, *, engine: Engine | None = None, clock: Clock = utc_now
) -> RemapReport:
    """Read the form's landed payloads anew and say what changed.

    The run stands among those that land, but tells the next of them nothing more than
    the map: when the server was last swept is for those to say that swept it, so
    changes are found and dated as if there had been no such run.

    Args:
        form: A registered form.
        engine: On the warehouse. None takes `WAREHOUSE_URL`.
        clock: Tells the time.

    Raises:
        FormBusyError: Another run holds the form.
        WarehouseUnavailableError: The database cannot be reached.
    """
    started = time.monotonic()
    with (
        ready_warehouse(engine) as warehouse,
        record_run(warehouse, form, clock, kind="remap") as run,
        warehouse.begin() as connection,
    ):
        reread, unmapped = _remap(connection, form, run)
        run.succeed(connection, clock(), None, form.field_map.content_hash)
    return RemapReport(
        form=form.name,
        role=form.role,
        form_id=form.form_id,
        run_id=str(run.run_id),
        read=reread.read_count,
        changed=reread.changed_count,
        unmapped=tuple(unmapped),
        seconds=round(time.monotonic() - started, 2),
    )


def _remap(connection: Connection, form: Form, run: Run) -> tuple[Reread, list[str]]:
    maker = RowMaker(
        form.form_id,
        run.run_id,
        AnswerReader(form.field_map),
        answers_of(form.server.kind),
        version_names(connection, form),
    )
    with form_rows(connection, SUBMISSIONS[form.role]):
        reread = reread_all(connection, form, run, maker)
    return reread, list_unmapped(connection, form, run, maker.unknown_paths)
