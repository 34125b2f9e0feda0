"""What a restored backup brought back: erased again, with its files."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from ingestion.clock import Clock, utc_now
from ingestion.erasing.family import landing_kept_away
from ingestion.erasing.removing import remove_files
from ingestion.errors import AttachmentStoreError
from ingestion.landing.attachments.store import AttachmentStore
from ingestion.landing.progress import ProgressCallback, no_progress
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.registry import Registry, load_registry
from warehouse import erasure
from warehouse.backups import backup_folder


def erase_again(  # noqa: PLR0913 - what a test may want to decide
    ledger: Path | None = None,
    *,
    registry: Registry | None = None,
    engine: Engine | None = None,
    store: AttachmentStore | None = None,
    clock: Clock = utc_now,
    progress: ProgressCallback = no_progress,
) -> erasure.Again:
    """Erase every family that is on the list of erasures, and files that wait.

    A restore does the first by itself; this goes on where it could not, and is for a
    warehouse that was begun anew. It may be run as often as one likes.

    Args:
        ledger: The list. None takes the one in `WAREHOUSE_BACKUPS`.
        registry: None loads it (see `load_registry`).
        engine: On the warehouse, as an owner of its tables. None takes `WAREHOUSE_URL`.
        store: Where attachments are kept. None takes `JOURNAL_ATTACHMENTS`.
        clock: Tells the time.
        progress: Told what is being done.

    Raises:
        ErasureError: The list cannot be read, or a family cannot be erased.
        AttachmentStoreError: Files wait still; the database has nothing any more.
        BackupError: No list is given and `WAREHOUSE_BACKUPS` is not set.
        FormBusyError: A form is being landed.
        WarehouseBusyError: A build is at work.
        WarehouseUnavailableError: The database cannot be reached.
    """
    registry = registry or load_registry()
    ledger = ledger or erasure.ledger_path(backup_folder())
    with ready_warehouse(engine) as warehouse, landing_kept_away(warehouse, registry):
        again = erasure.erase_again(warehouse, [ledger], clock(), progress)
        _, waiting, problem = remove_files(warehouse, store)
    if problem:
        raise AttachmentStoreError(problem)
    return replace(again, waiting_files=waiting)
