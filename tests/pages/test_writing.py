import re
from pathlib import Path

import pytest

from pages import says_synthetic, write_pages

OURS = re.compile(r"[A-Z]+/\d+\.html")


def names(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_pages_replace_those_of_before_and_leave_what_is_not_ours(
    tmp_path: Path,
) -> None:
    write_pages(tmp_path, {"A/1.html": "old", "B/1.html": "old"}, OURS)
    (tmp_path / "note.html").write_text("not ours")
    (tmp_path / "A" / "photo.png").write_text("not ours")

    written = write_pages(tmp_path, {"A/2.html": "new", "C/1.html": "new"}, OURS)

    assert written == (tmp_path / "A/2.html", tmp_path / "C/1.html")
    assert names(tmp_path) == {"A/2.html", "A/photo.png", "C/1.html", "note.html"}
    assert not (tmp_path / "B").exists()


def test_where_a_page_cannot_be_written_those_of_before_stay(tmp_path: Path) -> None:
    write_pages(tmp_path, {"A/1.html": "old"}, OURS)
    broken = "\ud800"  # no encoding has it

    with pytest.raises(UnicodeEncodeError):
        write_pages(tmp_path, {"A/1.html": "new", "B/1.html": broken}, OURS)

    assert names(tmp_path) == {"A/1.html"}
    assert (tmp_path / "A/1.html").read_text() == "old"


@pytest.mark.parametrize(
    ("said", "is_synthetic"), [("", True), ("no", True), ("False ", False)]
)
def test_only_false_by_name_says_that_data_are_real(
    monkeypatch: pytest.MonkeyPatch, said: str, *, is_synthetic: bool
) -> None:
    monkeypatch.setenv("DASHBOARDS_SYNTHETIC", said)

    assert says_synthetic() is is_synthetic
