import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.feeds import form_server
from sandbox.feeds.source_hash import KOBO, source_hash
from sandbox.machine.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "home")
    yield home
    form_server.stop(home)


def test_a_server_of_older_code_is_replaced(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "code"
    code.mkdir()
    monkeypatch.setattr(form_server, "PILOT", (code,))
    first = _started(home)
    assert _started(home) == first

    (code / "families.py").write_text("COUNT = 310")
    assert _started(home) != first


def test_a_change_deep_within_the_stand_in_shows(tmp_path: Path) -> None:
    code = tmp_path / "kobo"
    shutil.copytree(KOBO[0], code)
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


def _started(home: Home) -> str:
    form_server.start(home)
    return (home.kobo / "kobo.json").read_text()
