from pathlib import Path

import pytest

from ingestion.errors import SourceRejectedError
from ingestion.sources.base import Rejected, Submission
from ingestion.sources.files import FilesSource

TABLE = 'ref,note,amount\nP-1,"Bogotá, said",12\nP-2,"two\nlines",5\n'
EXPECTED = [
    {"ref": "P-1", "note": "Bogotá, said", "amount": "12"},
    {"ref": "P-2", "note": "two\nlines", "amount": "5"},
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "payments.csv"


def payloads(path: Path) -> list[object]:
    pages = FilesSource(path, "ref").everything()
    return [
        row.payload if isinstance(row, Submission) else row.reason
        for page in pages
        for row in page
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_file_is_read_in_every_way_that_excel_writes_it(
    path: Path, encoding: str, separator: str, line_end: str
) -> None:
    quoted = TABLE.replace(",", separator).replace(f"{separator} said", ", said")
    text = quoted.replace("\n", line_end).replace(f"two{line_end}lines", "two\nlines")
    path.write_bytes(text.encode(encoding))

    assert payloads(path) == EXPECTED


def test_a_line_end_within_a_cell_makes_no_row(path: Path) -> None:
    path.write_text(TABLE + ",nameless,3\n")

    assert payloads(path)[-1] == "row 4 of payments.csv has no ref (column A)"


def test_a_short_row_has_empty_cells_at_its_end(path: Path) -> None:
    path.write_text("ref,note,amount\nP-1\n")

    assert payloads(path) == [{"ref": "P-1"}]


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize(
    ("before", "place"),
    [
        (
            "ref|amount|note\nP-0|2|fine\n" * 500 + "P-1|5|{}\n",
            "row 1001, column C",
        ),
        ("ref|amount|{}\nP-1|5|\n", "row 1, column C"),
        ("ref|amount\nP-1|5|{}\n", "row 2, column C"),
    ],
)
def test_another_encoding_is_refused_with_row_column_and_remedy(
    path: Path, separator: str, before: str, place: str
) -> None:
    text = before.replace("|", separator).format("España")
    path.write_bytes(text.encode("latin-1"))

    with pytest.raises(SourceRejectedError) as error:
        payloads(path)

    assert str(error.value) == (
        f"{path} is not a CSV file in UTF-8: {place} cannot be read: in Excel choose "
        "Save As and the type 'CSV UTF-8 (comma delimited)'."
    )


def test_utf_16_that_is_cut_off_is_refused(path: Path) -> None:
    path.write_bytes(TABLE.encode("utf-16")[:-1])

    with pytest.raises(
        SourceRejectedError, match="begins as UTF-16 and does not go on"
    ):
        payloads(path)


def test_utf_16_without_its_mark_is_refused(path: Path) -> None:
    path.write_bytes(TABLE.encode("utf-16-le").replace("á".encode("utf-16-le"), b"a\0"))

    with pytest.raises(SourceRejectedError, match="in row 1, column A has a character"):
        payloads(path)


@pytest.mark.parametrize(
    "rows", ['P-1,"never closed,5\nP-2,x,5\n', 'P-1,"closed" and on,5\n']
)
def test_a_wrong_quotation_mark_is_refused_with_its_row(path: Path, rows: str) -> None:
    path.write_text("ref,note,amount\nP-0,,\n" + rows)

    with pytest.raises(SourceRejectedError, match="cannot be read from row 3 on"):
        payloads(path)


def test_a_workbook_called_csv_is_refused(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 and so on")

    with pytest.raises(SourceRejectedError, match="is a workbook, not a CSV file"):
        payloads(path)


def test_a_number_that_excel_wrote_short_is_rejected_and_not_deleted(
    path: Path,
) -> None:
    path.write_text("ref,account\nP-1,1.23457E+15\n")

    ((row,),) = FilesSource(path, "ref").everything()

    assert isinstance(row, Rejected)
    assert row.submission_id == "P-1"
    assert row.reason == (
        "row 2 of payments.csv, column B (account) holds a number of more than 15 "
        "digits, of which Excel forgets the last: format the column as text and enter "
        "it again"
    )
