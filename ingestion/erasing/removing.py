"""Files of erased families: removed once the database has nothing of them."""

from sqlalchemy import Connection, Engine

from ingestion.erasing.pages import remove_page
from ingestion.errors import AttachmentStoreError
from ingestion.landing.attachments.ledger import HOLD_FILE, LOCK_SEED
from ingestion.landing.attachments.store import AttachmentStore, open_store
from warehouse.erasure import files


def remove_files(
    engine: Engine, store: AttachmentStore | None
) -> tuple[int, int, str | None]:
    """Remove what waits; return how many went, how many wait still, and why."""
    with engine.connect() as connection:
        waiting = files.waiting_files(connection)
    removed = 0
    problem = None
    opened = store
    for _, kind, path in waiting:
        try:
            if kind == files.ATTACHMENTS:
                opened = opened or open_store()
            with engine.begin() as connection:
                if kind == files.ATTACHMENTS and opened is not None:
                    _remove_attachment(opened, path, connection)
                else:
                    remove_page(path)
                files.forget_file(connection, kind, path)
            removed += 1
        except (AttachmentStoreError, OSError) as error:
            problem = _sentence(error)
    return removed, len(waiting) - removed, problem


def _remove_attachment(
    store: AttachmentStore, path: str, connection: Connection
) -> None:
    connection.execute(HOLD_FILE, {"stored_path": path, "seed": LOCK_SEED})
    if not files.is_claimed(connection, path):
        store.remove(path)


def _sentence(error: Exception) -> str:
    # Not the error's own words where they may have a path in them, and so a code.
    said = (
        str(error)
        if isinstance(error, AttachmentStoreError)
        else (f"A page could not be removed ({getattr(error, 'strerror', '')}).")
    )
    return f"{said} The database holds nothing of the family any more; run it again."
