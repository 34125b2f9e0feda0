from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingestion.answers.field_maps import load_field_map
from ingestion.errors import SourceIncompleteError, SourceRejectedError
from ingestion.landing import LandingReport, land_form
from ingestion.registry import Form, Registry
from ingestion.registry.entries import FilesServer
from ingestion.sources.base import Mark, Rejected, Submission
from ingestion.sources.files import FilesSource
from ingestion.sources.files.source import ROWS_AT_ONCE
from tests.ingestion.conftest import PRODUCT_MAPS, Rows

HEADER = (
    "correction_ref,root_id,field_name,old_value,new_value,approved_at,status_code\n"
)
FIRST = "C-1,r-1,income_local,200,2,2021-09-01T10:00:00Z,approved\n"
SECOND = "C-2,r-2,income_local,300,3,,proposed\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "corrections.csv"
    path.write_text(HEADER + FIRST + SECOND)
    return path


def source(path: Path) -> FilesSource:
    return FilesSource(path, "correction_ref", "approved_at")


def land(path: Path, engine: Engine, *, approve: bool = False) -> LandingReport:
    form = Form(
        name="corrections",
        role="corrections",
        form_id="corrections",
        source_key="corrections",
        server_name="finance",
        server=FilesServer(kind="files", path="."),
        site_codes=(),
        deletion_limit_share=0.05,
        field_map=load_field_map(PRODUCT_MAPS / "corrections.yml"),
    )
    registry = Registry(Path("sites.yml"), {}, {}, (form,), {})
    return land_form(
        "corrections",
        registry=registry,
        engine=engine,
        source=source(path),
        approve_deletions=approve,
    )


def test_rows_are_read_as_text_and_empty_cells_are_left_out(path: Path) -> None:
    ((first, second),) = source(path).everything()

    assert isinstance(first, Submission)
    assert isinstance(second, Submission)
    assert first.payload["new_value"] == "2"
    assert first.received_at == datetime(2021, 9, 1, 10, tzinfo=UTC)
    assert "approved_at" not in second.payload


def test_rows_without_an_identifier_or_with_a_used_one_are_rejected(
    path: Path,
) -> None:
    path.write_text(HEADER + FIRST + FIRST + FIRST.replace("C-1", ""))

    ((_, again, nameless),) = source(path).everything()

    assert isinstance(again, Rejected)
    assert again.reason == (
        "row 3 of corrections.csv repeats the correction_ref (column A) of row 2 of "
        "corrections.csv"
    )
    assert isinstance(nameless, Rejected)
    assert nameless.reason == (
        "row 4 of corrections.csv has no correction_ref (column A)"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "is not there: put the file"),
        (b"", " is empty: put the names of the columns into row 1"),
        (b",,\n1,2,3\n", " has nothing in row 1: "),
        (
            b"ref;approved_at;root\n1;2;3\n",
            " row 1 has 3 columns, of which the form knows approved_at: correct the ",
        ),
        (f"{HEADER}{FIRST}{FIRST.strip()},extra\n".encode(), ": row 3 fills column H"),
        (b"correction_ref,\nC-1,\nC-2,more\n", ": row 3 fills column B, which has no"),
        (
            b"correction_ref, x ,x\n",
            r": in row 1, columns B and C are called the same: give every column",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    path: Path, content: bytes | None, reason: str
) -> None:
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(SourceRejectedError, match=reason) as error:
        list(source(path).everything())
    assert str(error.value).startswith(str(path))


def test_a_file_written_while_it_is_read_is_not_believed(path: Path) -> None:
    reading = source(path)
    list(reading.sweep())
    path.write_text(HEADER + FIRST)

    with pytest.raises(SourceIncompleteError, match="changed while it was read"):
        reading.count()


def test_a_changed_cell_and_a_removed_row_become_versions(
    path: Path, engine: Engine, rows: Rows
) -> None:
    land(path, engine)
    path.write_text(HEADER + FIRST.replace(",2,", ",4,"))

    report = land(path, engine, approve=True)

    assert (report.edited, report.deleted, report.live) == (1, 1, 1)
    found = rows(
        "select submission_id, version_number, change_code, answers ->> 'new_value'"
        " as new_value from raw.forms__corrections order by 1, 2"
    )
    assert [tuple(row.values()) for row in found] == [
        ("C-1", 1, "new", "2"),
        ("C-1", 2, "edited", "4"),
        ("C-2", 1, "new", "3"),
        ("C-2", 2, "deleted", None),
    ]


def test_the_same_file_lands_nothing_twice(path: Path, engine: Engine) -> None:
    land(path, engine)
    path.write_text(path.read_text())

    assert land(path, engine).changed == 0


def test_a_row_added_later_is_known_since_then_whatever_it_says(
    path: Path, engine: Engine, rows: Rows
) -> None:
    land(path, engine)
    path.write_text(HEADER + FIRST + SECOND + FIRST.replace("C-1", "C-3"))
    land(path, engine)

    known = {
        row["submission_id"]: row["known_at"]
        for row in rows("select * from raw.forms__corrections")
    }
    assert known["C-1"] == datetime(2021, 9, 1, 10, tzinfo=UTC)
    assert known["C-3"] > datetime(2025, 1, 1, tzinfo=UTC)


def test_a_folder_in_the_place_of_a_file_is_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "corrections.csv"
    folder.mkdir()

    with pytest.raises(SourceRejectedError, match="cannot be read"):
        source(folder).check()


def test_blank_rows_are_passed_over_and_counted_in_the_numbers(path: Path) -> None:
    path.write_text(HEADER + "\n" + FIRST + ",, ,,,,\n" + FIRST + "\n\n")

    ((first, again),) = source(path).everything()

    assert isinstance(first, Submission)
    assert isinstance(again, Rejected)
    assert again.reason.startswith("row 5 of corrections.csv repeats")
    assert again.reason.endswith("of row 3 of corrections.csv")


def test_names_of_columns_are_trimmed_and_cells_are_not(path: Path) -> None:
    path.write_text(" correction_ref ,note\nC-1, as told \n")

    ((row,),) = source(path).everything()

    assert isinstance(row, Submission)
    assert row.payload == {"correction_ref": "C-1", "note": " as told "}


def test_columns_that_identify_a_row_together_never_collide(path: Path) -> None:
    cells = [
        ("a|b", "c"),
        ("a", "b|c"),
        ("a\\", "b"),
        ("a", "\\|b"),
        ("a\\|b", "c"),
        ("a\\", "b|c"),
        ("a|b\\", "c"),
    ]
    lines = [f"{family},{month}\n" for family, month in cells]
    path.write_text("family,month\n" + "".join(lines) + "a,\n")

    (rows,) = FilesSource(path, ["family", "month"]).everything()

    *submissions, last = rows
    found = [
        row.mark.submission_id for row in submissions if isinstance(row, Submission)
    ]
    assert len(set(found)) == len(cells)
    assert isinstance(last, Rejected)
    assert last.reason == "row 9 of corrections.csv has no month (column B)"


def test_two_columns_of_identity_are_one_identifier(path: Path) -> None:
    path.write_text("family,month\nF-1,2021-01\nF-1,2021-02\nF-1,2021-01\n")

    ((first, second, again),) = FilesSource(path, ["family", "month"]).everything()

    assert isinstance(first, Submission)
    assert isinstance(second, Submission)
    assert first.mark.submission_id == "F-1|2021-01"
    assert isinstance(again, Rejected)
    assert again.reason == (
        "row 4 of corrections.csv repeats the family (column A) and month (column B) "
        "of row 2 of corrections.csv"
    )


def test_the_order_of_columns_and_rows_does_not_matter(
    path: Path, tmp_path: Path
) -> None:
    path.write_text("correction_ref,new_value\nC-1,5\nC-2,6\n")
    other = tmp_path / "other.csv"
    other.write_text("new_value,correction_ref\n6,C-2\n5,C-1\n")

    assert marks(path) == marks(other)


def marks(path: Path) -> set[Mark | Rejected]:
    return {mark for page in source(path).sweep() for mark in page}


def test_rows_of_other_files_than_those_swept_are_not_believed(path: Path) -> None:
    reading = source(path)
    list(reading.sweep())
    path.write_text(HEADER + FIRST.replace(",2,", ",4,") + SECOND)

    with pytest.raises(SourceIncompleteError, match="changed while it was read"):
        list(reading.submissions(iter(["C-1"])))


def test_a_long_file_is_read_in_pieces(path: Path) -> None:
    lines = [f"C-{number},r,f,1,2,,x\n" for number in range(2 * ROWS_AT_ONCE + 1)]
    path.write_text(HEADER + "".join(lines))
    reading = source(path)

    assert [len(page) for page in reading.sweep()] == [ROWS_AT_ONCE, ROWS_AT_ONCE, 1]
    assert reading.count() == len(lines)
