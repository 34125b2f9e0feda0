"""Import one file: check the whole of it, put it into its folder, land its form.

Either all of that happens or nothing does: a file that cannot be used is not put there,
and one whose landing fails makes room again for the file that it replaced.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine

from ingestion.answers.reading import AnswerReader
from ingestion.clock import Clock, utc_now
from ingestion.errors import (
    RegistryError,
    SourceIncompleteError,
    SourceRejectedError,
)
from ingestion.landing.bookkeeping.reconciliation import LandingReport
from ingestion.landing.drops.placing import alone_in, placed
from ingestion.landing.land_form import find_form, land_form
from ingestion.landing.progress import ProgressCallback, no_progress
from ingestion.landing.source_of_form import (
    files_folder,
    record_id_of,
    source_of_form,
)
from ingestion.registry import Form, Registry, load_registry
from ingestion.registry.entries import FilesServer
from ingestion.sources.base import FormSource, Rejected
from ingestion.sources.files import (
    ENDINGS,
    FilesSource,
    Found,
    Place,
    is_ignored,
    place_of,
)

PROBLEM_LIMIT = 50
DECIMAL_COMMA = re.compile(r"\s*-?\d+,\d+\s*")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        landing: What landing the form changed.
        file: Where the file lies now.
        replaced: Where the file lies that stood there before; None where there was
            none, or the same one.
        row_count: Rows of the file, blank ones apart.
        problems: What is wrong with single cells and rows, a sentence each; the first
            ones only. No cell is repeated in them.
        problem_count: How many there are altogether.
    """

    landing: LandingReport
    file: Path
    replaced: Path | None
    row_count: int
    problems: tuple[str, ...]
    problem_count: int


@dataclass(slots=True)
class _Findings:
    """What a check of the file found."""

    limit: int
    row_count: int = 0
    rejected_count: int = 0
    problem_count: int = 0
    first: str = ""
    problems: list[str] = field(default_factory=list)

    def note(self, problem: str) -> None:
        self.first = self.first or problem
        self.problem_count += 1
        if len(self.problems) < self.limit:
            self.problems.append(problem)


@dataclass(slots=True)
class _Incoming:
    """The file on its way into the folder; `replaced` is where its former one went."""

    path: Path
    place: Place
    clock: Clock
    state_checked: tuple[int, int, int]
    replaced: Path | None = None

    @contextmanager
    def opened(self, form: Form) -> Iterator[FormSource]:
        """Put it there, in the run that holds the form: no other may read it there."""
        with placed(self.path, self.place, self.clock) as self.replaced:
            if _state(self.path) != self.state_checked:
                raise SourceIncompleteError(
                    f"{self.path} changed while it was checked: run it again."
                )
            with source_of_form(form) as source:
                yield source


def import_file(  # noqa: PLR0913 - what a test or a command line may want to decide
    path: Path,
    form_name: str | None = None,
    *,
    registry: Registry | None = None,
    engine: Engine | None = None,
    clock: Clock = utc_now,
    approve_deletions: bool = False,
    problem_limit: int = PROBLEM_LIMIT,
    progress: ProgressCallback = no_progress,
) -> ImportReport:
    """Check `path`, put it into the folder of its form, land the form.

    Rows and cells that cannot be read are reported and do not stop the others, as when
    the file is dropped by hand. The file stays where it is; its copy counts as written
    now. Importing the same file again changes nothing.

    Args:
        path: A .csv or .xlsx file.
        form_name: The form's name or role. None takes the form that the file is named
            after.
        registry: None loads it (see `load_registry`).
        engine: On the warehouse. None takes `WAREHOUSE_URL`.
        clock: Tells the time.
        approve_deletions: A person agreed to more deletions than a run may believe.
        problem_limit: How many problems are reported in words.
        progress: Told what is being done, how many rows of it are done, of how many.

    Raises:
        IngestionError: One of `ingestion.errors`; nothing was landed, and the folder
            is as it was.
        WarehouseUnavailableError: The database cannot be reached; as above.
    """
    registry = registry or load_registry()
    _refuse_other_than_tables(path)
    form = _form_of(path, form_name, registry)
    folder = files_folder(_server_of(form, registry))
    with alone_in(folder):
        place = place_of(folder, form.form_id, path)
        incoming = _Incoming(path, place, clock, _state(path))
        findings = _check(path, place, form, problem_limit)
        report = land_form(
            form.name,
            registry=registry,
            engine=engine,
            open_source=incoming.opened,
            approve_deletions=approve_deletions,
            approve_with=f"import {path} --form {form.name} --approve-deletions",
            clock=clock,
            progress=progress,
        )
    return ImportReport(
        landing=report,
        file=place.target,
        replaced=incoming.replaced,
        row_count=findings.row_count,
        problems=tuple(findings.problems),
        problem_count=findings.problem_count,
    )


def _refuse_other_than_tables(path: Path) -> None:
    problem = None
    if path.is_symlink():
        problem = "is a link to another file: give the file itself"
    elif is_ignored(path):
        problem = "is a hidden file or one of a program's own: give the table itself"
    elif not path.is_file():
        problem = "is no file: give a .csv or .xlsx file that is there"
    elif path.suffix.lower() not in ENDINGS:
        problem = "is neither a .csv nor an .xlsx file: save it as one of these"
    elif not path.stat().st_size:
        problem = "is empty: give a file with a header and records"
    if problem:
        raise SourceRejectedError(f"{path} {problem}.")


def _form_of(path: Path, form_name: str | None, registry: Registry) -> Form:
    if form_name is not None:
        return find_form(form_name, registry)
    for form in _forms_of_files(registry):
        if path.stem in (form.name, form.form_id):
            return form
    raise RegistryError(
        f"{path.name} is named after no form of files: give its name with --form, one "
        f"of {_names(registry)}."
    )


def _server_of(form: Form, registry: Registry) -> FilesServer:
    if isinstance(form.server, FilesServer):
        return form.server
    raise RegistryError(
        f"Form {form.name!r} comes from {form.server_name!r}, which is no folder of "
        f"files: import into one of {_names(registry)}."
    )


def _forms_of_files(registry: Registry) -> Iterator[Form]:
    return (form for form in registry.forms if isinstance(form.server, FilesServer))


def _names(registry: Registry) -> str:
    return ", ".join(form.name for form in _forms_of_files(registry)) or "none"


def _state(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino


def _check(path: Path, place: Place, form: Form, limit: int) -> _Findings:
    """Read every row of the file as landing will; note what is wrong.

    Raises:
        SourceError: The file, or one beside it, cannot be used at all.
    """
    findings = _Findings(limit)
    reader = AnswerReader(form.field_map)
    source = FilesSource(
        lambda: [*place.beside, path],
        record_id_of(form),
        form.field_map.received_at,
        sheet=form.sheet,
        known=form.field_map.known_paths(None),
    )
    for found in source.found():
        if found.table.path == path:
            _note(found, form, reader, findings)
    if findings.row_count and findings.rejected_count == findings.row_count:
        raise SourceRejectedError(
            f"{path} was not imported, none of its {findings.row_count} rows can be "
            f"landed: {findings.first}."
        )
    return findings


def _note(found: Found, form: Form, reader: AnswerReader, findings: _Findings) -> None:
    findings.row_count += 1
    if isinstance(found.item, Rejected):
        findings.rejected_count += 1
        findings.note(found.item.reason)
        return
    for problem in reader.read(found.item.payload, None).problems:
        findings.note(_sentence(found, form, problem))


def _sentence(found: Found, form: Form, problem: dict[str, str]) -> str:
    """Say where an answer cannot be read and why; the answer itself is not repeated."""
    paths = next(
        question.paths
        for question in form.field_map.questions(None)
        if question.name == problem["field"]
    )
    column = next(path for path in paths if found.row.cells.get(path))
    hint = (
        ", write a point before decimals and not a comma"
        if DECIMAL_COMMA.fullmatch(found.row.cells[column])
        else ""
    )
    place = found.table.cell_place(found.row.number, column)
    return f"{place}: {problem['reason']}{hint}"
