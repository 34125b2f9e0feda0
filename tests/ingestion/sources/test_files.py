from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingestion.answers.field_maps import load_field_map
from ingestion.errors import SourceIncompleteError, SourceRejectedError
from ingestion.landing import LandingReport, land_form
from ingestion.registry import Form, Registry
from ingestion.registry.entries import FilesServer
from ingestion.sources.base import Rejected, Submission
from ingestion.sources.files import FilesSource
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
    assert (
        again.reason == "row 3 of corrections.csv repeats the correction_ref of row 2"
    )
    assert isinstance(nameless, Rejected)
    assert nameless.reason == "row 4 of corrections.csv has no correction_ref"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "is not there: put the file"),
        (b"", "is not a CSV file"),
        (b"ref;root\n1;2\n", "has no column 'correction_ref'"),
        (f"{HEADER}{FIRST}{FIRST.strip()},extra\n".encode(), "in line 3"),
        (f"{HEADER}{FIRST.strip()},extra\n".encode(), "more cells than its header"),
        (
            HEADER.encode() + "C-1,España".encode("latin-1"),
            "is not a CSV file in UTF-8",
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
    with pytest.raises(SourceRejectedError, match="cannot be read"):
        source(tmp_path).check()
