import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[2] / "Makefile"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    shutil.copy(MAKEFILE, tmp_path)
    return tmp_path


@pytest.mark.parametrize("target", ["environment", "warehouse-url", "psql"])
def test_asking_a_fresh_clone_for_the_warehouse_is_one_sentence(
    clone: Path, target: str
) -> None:
    done = _make(clone, target)
    assert done.returncode != 0
    assert done.stdout == ""
    assert "No warehouse is running: start one with 'make demo'.\n" in done.stderr


def test_stop_after_an_interrupted_install_ends_well(clone: Path) -> None:
    # An environment without packages, as a Ctrl-C in the middle leaves it.
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(sys.executable)
    done = _make(clone, "stop")
    assert done.returncode == 0
    assert done.stdout == "Nothing is installed, so nothing runs.\n"


def _make(folder: Path, target: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--silent", target],  # noqa: S607 - whichever make the developer uses
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
