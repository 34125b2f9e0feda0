"""Which files a form's rows come from: one beside the others, or a folder of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingestion.errors import SourceRejectedError

ENDINGS = (".csv", ".xlsx")
REPLACED = "replaced"  # where an import keeps the files it replaced
# What systems leave in a folder by themselves.
IGNORED_NAMES = frozenset({"desktop.ini", "thumbs.db"})
# Hidden files, and what Excel lays beside a workbook that somebody has open.
IGNORED_PREFIXES = (".", "~$")
HINTS = {
    ".xls": "open it in Excel and save it as an Excel workbook (.xlsx)",
    ".xlsb": "open it in Excel and save it as an Excel workbook (.xlsx)",
    ".xlsm": "open it in Excel and save it as an Excel workbook (.xlsx)",
    ".ods": "save it as an Excel workbook (.xlsx)",
    ".txt": "give it the ending .csv",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file of a form belongs.

    Attributes:
        target: Its path there.
        former: The file that it replaces, if there is one.
        beside: The other files of the form.
    """

    target: Path
    former: Path | None
    beside: tuple[Path, ...]


def files_of_form(folder: Path, name: str) -> list[Path]:
    """Return the files of the form `name` in `folder`, in the order of their names.

    They are `<name>.csv` or `<name>.xlsx`, or all such files in a folder `<name>`,
    whatever each is called there, as one for every month.

    Raises:
        SourceRejectedError: There is none, more than one of these, or another kind.
    """
    found = _candidate(folder, name)
    if found is None:
        raise _missing(folder, name)
    if not found.is_dir():
        return [found]
    files = _files_in(found)
    if not files:
        raise SourceRejectedError(
            f"{found} holds no file: put the form's .csv or .xlsx files there."
        )
    return files


def forms_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the name of every form that has files in `folder`, and what they lie in."""
    for path in _listed(folder):
        if path.suffix.lower() in ENDINGS:
            yield path.stem, path.name
        elif path.name != REPLACED and path.is_dir() and _files_in(path):
            yield path.name, f"{path.name}/"


def place_of(folder: Path, name: str, file: Path) -> Place:
    """Return where `file` belongs as one of the form `name` in `folder`.

    In a folder of several files it keeps its name; else it is named after the form.

    Raises:
        SourceRejectedError: What lies there already is not in order.
    """
    found = _candidate(folder, name)
    if found is not None and found.is_dir():
        target = found / file.name
        files = _files_in(found)
        beside = tuple(path for path in files if path != target)
        return Place(target, target if target in files else None, beside)
    return Place(folder / (name + file.suffix.lower()), found, ())


def is_ignored(path: Path) -> bool:
    """Return whether a file is none of the form's, by its name."""
    return path.name.startswith(IGNORED_PREFIXES) or path.name.lower() in IGNORED_NAMES


def refuse_ending(path: Path) -> None:
    """Make sure that a file is of a kind that we read, by its ending.

    Raises:
        SourceRejectedError: It is not.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        hint = HINTS.get(ending, "save it as CSV UTF-8 or as an Excel workbook (.xlsx)")
        raise SourceRejectedError(
            f"{path} is neither a .csv nor an .xlsx file: {hint}."
        )


def _candidate(folder: Path, name: str) -> Path | None:
    found = [
        path
        for path in _listed(folder)
        if (path.name == name and path.is_dir())
        or (path.stem == name and path.suffix.lower() in ENDINGS)
    ]
    if len(found) > 1:
        names = " and ".join(path.name for path in found)
        raise SourceRejectedError(
            f"{folder} has {names} for one form: keep one of them, or put all files "
            f"of the form into a folder {name!r} and keep no other beside it."
        )
    return found[0] if found else None


def _missing(folder: Path, name: str) -> SourceRejectedError:
    for path in _listed(folder):
        if path.stem == name and (hint := HINTS.get(path.suffix.lower())):
            return SourceRejectedError(
                f"{path} is neither a .csv nor an .xlsx file: {hint}."
            )
    return SourceRejectedError(
        f"{folder / name}.csv is not there: put the file (or {name}.xlsx, or a folder "
        f"{name} of such files) there, or correct the server's path in the registry or "
        "JOURNAL_FILES_ROOT.",
        kind="missing_form",
    )


def _files_in(folder: Path) -> list[Path]:
    # Those of another ending as well: a month left out would look like rows removed,
    # so whoever opens them refuses them.
    return [path for path in _listed(folder) if path.name != REPLACED]


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not is_ignored(path))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise SourceRejectedError(
            f"{folder} cannot be read ({error.strerror}): let this account read it."
        ) from error
