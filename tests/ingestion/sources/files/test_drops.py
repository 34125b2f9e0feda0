from datetime import UTC, datetime
from os import utime
from pathlib import Path

import pytest

from ingestion.errors import SourceIncompleteError, SourceRejectedError
from ingestion.sources.base import Rejected, Submission
from ingestion.sources.files import FilesSource
from tests.ingestion.workbooks import write_workbook

JUNE = "ref,n\nP-1,1\nP-2,2\n"


def source(folder: Path) -> FilesSource:
    return FilesSource.of_form(folder, "payments", "ref")


def items(folder: Path) -> list[Submission | Rejected]:
    return [item for page in source(folder).everything() for item in page]


def ids(folder: Path) -> list[str | None]:
    return [
        item.mark.submission_id if isinstance(item, Submission) else None
        for item in items(folder)
    ]


@pytest.fixture
def months(tmp_path: Path) -> Path:
    folder = tmp_path / "payments"
    folder.mkdir()
    (folder / "2021-06.csv").write_text(JUNE)
    write_workbook(folder / "2021-07.xlsx", [("n", "ref"), (3, "P-3"), (4, "P-2")])
    return folder


@pytest.mark.parametrize("name", ["payments.csv", "payments.CSV", "payments.Csv"])
def test_a_form_is_the_file_of_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(JUNE)
    (tmp_path / "payments-old.csv").write_text("other\n")

    assert ids(tmp_path) == ["P-1", "P-2"]


def test_a_workbook_serves_as_well(tmp_path: Path) -> None:
    write_workbook(tmp_path / "payments.xlsx", [("ref",), ("P-9",)])

    assert ids(tmp_path) == ["P-9"]


def test_the_files_of_a_folder_count_together_and_ids_are_unique_in_all(
    months: Path,
) -> None:
    assert ids(months.parent) == ["P-1", "P-2", "P-3", None]
    *_, again = items(months.parent)
    assert isinstance(again, Rejected)
    assert again.reason == (
        "row 3 of 2021-07.xlsx, sheet 'Payments' repeats the ref (column B) of row 3 "
        "of 2021-06.csv"
    )
    reading = source(months.parent)
    list(reading.sweep())
    assert reading.count() == 4


def test_rows_are_known_since_their_own_file_was_written(months: Path) -> None:
    utime(months / "2021-06.csv", (0, 0))

    first, _, third, _ = items(months.parent)

    assert isinstance(first, Submission)
    assert isinstance(third, Submission)
    assert first.received_at == datetime(1970, 1, 1, tzinfo=UTC)
    assert third.received_at > first.received_at


def test_what_is_no_file_of_the_form_is_passed_over(months: Path) -> None:
    for name in ("~$2021-07.xlsx", ".2021-08.csv.123", "Thumbs.db", "desktop.ini"):
        (months / name).write_text("nothing of ours")
    (months / "replaced").mkdir()
    (months / "replaced" / "2021-05.csv").write_text(JUNE)

    assert len(ids(months.parent)) == 4


@pytest.mark.parametrize("name", ["2021-08.xls", "2021-08.txt", "readme.docx", "2020"])
def test_a_file_of_another_kind_is_refused_and_not_left_out(
    months: Path, name: str
) -> None:
    (months / name).write_text("")

    with pytest.raises(SourceRejectedError, match=r"is neither a \.csv nor an \.xlsx"):
        source(months.parent).check()


@pytest.mark.parametrize("other", ["payments.xlsx", "payments.CSV", "payments/"])
def test_two_places_of_one_form_are_refused(tmp_path: Path, other: str) -> None:
    (tmp_path / "payments.csv").write_text(JUNE)
    if other.endswith("/"):
        (tmp_path / other).mkdir()
    else:
        (tmp_path / other).write_text("")

    with pytest.raises(SourceRejectedError, match="for one form: keep one of them"):
        source(tmp_path).check()


def test_every_form_of_a_folder_is_listed(months: Path) -> None:
    (months.parent / "corrections.csv").write_text("ref\n")
    (months.parent / "replaced").mkdir()
    (months.parent / "replaced" / "corrections-1.csv").write_text("ref\n")
    (months.parent / "notes.txt").write_text("")

    found = [(form.key, form.title) for form in source(months.parent).forms()]

    assert found == [("corrections", "corrections.csv"), ("payments", "payments/")]


def test_an_empty_folder_is_refused_and_is_no_deletion(tmp_path: Path) -> None:
    (tmp_path / "payments").mkdir()

    with pytest.raises(SourceRejectedError, match="holds no file: put the form's"):
        source(tmp_path).check()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (
            "payments.xls",
            "payments.xls is neither a .csv nor an .xlsx file: open it in",
        ),
        ("payments.txt", "give it the ending .csv"),
        (
            "other.csv",
            "payments.csv is not there: put the file (or payments.xlsx, or a",
        ),
    ],
)
def test_a_missing_file_is_one_sentence(
    tmp_path: Path, name: str, problem: str
) -> None:
    (tmp_path / name).write_text(JUNE)

    with pytest.raises(SourceRejectedError) as error:
        source(tmp_path).check()

    assert problem in str(error.value)


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceRejectedError, match=r"payments\.csv is not there"):
        source(tmp_path / "nowhere").check()


@pytest.mark.parametrize("change", ["written", "added", "removed", "all removed"])
def test_a_folder_that_changes_while_it_is_read_is_not_believed(
    months: Path, change: str
) -> None:
    reading = source(months.parent)
    list(reading.sweep())
    if change == "written":
        (months / "2021-06.csv").write_text(JUNE + "P-5,5\n")
    elif change == "added":
        (months / "2021-08.csv").write_text("ref\nP-6\n")
    else:
        for path in list(months.iterdir())[: 1 if change == "removed" else None]:
            path.unlink()

    with pytest.raises(SourceIncompleteError, match="changed while"):
        reading.count()
