"""What lies beside the database: dashboards, backups, and room for them."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warehouse.backups.writing import FOLDER_VARIABLE, newest_backup
from warehouse.status.line import Line, State, age

SITE_VARIABLE = "DASHBOARDS_OUT"
# A build of the pages takes a minute; an hour is a run that failed.
PAGES_LATE = timedelta(hours=1)
FREE_LOOK, FREE_WRONG = 0.15, 0.05


def dashboards(now: datetime, built_at: datetime | None) -> Iterator[Line]:
    """Yield how old the pages are beside the marts; nothing where none are written."""
    folder = _folder(SITE_VARIABLE)
    if folder is None:
        return
    pages = [path.stat().st_mtime for path in folder.rglob("index.html")]
    if not pages:
        yield Line("dashboards", "look", f"no pages in {folder} yet")
        return
    written_at = datetime.fromtimestamp(max(pages), UTC)
    is_late = built_at is not None and now > built_at + PAGES_LATE > (
        written_at + PAGES_LATE
    )
    said = f"written {age(written_at, now)}"
    said += ", older than the marts" if is_late else ""
    yield Line("dashboards", "wrong" if is_late else "well", said)


def backups(now: datetime, stale_after: timedelta) -> Iterator[Line]:
    """Yield how old the newest backup is; nothing where none are written."""
    folder = _folder(FOLDER_VARIABLE)
    if folder is None:
        return
    newest = newest_backup(folder)
    if newest is None:
        yield Line("backups", "look", f"none in {folder} yet")
        return
    written_at = datetime.fromtimestamp(newest.stat().st_mtime, UTC)
    is_old = now - written_at > stale_after
    said = f"{newest.name} written {age(written_at, now)}"
    yield Line("backups", "wrong" if is_old else "well", said)


def disks() -> Iterator[Line]:
    """Yield how full each disk is that something is written to."""
    seen: set[int] = set()
    folders = [_folder(SITE_VARIABLE), _folder(FOLDER_VARIABLE), Path.cwd()]
    for folder in filter(None, folders):
        if not folder.is_dir() or folder.stat().st_dev in seen:
            continue
        seen.add(folder.stat().st_dev)
        usage = shutil.disk_usage(folder)
        free = usage.free / usage.total
        said = f"{usage.free / 1e9:,.1f} GB free ({free:.0%})"
        yield Line(f"disk of {folder}", _room(free), said)


def _room(free: float) -> State:
    if free < FREE_WRONG:
        return "wrong"
    return "look" if free < FREE_LOOK else "well"


def _folder(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value) if value else None
