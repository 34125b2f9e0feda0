"""Pages and reports that were written of a family: found by what is in them."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

# Folders of what is published; one that is not set is not looked into.
FOLDER_VARIABLES = ("DASHBOARDS_OUT", "DASHBOARDS_OF_LEADS_OUT", "REPORTS_OUT")
# A first name alone, or a short number, stands on pages of others too.
TELLING_NAME = re.compile(r"[^\W\d]{2,}\W+[^\W\d]{2,}")
TELLING_DIGITS = 7
NUMBER = re.compile(rb"[\d\W]+")


def page_folders(environment: Mapping[str, str] | None = None) -> list[Path]:
    """Return the folders of published pages that are set and there."""
    values = os.environ if environment is None else environment
    named = (values.get(variable, "").strip() for variable in FOLDER_VARIABLES)
    return [
        Path(folder).absolute() for folder in named if folder and Path(folder).is_dir()
    ]


def is_telling(contact: str) -> bool:
    """Return whether a name or a number is long enough to be of one family alone."""
    digits = sum(sign.isdigit() for sign in contact)
    return digits >= TELLING_DIGITS or bool(TELLING_NAME.search(contact))


def pages_naming(folders: Sequence[Path], names: Sequence[str]) -> Iterator[str]:
    """Yield the files below `folders` whose name or content has one of `names`."""
    # As it is, and as a page writes it.
    spelled = sorted({one.encode() for name in names for one in (name, escape(name))})
    wanted = [_pattern(one) for one in spelled]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and _names(path, wanted):
                yield str(path)


def remove_page(path: str) -> None:
    """Remove a page; one that is not there is no error."""
    Path(path).unlink(missing_ok=True)


def _pattern(name: bytes) -> re.Pattern[bytes]:
    """Return what finds a name; a number, not within an amount that a page shows."""
    found = re.escape(name)
    if NUMBER.fullmatch(name):
        found = rb"(?<!\d)(?<!\d\.)" + found + rb"(?!\.?\d)"
    return re.compile(found)


def _names(path: Path, wanted: Sequence[re.Pattern[bytes]]) -> bool:
    content = path.name.encode() + b"\n" + path.read_bytes()
    return any(name.search(content) for name in wanted)
