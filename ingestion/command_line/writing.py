"""A file that is there in full or not at all."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from ingestion.errors import IngestionError


def write_whole(path: Path, text: str, check: Callable[[Path], object]) -> None:
    """Write a file, once what is to be in it has been read without an error.

    Args:
        path: Where; what was there is replaced.
        text: What.
        check: Raises when the file is not what it should be.

    Raises:
        IngestionError: It cannot be written.
    """
    try:
        with tempfile.NamedTemporaryFile(
            "w",
            encoding="utf-8",
            dir=path.parent,
            prefix=f".{path.name}.",
            delete=False,
        ) as file:
            file.write(text)
    except OSError as error:
        raise IngestionError(
            f"{path} cannot be written ({error.strerror}): name a file in a folder "
            "that is there and that you may write to."
        ) from error
    written = Path(file.name)
    try:
        check(written)
        written.chmod(_mode(path))
        os.replace(written, path)  # noqa: PTH105 - says that it replaces
    except BaseException:
        written.unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """Return who may read the file: as before, or what a new file would get."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
