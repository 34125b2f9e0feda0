"""What happens on a disk that fills up: run on one, it prints what it saw as JSON.

`python -m tests.full_disk FOLDER`, where the folder is a small disk of its own.
"""

import errno
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsspec
from sqlalchemy import Engine, text

from ingestion.errors import IngestionError
from ingestion.landing.attachments.store import AttachmentStore
from pages.writing import write_pages
from sandbox import postgres
from sandbox.kobo import KoboServer
from tests.ingestion.conftest import MAPS, land_from
from tests.ingestion.small_forms import UID, Life, day, forty
from warehouse.backups import back_up
from warehouse.connection import open_engine
from warehouse.errors import WarehouseError
from warehouse.tables import create_all

NOW = datetime(2026, 11, 26, tzinfo=UTC)
PAGE = re.compile(r"page\.html")
RAW = text(
    "select submission_id, version_number, content_hash::text from raw.forms__journals"
    " order by 1, 2"
)
RUNS = text("select status_code from ops.sync_runs order by run_number")


@contextmanager
def filled_up(folder: Path) -> Iterator[None]:
    """Leave no room on the disk of `folder`, and give it back at the end."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        block = bytes(1 << 16)
        while block:
            try:
                file.write(block)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                block = block[: len(block) // 2]
    try:
        yield
    finally:
        filler.unlink()


def main(folder: Path) -> dict[str, Any]:
    """Land, back up, write pages and keep a file, each with a full disk and without."""
    server = postgres.start(folder / "postgres")
    server.ensure_database("warehouse")
    url = server.url("warehouse")
    engine = open_engine(url)
    create_all(engine)
    try:
        return {
            "landing": land(folder, engine),
            "backup": write_backup(folder, url),
            "pages": write_page(folder),
            "attachment": keep_file(folder),
        }
    finally:
        engine.dispose()
        postgres.stop(folder / "postgres")


def land(folder: Path, engine: Engine) -> dict[str, Any]:
    life = forty(Life())
    life.edit(3, 20, family_code="MX-01-0003", phone="x" * 200_000)
    life.delete(6, 24)
    with KoboServer([life.form()], clock=day(15)) as kobo:
        token = kobo.accounts["owner"].token
        wanted = (kobo.url, token, UID, engine, MAPS / "small_journal.yml")
        land_from(*wanted)
        before = rows(engine)
        kobo.set_clock(day(61))
        with filled_up(folder):
            said = error_of(lambda: land_from(*wanted))
            meanwhile = rows(engine)
        land_from(*wanted)
        again = land_from(*wanted)
    return {
        "said": said,
        "is_as_before": meanwhile == before,
        "versions": len(rows(engine)),
        "changed_again": again.changed,
        "runs": states_of_runs(engine),
    }


def write_backup(folder: Path, url: str) -> dict[str, Any]:
    backups = folder / "backups"
    with filled_up(folder):
        said = error_of(lambda: back_up(NOW, folder=backups, url=url))
        left = names_in(backups)
    written = back_up(NOW, folder=backups, url=url).file
    return {"said": said, "left": left, "is_written": written.exists()}


def write_page(folder: Path) -> dict[str, Any]:
    site = folder / "site"
    write_pages(site, {"page.html": "old"}, PAGE)
    with filled_up(folder):
        said = error_of(lambda: write_pages(site, {"page.html": "x" * 10_000}, PAGE))
    now = (site / "page.html").read_text()
    return {"said": said, "page": now, "left": names_in(site)}


def keep_file(folder: Path) -> dict[str, Any]:
    store = AttachmentStore(fsspec.filesystem("file"), str(folder / "attachments"))
    with filled_up(folder):
        said = error_of(lambda: store.receive("run", [b"x" * 100_000]))
    store.forget_incoming("run")
    left = names_in(folder / "attachments")
    store.keep(store.receive("run", [b"x"]), "kept")
    return {"said": said, "left": left, "is_kept": store.has("kept")}


def error_of(act: Any) -> str:  # noqa: ANN401 - whatever it returns is not asked
    try:
        act()
    except (IngestionError, WarehouseError, OSError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def rows(engine: Engine) -> list[list[Any]]:
    with engine.connect() as connection:
        return [list(row) for row in connection.execute(RAW)]


def states_of_runs(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(RUNS).scalars())


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
