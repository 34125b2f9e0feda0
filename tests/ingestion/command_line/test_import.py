"""Importing a file by command: what it says, and what it leaves behind."""

from pathlib import Path

import pytest

from tests.ingestion.command_line.commands import objects, run
from tests.ingestion.conftest import Rows

GOOD = "correction_ref,new_value,approved_at\nC-1,5,2021-07-01\nC-2,6,2021-07-02\n"
HALF = "correction_ref,new_value,approved_at\nC-1,5,2021-07-01\nC-2,6,soon\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "corrections.csv"
    path.write_text(GOOD)
    return path


def test_a_file_is_landed_and_the_former_one_kept(
    registry: Path, file: Path, rows: Rows
) -> None:
    code, out, err = run("import", str(file), columns=300)

    landed, placed = out.splitlines()
    folder = registry.parent / "finance"
    assert (code, err) == (0, "")
    assert landed.startswith("corrections: 2 new; 2 live (")
    assert placed.startswith(f"{file}: 2 rows, now in {folder / 'corrections.csv'}; ")
    assert "what it replaces is kept as" in placed
    assert len(rows("select 1 from raw.forms__corrections")) == 2


def test_what_could_not_be_read_is_said(registry: Path, file: Path) -> None:
    file.write_text(HALF)

    code, out, err = run("import", str(file), "--form", "corrections")
    _, again, _ = run("import", str(file), "--form", "corrections", "--json")

    (report,) = objects(again)
    assert code == 0
    assert "row 3" in err
    assert "soon" not in err + again
    assert (report["problem_count"], report["rejected"]) == (1, 0)
    assert report["form"] == "corrections"
    assert "2 live" in out
    assert registry.exists()


@pytest.mark.parametrize("as_json", [True, False])
def test_a_file_that_is_not_there_is_one_sentence(
    registry: Path,
    as_json: bool,  # noqa: FBT001 - pytest
) -> None:
    code, out, err = run("import", "nowhere.csv", *(["--json"] if as_json else []))

    said = objects(out)[0]["error"]["message"] if as_json else err
    assert code == 1
    assert said.strip().startswith("nowhere.csv is no file: give a .csv or .xlsx file")
    assert (out if not as_json else err) == ""
    assert registry.exists()
