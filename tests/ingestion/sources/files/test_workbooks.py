from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from ingestion.errors import SourceRejectedError
from ingestion.sources.base import Mark, Rejected, Submission
from ingestion.sources.files import FilesSource
from tests.ingestion.workbooks import replace_in_sheet, write_workbook

HEADER = ("ref", "code", "amount", "paid", "month", "is_late", "at")
NAME = "payments.xlsx, sheet 'Payments'"
FIRST = datetime.fromisoformat("2021-09-01")
ROW = ("P-1", "007", 12.5, FIRST, FIRST, True, time(9, 5))
CSV = ",".join(HEADER) + "\nP-1,007,12.50,2021-09-01,2021-09,TRUE,09:05\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "payments.xlsx"


def source(path: Path, sheet: str | None = None) -> FilesSource:
    return FilesSource(path, "ref", sheet=sheet)


def items(path: Path, sheet: str | None = None) -> list[Submission | Rejected]:
    return [item for page in source(path, sheet).everything() for item in page]


def reasons(path: Path) -> list[str]:
    return [item.reason for item in items(path) if isinstance(item, Rejected)]


def months(book: Workbook) -> None:
    book.active["D2"].number_format = "yyyy-mm-dd"
    book.active["E2"].number_format = "mmm-yy"


def test_cells_become_text(path: Path) -> None:
    write_workbook(path, [HEADER, ROW], change=months)

    (row,) = items(path)

    assert isinstance(row, Submission)
    assert row.payload == {
        "ref": "P-1",
        "code": "007",
        "amount": "12.5",
        "paid": "2021-09-01",
        "month": "2021-09",
        "is_late": "true",
        "at": "09:05:00",
    }


def test_a_csv_file_saved_as_a_workbook_has_the_same_marks(path: Path) -> None:
    write_workbook(path, [HEADER, ROW], change=months)
    former = path.with_suffix(".csv")
    former.write_text(CSV)

    assert marks(path) == marks(former)
    former.write_text(CSV.replace("12.50", "12.51"))
    assert marks(path) != marks(former)


def marks(path: Path) -> list[Mark | Rejected]:
    return [mark for page in source(path).sweep() for mark in page]


def test_blank_rows_are_passed_over_and_rows_numbered_as_excel_does(
    path: Path,
) -> None:
    write_workbook(
        path,
        [("ref", "n"), ("P-1", 1), (), (None, "  "), ("P-1", 2), (None, 3), ()],
        change=lambda book: setattr(book.active["A900"], "number_format", "0.00"),
    )

    assert reasons(path) == [
        f"row 5 of {NAME} repeats the ref (column A) of row 2 of {NAME}",
        f"row 6 of {NAME} has no ref (column A)",
    ]
    assert len(items(path)) == 3


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (1234567890123456, "holds a number of more than 15 digits"),
        ("=1/0", "holds a formula whose result the file does not keep: open the file"),
    ],
)
def test_a_cell_that_does_not_hold_what_it_shows_rejects_its_row(
    path: Path, cell: object, reason: str
) -> None:
    write_workbook(path, [("ref", "amount"), ("P-1", cell), ("P-2", 2)])

    bad, good = items(path)

    assert isinstance(good, Submission)
    assert isinstance(bad, Rejected)
    assert bad.submission_id == "P-1"
    assert bad.reason.startswith(
        f"row 2 of payments.xlsx, sheet 'Payments', column B (amount) {reason}"
    )


def test_a_row_with_a_formula_error_is_rejected_and_one_with_its_name_is_not(
    path: Path,
) -> None:
    write_workbook(path, [("ref", "note"), ("P-1", "#REF!"), ("P-2", "#REF!")])
    # The first stays an error, the second becomes text that says the same.
    replace_in_sheet(
        path,
        '<c r="B3" t="e"><v>#REF!</v></c>',
        '<c r="B3" t="inlineStr"><is><t>#REF!</t></is></c>',
    )

    bad, good = items(path)

    assert isinstance(bad, Rejected)
    assert "column B (note) shows the error #REF!: correct its formula" in bad.reason
    assert isinstance(good, Submission)


def test_formulas_count_by_their_results_an_empty_one_too(path: Path) -> None:
    write_workbook(path, [("ref", "sum", "text"), ("P-1", "=1+1", '=IF(TRUE,"","x")')])
    replace_in_sheet(
        path, '<c r="B2"><f>1+1</f><v /></c>', '<c r="B2"><f>1+1</f><v>2</v></c>'
    )
    replace_in_sheet(path, '<c r="C2"><f>', '<c r="C2" t="str"><f>')

    (row,) = items(path)

    assert isinstance(row, Submission)
    assert row.payload == {"ref": "P-1", "sum": "2"}


def test_merged_cells_reject_the_rows_that_have_no_value_of_their_own(
    path: Path,
) -> None:
    rows = [("ref", "site"), ("P-1", "A"), ("P-2",), ("P-3", "B")]
    write_workbook(path, rows, change=lambda book: book.active.merge_cells("B2:B3"))

    first, second, third = items(path)

    assert isinstance(first, Submission)
    assert isinstance(third, Submission)
    assert isinstance(second, Rejected)
    assert second.submission_id == "P-2"
    assert "row 3 of payments.xlsx, sheet 'Payments', column B (site) is merged" in (
        second.reason
    )


def test_an_identifier_that_cannot_be_read_is_none(path: Path) -> None:
    write_workbook(path, [("ref", "n"), (1234567890123456, 1), ("P-2", 2)])

    bad, _ = items(path)

    assert isinstance(bad, Rejected)
    assert bad.submission_id is None
    assert "column A (ref) holds a number of more than 15 digits" in bad.reason


def two_sheets(book: Workbook) -> None:
    book.create_sheet("Notes").append(["ref"])
    book["Notes"].append(["N-1"])


def hide_first(book: Workbook) -> None:
    two_sheets(book)
    book.active = 1
    book["Payments"].sheet_state = "veryHidden"


def ids(path: Path, sheet: str | None = None) -> list[Any]:
    return [item.mark.submission_id for item in items(path, sheet)]  # type: ignore[union-attr]  # none is rejected


def test_the_sheet_is_the_only_visible_one_or_the_one_that_is_named(
    path: Path,
) -> None:
    write_workbook(path, [("ref",), ("P-1",)], change=hide_first)

    assert ids(path) == ["N-1"]
    assert ids(path, "payments") == ["P-1"]


@pytest.mark.parametrize(
    ("sheet", "problem"),
    [
        (None, "has 2 sheets that are visible: it has 'Payments', 'Notes'; name"),
        ("June", "has no sheet 'June', which the registry names: it has 'Payments', "),
    ],
)
def test_a_sheet_that_cannot_be_told_is_refused_and_the_sheets_listed(
    path: Path, sheet: str | None, problem: str
) -> None:
    write_workbook(path, [("ref",), ("P-1",)], change=two_sheets)

    with pytest.raises(SourceRejectedError) as error:
        items(path, sheet)

    assert str(error.value).startswith(f"{path} {problem}")


def test_rows_that_a_filter_hides_are_read(path: Path) -> None:
    def hide(book: Workbook) -> None:
        book.active.row_dimensions[2].hidden = True
        book.active.column_dimensions["B"].hidden = True

    write_workbook(path, [("ref", "n"), ("P-1", 1), ("P-2", 2)], change=hide)

    assert ids(path) == ["P-1", "P-2"]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([("code",), ("P-1",)], "has no column 'ref', row 1 has 1 column, "),
        ([("ref", None, "n"), ("P-1", "x", 1)], ": row 2 fills column B, which has no"),
        (
            [("ref", " n", "n "), ("P-1",)],
            ": in row 1, columns B and C are called the same",
        ),
        ([(), ("ref",), ("P-1",)], " has nothing in row 1: put the names"),
        ([], " is empty: put the names of the columns into row 1"),
    ],
)
def test_a_header_that_is_wrong_is_refused_with_sheet_and_column(
    path: Path, rows: list[tuple[object, ...]], problem: str
) -> None:
    write_workbook(path, rows)

    with pytest.raises(SourceRejectedError) as error:
        items(path)

    assert str(error.value).startswith(f"{path}, sheet 'Payments'")
    assert problem in str(error.value)


def test_a_sheet_that_tells_a_wrong_extent_is_read_to_its_end(path: Path) -> None:
    write_workbook(path, [("ref", "n"), ("P-1", 1), ("P-2", 2)])
    replace_in_sheet(path, '<dimension ref="A1:B3" />', '<dimension ref="A1:A2" />')

    assert ids(path) == ["P-1", "P-2"]


def test_merged_names_of_columns_are_refused(path: Path) -> None:
    rows = [("ref", "both", None), ("P-1", 1, 2)]
    write_workbook(path, rows, change=lambda book: book.active.merge_cells("B1:C1"))

    with pytest.raises(SourceRejectedError, match="in row 1, column C is merged"):
        items(path)


def test_a_nameless_column_without_cells_is_passed_over(path: Path) -> None:
    write_workbook(path, [("ref", None, "n"), ("P-1", None, 1)])

    (row,) = items(path)

    assert isinstance(row, Submission)
    assert row.payload == {"ref": "P-1", "n": "1"}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            b"\xd0\xcf\x11\xe0 a root entry",
            "is a workbook of the old kind (.xls): open",
        ),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "is protected with a password: open it in Excel",
        ),
        (b"ref,n\nP-1,1\n", "is not a workbook that can be read"),
        (b"", "is not a workbook that can be read"),
    ],
)
def test_what_is_no_readable_workbook_is_one_sentence(
    path: Path, content: bytes, problem: str
) -> None:
    path.write_bytes(content)

    with pytest.raises(SourceRejectedError) as error:
        items(path)

    assert str(error.value).startswith(f"{path} {problem}")


def test_a_workbook_that_is_cut_off_is_one_sentence(path: Path) -> None:
    write_workbook(path, [("ref",), ("P-1",)])
    content = path.read_bytes()

    for length in range(1, len(content), 97):
        path.write_bytes(content[:length])
        with pytest.raises(SourceRejectedError, match="is not a workbook that can be"):
            items(path)


def test_a_damaged_workbook_is_one_sentence(path: Path) -> None:
    write_workbook(path, [("ref",), ("P-1",)])
    replace_in_sheet(path, "</sheetData>", "</sheetDat>")

    with pytest.raises(SourceRejectedError, match="is not a workbook that can be read"):
        items(path)
