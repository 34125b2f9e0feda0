"""Pages and reports that were written of a family: found by what is in them."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

# Folders of what is published; one that is not set is not looked into.
FOLDER_VARIABLES = ("DASHBOARDS_OUT", "REPORTS_OUT")


def page_folders(environment: Mapping[str, str] | None = None) -> list[Path]:
    """Return the folders of published pages that are set and there."""
    values = os.environ if environment is None else environment
    named = (values.get(variable, "").strip() for variable in FOLDER_VARIABLES)
    return [
        Path(folder).absolute() for folder in named if folder and Path(folder).is_dir()
    ]


def pages_naming(folders: Sequence[Path], names: Sequence[str]) -> Iterator[str]:
    """Yield the files below `folders` whose name or content has one of `names`."""
    wanted = [name.encode() for name in names]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and _names(path, wanted):
                yield str(path)


def remove_page(path: str) -> None:
    """Remove a page; one that is not there is no error."""
    Path(path).unlink(missing_ok=True)


def _names(path: Path, wanted: Sequence[bytes]) -> bool:
    content = path.name.encode() + b"\n" + path.read_bytes()
    return any(name in content for name in wanted)
