"""Tables of one form on their way to raw: whatever the file, the rows are the same."""

import csv
from datetime import datetime
from io import StringIO
from os import utime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine

from ingestion.answers.field_maps import load_field_map
from ingestion.errors import DeletionGuardError, SourceRejectedError
from ingestion.landing import LandingReport, land_form
from ingestion.registry import Form, Registry
from ingestion.registry.entries import FilesServer
from tests.ingestion.conftest import PRODUCT_MAPS, Rows
from tests.ingestion.workbooks import write_workbook

CORRECTIONS = """\
correction_ref,root_id,field_name,old_value,new_value,approved_at,status_code
COR-00001,0ea6ab7a-6a53,income_local,271000,2710.5,2021-07-17T22:27:05Z,approved
COR-00002,cb2c7659-1db8,income_local,0490,4900,2020-12-04T20:17:05Z,approved
COR-00003,25a471ac-f595,reported_month,2020-12-01,2020-11-01,,proposed
COR-00004,4af2,is_late,true,,2020-12-04T10:30:00,proposed
"""
JOURNAL_MAP = """\
role: journal
record_id: [family_code, month]
fields:
  family_code: {path: family_code, class: sensitive}
  reported_month: {path: month, cast: month, class: open}
  income_local: {path: income, cast: decimal, class: sensitive}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JOURNAL_FILES_ROOT", str(tmp_path))
    folder = tmp_path / "office"
    folder.mkdir()
    return folder


def land(
    engine: Engine,
    role: str,
    map_path: Path,
    form_id: str | None = None,
    **options: Any,  # noqa: ANN401 - those of `land_form`
) -> LandingReport:
    form = Form(
        name=role,
        role=role,
        form_id=form_id or role,
        source_key=form_id or role,
        server_name="office",
        server=FilesServer(kind="files", path="office"),
        site_codes=(),
        deletion_limit_share=0.05,
        field_map=load_field_map(map_path),
    )
    registry = Registry(Path("sites.yml"), {}, {}, (form,), {})
    return land_form(role, registry=registry, engine=engine, **options)


def land_corrections(engine: Engine, form_id: str = "corrections") -> LandingReport:
    return land(engine, "corrections", PRODUCT_MAPS / "corrections.yml", form_id)


def as_excel_opens(cell: str) -> object:
    """Return what Excel makes of a cell when it opens a CSV file."""
    if cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    for read in (int, float, datetime.fromisoformat):
        # It leaves an instant with a zone alone; the code with a zero was kept as text.
        if not cell.endswith("Z") and not cell.startswith("0"):
            try:
                return read(cell)
            except ValueError:
                continue
    return cell or None


def mark_dates(book: Workbook) -> None:
    for row in book.active.iter_rows():
        for cell in row:
            if isinstance(cell.value, datetime) and not cell.value.hour:
                cell.number_format = "d/m/yyyy"


def save_as_workbook(path: Path) -> Path:
    rows = list(csv.reader(StringIO(path.read_text())))
    cells: list[list[object]] = [list(rows[0])]
    cells.extend([as_excel_opens(cell) for cell in row] for row in rows[1:])
    path.unlink()
    return write_workbook(path.with_suffix(".xlsx"), cells, change=mark_dates)


def test_a_csv_file_saved_as_a_workbook_lands_nothing_new(
    folder: Path, engine: Engine
) -> None:
    path = folder / "corrections.csv"
    # As people write what a spreadsheet has its own way of writing.
    written = CORRECTIONS.replace("2710.5,", "2710.50,").replace("true", "TRUE")
    path.write_text(written.replace("2020-12-04T10:30:00,", "2020-12-04 10:30,"))
    assert land_corrections(engine).new == 4

    save_as_workbook(path)
    report = land_corrections(engine)

    assert (report.changed, report.live, report.rejected) == (0, 4, 0)


def test_corrections_land_alike_from_a_csv_file_and_from_a_workbook(
    folder: Path, engine: Engine, rows: Rows
) -> None:
    for form_id in ("from_csv", "from_workbook"):
        path = folder / f"{form_id}.csv"
        path.write_text(CORRECTIONS)
        if form_id == "from_workbook":
            path = save_as_workbook(path)
        utime(path, (0, 0))  # since when the row is known that does not say
        land_corrections(engine, form_id)

    found = {
        form_id: rows(
            "select submission_id, version_number, root_id, change_code, received_at,"
            " content_hash, payload, answers, answer_problems"
            " from raw.forms__corrections where form_id = :form_id order by 1, 2",
            form_id=form_id,
        )
        for form_id in ("from_csv", "from_workbook")
    }
    assert [row["submission_id"] for row in found["from_csv"]] == [
        "COR-00001",
        "COR-00002",
        "COR-00003",
        "COR-00004",
    ]
    assert found["from_csv"] == found["from_workbook"]


def test_a_legacy_journal_is_a_table_whose_rows_two_columns_identify(
    folder: Path, engine: Engine, rows: Rows
) -> None:
    field_map = folder.parent / "legacy.yml"
    field_map.write_text(JOURNAL_MAP)
    months = folder / "journal"
    months.mkdir()
    for month in ("2019-01", "2019-02"):
        lines = [f"F-{number},{month},{number}\n" for number in range(30)]
        (months / f"{month}.csv").write_text(
            "family_code,month,income\n" + "".join(lines)
        )

    assert land(engine, "journal", field_map).new == 60
    answers = rows(
        "select answers from raw.forms__journals where submission_id = 'F-7|2019-02'"
    )
    assert answers == [
        {
            "answers": {
                "family_code": "F-7",
                "reported_month": "2019-02-01",
                "income_local": 7,
            }
        }
    ]

    (months / "2019-02.csv").unlink()
    with pytest.raises(DeletionGuardError, match="30 of 60 submissions are gone"):
        land(engine, "journal", field_map)
    assert land(engine, "journal", field_map, approve_deletions=True).deleted == 30


def test_a_row_that_turns_unreadable_is_no_deletion(
    folder: Path, engine: Engine, rows: Rows
) -> None:
    header, known = ("correction_ref", "new_value"), ("C-1", 5)
    write_workbook(folder / "corrections.xlsx", [header, known])
    land_corrections(engine)
    write_workbook(folder / "corrections.xlsx", [header, ("C-1", "=1/0"), ("C-2", 6)])

    report = land_corrections(engine)

    assert (report.new, report.deleted, report.live) == (1, 0, 2)
    (found,) = rows("select submission_id, reason from ops.rejected_records")
    assert found["submission_id"] == "C-1"
    assert found["reason"].startswith(
        "row 2 of corrections.xlsx, sheet 'Payments', column B (new_value) holds a "
        "formula whose result the file does not keep"
    )


def test_saving_as_a_workbook_does_not_hide_an_edit(
    folder: Path, engine: Engine
) -> None:
    path = folder / "corrections.csv"
    path.write_text(CORRECTIONS)
    land_corrections(engine)
    path.write_text(CORRECTIONS.replace("2710.5,", "2710.6,"))
    save_as_workbook(path)

    assert (land_corrections(engine).edited, land_corrections(engine).edited) == (1, 0)


def test_a_renamed_column_takes_no_answers_away(
    folder: Path, engine: Engine, rows: Rows
) -> None:
    file = folder / "corrections.csv"
    file.write_text(CORRECTIONS)
    land_corrections(engine)
    file.write_text(CORRECTIONS.replace("new_value", "New value", 1))

    with pytest.raises(SourceRejectedError) as refused:
        land_corrections(engine)

    assert str(refused.value) == (
        f"{file} has no column form_role_code, new_value, reason_code, "
        "requested_by_code, approved_by_code, which the field map names, and nobody "
        "knows what row 1 has in E: a renamed column would take its "
        "answers away, so correct the header, or name the new columns in the field map."
    )
    assert len(rows("select 1 from raw.forms__corrections")) == 4


def test_a_row_that_lost_its_id_is_not_taken_for_deleted(
    folder: Path, engine: Engine, rows: Rows
) -> None:
    file = folder / "corrections.csv"
    file.write_text(CORRECTIONS)
    land_corrections(engine)
    file.write_text(CORRECTIONS.replace("COR-00003", ""))

    with pytest.raises(DeletionGuardError, match="1 submissions are missing and 1 rec"):
        land_corrections(engine)
    assert len(rows("select 1 from raw.forms__corrections")) == 4

    approved = land(
        engine,
        "corrections",
        PRODUCT_MAPS / "corrections.yml",
        approve_deletions=True,
    )
    assert (approved.deleted, approved.rejected) == (1, 1)
