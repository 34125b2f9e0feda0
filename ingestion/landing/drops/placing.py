"""Put a file into a folder of files at once, keep what it replaces, and undo that."""

import fcntl
import filecmp
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ingestion.clock import Clock
from ingestion.errors import FormBusyError, SourceRejectedError
from ingestion.sources.files import REPLACED, Place


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep every other import out of `folder` while the block runs.

    Raises:
        FormBusyError: Another one is there already.
        SourceRejectedError: The folder is not there.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise SourceRejectedError(
            f"{folder} is no folder that can be read ({error.strerror}): make it, or "
            "correct the server's path in the registry or JOURNAL_FILES_ROOT."
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FormBusyError(
                f"Another import into {folder} is running: wait until it has ended, "
                "then run this one again."
            ) from error
        yield
    finally:
        os.close(handle)  # which ends the lock


@contextmanager
def placed(path: Path, place: Place, clock: Clock) -> Iterator[Path | None]:
    """Put a copy of `path` where it belongs; take it back if the block fails.

    Yields where the file is kept that it replaces: None if there was none or the same
    one, which then stays untouched. Whoever reads the folder meanwhile finds the former
    file or the new one, never a part of one.

    Raises:
        SourceRejectedError: The folder cannot be written; it is as it was.
    """
    if place.former == place.target and filecmp.cmp(path, place.target, shallow=False):
        yield None
        return
    with _writable(place.target.parent):
        copy = _copy(path, place.target, clock)
    try:
        with _writable(place.target.parent):
            kept = _keep(place.former, clock)
        try:
            with _writable(place.target.parent):
                copy.replace(place.target)
                if place.former not in (None, place.target):
                    place.former.unlink()
            yield kept
        except BaseException:
            _put_back(place, kept)
            raise
    finally:
        copy.unlink(missing_ok=True)


def _copy(path: Path, target: Path, clock: Clock) -> Path:
    """Copy the file beside its target, hidden from whoever lists the folder."""
    copy = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(path, copy)
    # The time of the file says since when its rows are known.
    now = clock().timestamp()
    os.utime(copy, (now, now))
    return copy


def _keep(former: Path | None, clock: Clock) -> Path | None:
    """Copy the former file, its time included, under a name that tells when."""
    if former is None:
        return None
    folder = former.parent / REPLACED
    folder.mkdir(exist_ok=True)
    name = f"{former.stem}-{clock():%Y%m%dT%H%M%SZ}"
    kept = folder / f"{name}{former.suffix}"
    number = 1
    while kept.exists():
        number += 1
        kept = folder / f"{name}-{number}{former.suffix}"
    shutil.copy2(former, kept)
    return kept


def _put_back(place: Place, kept: Path | None) -> None:
    if kept is not None and place.former is not None:
        kept.replace(place.former)
        with suppress(OSError):  # others are kept there
            kept.parent.rmdir()
    if place.target != place.former:
        place.target.unlink(missing_ok=True)


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SourceRejectedError(
            f"{folder} cannot be written ({error.strerror}), so nothing was imported: "
            "let this account write there, or make room."
        ) from error
