import shutil
from pathlib import Path

import pytest

from sandbox.feeds.source_hash import KOBO, ODK, source_hash


@pytest.mark.parametrize("folder", [*KOBO, *ODK], ids=lambda folder: folder.name)
def test_a_change_deep_within_a_stand_in_shows(folder: Path, tmp_path: Path) -> None:
    code = tmp_path / folder.name
    shutil.copytree(folder, code)
    before = source_hash(code)
    deepest = max(code.rglob("*.py"), key=lambda path: len(path.parts))
    deepest.write_text(deepest.read_text() + "CHANGED = True")

    assert len(deepest.relative_to(code).parts) > 1
    assert source_hash(code) != before


def test_bytecode_is_no_change_of_the_source(tmp_path: Path) -> None:
    (tmp_path / "families.py").write_text("COUNT = 309")
    before = source_hash(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "families.pyc").write_bytes(b"made by Python")

    assert source_hash(tmp_path) == before
