from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingestion.errors import (
    DeletionGuardError,
    FormBusyError,
    IngestionError,
    RegistryError,
    SourceIncompleteError,
    SourceRejectedError,
)
from ingestion.landing import ImportReport, find_form, import_file
from ingestion.landing.bookkeeping import form_locks
from ingestion.landing.drops import importing
from ingestion.landing.drops.placing import alone_in
from ingestion.registry import Registry, load_registry
from tests.ingestion.conftest import Rows, write_registry
from tests.ingestion.workbooks import write_workbook
from warehouse.connection import open_engine
from warehouse.errors import WarehouseUnavailableError

NOON = datetime(2022, 3, 1, 12, tzinfo=UTC)
HEADER = "payment_ref,journal_month,amount_local,paid_date\n"
JUNE = HEADER + "".join(f"P-{n},2021-06,200,2021-07-0{n}\n" for n in range(1, 9))

Import = Callable[..., ImportReport]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JOURNAL_FILES_ROOT", str(tmp_path))
    folder = tmp_path / "finance"
    folder.mkdir()
    return folder


@pytest.fixture
def registry(folder: Path) -> Registry:
    registry_path = write_registry(folder.parent)
    entry = (
        "  - {role: journal_payments, server: finance, form: payments,\n"
        "     sites: [MX-01], field_map: maps/journal_payments.yml}\n"
    )
    registry_path.write_text(registry_path.read_text() + entry)
    return load_registry(registry_path)


@pytest.fixture
def do_import(registry: Registry, engine: Engine) -> Import:
    def run(path: Path, name: str | None = None, **options: object) -> ImportReport:
        wanted = {"engine": engine, "clock": lambda: NOON, **options}
        return import_file(path, name, registry=registry, **wanted)  # type: ignore[arg-type]

    return run


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file outside the folder."""
    path = tmp_path / "payments.csv"
    path.write_text(JUNE)
    return path


def listed(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_file_is_put_into_its_folder_and_landed(
    folder: Path, path: Path, do_import: Import, rows: Rows
) -> None:
    report = do_import(path)

    assert (report.landing.form, report.landing.new) == ("journal_payments", 8)
    assert (report.file, report.replaced) == (folder / "payments.csv", None)
    assert (report.row_count, report.problem_count, report.problems) == (8, 0, ())
    assert listed(folder) == {"payments.csv": JUNE}
    assert path.read_text() == JUNE
    received = rows("select distinct received_at from raw.forms__journal_payments")
    assert received == [{"received_at": NOON}]


@pytest.mark.parametrize("name", ["journal_payments", "payments"])
def test_a_form_is_found_by_its_name_or_by_the_name_of_the_file(
    path: Path, do_import: Import, name: str
) -> None:
    assert do_import(path.rename(path.with_stem(name))).landing.new == 8


def test_a_file_of_any_name_is_imported_into_the_form_that_is_named(
    folder: Path, path: Path, do_import: Import
) -> None:
    report = do_import(path.rename(path.with_stem("June 2021")), "journal_payments")

    assert report.file == folder / "payments.csv"


def test_the_same_file_again_changes_nothing(
    folder: Path, path: Path, do_import: Import
) -> None:
    do_import(path)
    before = (folder / "payments.csv").stat()

    report = do_import(path)

    assert (report.landing.changed, report.replaced) == (0, None)
    assert (folder / "payments.csv").stat() == before
    assert listed(folder) == {"payments.csv": JUNE}
    assert do_import(folder / "payments.csv").landing.changed == 0


def test_the_file_that_is_replaced_is_kept(
    folder: Path, path: Path, do_import: Import
) -> None:
    texts = [JUNE, JUNE.replace(",200,", ",210,", 1), JUNE.replace(",200,", ",220,", 1)]
    reports = []
    for text in texts:
        path.write_text(text)
        reports.append(do_import(path))

    assert [report.landing.edited for report in reports] == [0, 1, 1]
    assert reports[1].replaced == folder / "replaced" / "payments-20220301T120000Z.csv"
    assert listed(folder) == {
        "payments.csv": texts[2],
        "replaced/payments-20220301T120000Z.csv": texts[0],
        "replaced/payments-20220301T120000Z-2.csv": texts[1],
    }


def test_a_workbook_takes_the_place_of_a_csv_file(
    folder: Path, path: Path, do_import: Import
) -> None:
    do_import(path)
    cells = [line.split(",") for line in JUNE.splitlines()]

    report = do_import(write_workbook(path.with_suffix(".xlsx"), cells))

    assert report.landing.changed == 0
    assert sorted(found.name for found in folder.iterdir()) == [
        "payments.xlsx",
        "replaced",
    ]


def test_what_is_wrong_with_rows_and_cells_is_reported_and_the_rest_lands(
    path: Path, do_import: Import, rows: Rows
) -> None:
    path.write_text(
        HEADER + 'P-1,2021-06,200,2021-07-01\n\nP-1,2021-06,1,\nP-2,June,"12,50",soon\n'
    )

    report = do_import(path, problem_limit=3)

    assert (report.landing.new, report.landing.rejected) == (2, 1)
    assert (report.row_count, report.problem_count) == (3, 4)
    name, hint = path.name, "write a point before decimals and not a comma"
    assert report.problems == (
        f"row 4 of {name} repeats the payment_ref (column A) of row 2 of {name}",
        f"row 5 of {name}, column B (journal_month): not a date",
        f"row 5 of {name}, column C (amount_local): not a number, {hint}",
    )
    assert len(rows("select 1 from raw.forms__journal_payments")) == 2


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            "ref,amount_local\nP-1,2\n",
            "row 1 has 2 columns, of which the form knows amount_local: correct the ",
        ),
        (JUNE + "P-9,2021-06,1,2,200\n", "row 10 fills column E, which has no name"),
        (HEADER + ",2021-06,1,\n", "none of its 1 rows can be landed: row 2 of"),
    ],
)
def test_a_file_that_cannot_be_used_is_not_put_there(
    folder: Path, path: Path, do_import: Import, content: str, problem: str
) -> None:
    do_import(path)
    path.write_text(content)

    with pytest.raises(SourceRejectedError, match=problem) as error:
        do_import(path)

    assert str(error.value).startswith(str(path))
    assert listed(folder) == {"payments.csv": JUNE}


def guard(path: Path, do_import: Import) -> None:
    path.write_text(HEADER + "P-1,2021-06,200,2021-07-01\n")
    told = r"7 of 8 submissions are gone .* ingestion import .* --approve-deletions"
    with pytest.raises(DeletionGuardError, match=told):
        do_import(path)


def no_warehouse(path: Path, do_import: Import) -> None:
    path.write_text(JUNE + "P-9,2021-06,200,\n")
    engine = open_engine("postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(WarehouseUnavailableError):
        do_import(path, engine=engine)


def interrupted(path: Path, do_import: Import) -> None:
    def interrupt(_step: str, _count: int, _total: int | None) -> None:
        raise KeyboardInterrupt

    path.write_text(JUNE + "P-9,2021-06,200,\n")
    with pytest.raises(KeyboardInterrupt):
        do_import(path, progress=interrupt)


@pytest.mark.parametrize(
    "content",
    [
        "F-0001,Maria Lopez,+52 55\n",
        "F-0001,Maria Lopez,Maria Lopez\n",
        "F-0001,Maria Lopez,+52 55,a\0b\n",
    ],
)
def test_no_cell_of_a_file_without_a_header_is_repeated(
    path: Path, do_import: Import, content: str
) -> None:
    path.write_text(content)

    with pytest.raises(SourceRejectedError) as error:
        do_import(path)

    for cell in content.strip().split(","):
        assert cell not in str(error.value)


@pytest.mark.parametrize("fail", [guard, no_warehouse, interrupted])
def test_a_landing_that_fails_leaves_the_folder_as_it_was(
    folder: Path, path: Path, do_import: Import, fail: Callable[[Path, Import], None]
) -> None:
    do_import(path)
    before = (folder / "payments.csv").stat().st_mtime_ns

    fail(path, do_import)

    assert listed(folder) == {"payments.csv": JUNE}
    assert [found.name for found in folder.iterdir()] == ["payments.csv"]
    assert (folder / "payments.csv").stat().st_mtime_ns == before


def test_a_first_file_whose_landing_fails_is_taken_away(
    folder: Path, path: Path, do_import: Import
) -> None:
    no_warehouse(path, do_import)

    assert list(folder.iterdir()) == []


def test_a_workbook_whose_landing_fails_makes_room_for_the_csv_file(
    folder: Path, path: Path, do_import: Import
) -> None:
    do_import(path)
    book = write_workbook(path.with_suffix(".xlsx"), [["payment_ref"], ["P-1"]])

    with pytest.raises(DeletionGuardError):
        do_import(book)

    assert listed(folder) == {"payments.csv": JUNE}


def test_deletions_that_a_person_approved_are_believed(
    path: Path, do_import: Import
) -> None:
    do_import(path)
    path.write_text(HEADER + "P-1,2021-06,200,2021-07-01\n")

    assert do_import(path, approve_deletions=True).landing.deleted == 7


def test_in_a_folder_of_files_a_file_keeps_its_name_and_its_ids_are_its_own(
    folder: Path, path: Path, do_import: Import
) -> None:
    (folder / "payments").mkdir()
    june = path.rename(path.with_stem("2021-06"))
    july = path.with_stem("2021-07")
    july.write_text(HEADER + "P-8,2021-07,200,\nP-9,2021-07,200,\n")

    first, second = (
        do_import(june, "journal_payments"),
        do_import(july, "journal_payments"),
    )

    assert (first.landing.new, second.landing.new, second.landing.live) == (8, 1, 9)
    assert second.row_count == 2
    (problem,) = second.problems
    assert problem == (
        "row 2 of 2021-07.csv repeats the payment_ref (column A) of row 9 of "
        "2021-06.csv"
    )
    assert sorted(listed(folder)) == ["payments/2021-06.csv", "payments/2021-07.csv"]
    july.write_text(HEADER + "P-9,2021-07,200,\n")
    assert do_import(july, "journal_payments").replaced == (
        folder / "payments" / "replaced" / "2021-07-20220301T120000Z.csv"
    )


def link(path: Path) -> Path:
    other = path.with_stem("corrections")
    other.symlink_to(path)
    return other


def empty(path: Path) -> Path:
    path.write_text("")
    return path


def hidden(path: Path) -> Path:
    return path.rename(path.with_stem("~$payments"))


@pytest.mark.parametrize(
    ("made_of", "problem"),
    [
        (link, "is a link to another file"),
        (empty, "is empty: give a file with a header"),
        (hidden, "is a hidden file or one of a program's own"),
        (lambda path: path.rename(path.with_suffix(".xls")), r"is neither a \.csv nor"),
        (lambda path: path.with_stem("nothing"), "is no file: give"),
        (lambda path: path.parent, "is no file: give"),
    ],
)
def test_what_is_no_table_is_refused_with_one_sentence(
    folder: Path,
    path: Path,
    do_import: Import,
    made_of: Callable[[Path], Path],
    problem: str,
) -> None:
    with pytest.raises(SourceRejectedError, match=problem) as error:
        do_import(made_of(path), "journal_payments")

    assert str(error.value).count(". ") == 0
    assert listed(folder) == {}


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (None, "is named after no form of files: give its name with --form, one of "),
        (
            "journal",
            "comes from 'kobo_test', which is no folder of files: import into ",
        ),
        ("nothing", "has no form 'nothing': it has journal, corrections, "),
    ],
)
def test_a_form_that_no_file_goes_into_is_refused(
    path: Path, do_import: Import, name: str | None, problem: str
) -> None:
    with pytest.raises(RegistryError, match=problem):
        do_import(path.rename(path.with_stem("June")), name)


def test_a_folder_that_is_not_there_is_not_made(
    folder: Path, path: Path, do_import: Import
) -> None:
    folder.rmdir()

    with pytest.raises(SourceRejectedError, match="make it, or correct the server's"):
        do_import(path)

    assert not folder.exists()


def test_two_imports_into_one_folder_wait_for_each_other(
    folder: Path, path: Path, do_import: Import
) -> None:
    with alone_in(folder), pytest.raises(FormBusyError, match="Another import into"):
        do_import(path)

    assert do_import(path).landing.new == 8


def test_a_form_that_another_run_holds_has_its_folder_left_alone(
    path: Path,
    do_import: Import,
    engine: Engine,
    registry: Registry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    form = find_form("journal_payments", registry)
    target = do_import(path).file
    before = target.stat()
    path.write_text(JUNE + "P-9,2021-06,200,\n")
    monkeypatch.setattr(form_locks, "BUSY_SECONDS", 1)

    with (
        engine.connect() as other,
        form_locks.locked(other, form, form_locks.Work.LANDING),
        pytest.raises(FormBusyError),
    ):
        do_import(path)

    # Put back, it would be another file of the same content.
    assert target.stat().st_ino == before.st_ino
    assert listed(target.parent) == {"payments.csv": JUNE}


def test_a_file_that_is_written_while_it_is_checked_is_not_imported(
    folder: Path, path: Path, do_import: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = importing._check  # noqa: SLF001 - the moment between two steps

    def check_and_write(*arguments: object) -> object:
        found = check(*arguments)  # type: ignore[arg-type]
        path.write_text(JUNE + "P-9,2021-06,200,\n")
        return found

    monkeypatch.setattr(importing, "_check", check_and_write)
    with pytest.raises(SourceIncompleteError, match="changed while it was checked"):
        do_import(path)

    assert listed(folder) == {}


def test_a_folder_that_cannot_be_written_is_one_sentence(
    folder: Path, path: Path, do_import: Import
) -> None:
    # Not even root writes a file where there is a folder.
    do_import(path)
    (folder / "replaced").write_text("in the way")
    path.write_text(JUNE + "P-9,2021-06,200,\n")

    with pytest.raises(IngestionError, match=r"cannot be written \(File exists\)"):
        do_import(path)

    assert listed(folder) == {"payments.csv": JUNE, "replaced": "in the way"}
