"""Pages into a folder: each whole, and none of before left over."""

import re
import tempfile
from collections.abc import Container, Mapping
from pathlib import Path, PurePosixPath


def write_pages(
    folder: Path, pages: Mapping[str, str], ours: re.Pattern[str]
) -> tuple[Path, ...]:
    """Put the pages into the folder, each whole, and take away ours of before.

    Written beside first: a full disk or a kill leaves the old pages as they were.
    The folder itself stays, for it may be a mount, and so do files that are not ours.

    Args:
        folder: Made where it is not there.
        pages: HTML by name in the folder, such as `MX-PG01/2021-08.es.html`.
        ours: Which names are of pages that these replace.

    Returns:
        The files written, in the order of their names.

    Raises:
        OSError: The folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as fresh:
        for name, text in pages.items():
            path = Path(fresh) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        for name in pages:
            (folder / name).parent.mkdir(exist_ok=True)
            (Path(fresh) / name).replace(folder / name)
    take_away_pages(folder, ours, but=pages)
    return tuple(folder / name for name in sorted(pages))


def take_away_pages(
    folder: Path, ours: re.Pattern[str], *, but: Container[str] = ()
) -> None:
    """Remove our pages from the folder, and folders in it that are empty then.

    Args:
        folder: Itself stays.
        ours: Which names are of pages of ours.
        but: Names of pages that stay.

    Raises:
        OSError: One cannot be removed.
    """
    for path in sorted(folder.rglob("*.html")):
        name = PurePosixPath(path.relative_to(folder)).as_posix()
        if name in but or not ours.fullmatch(name):
            continue
        path.unlink()
        if path.parent != folder and not any(path.parent.iterdir()):
            path.parent.rmdir()
