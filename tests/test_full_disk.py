"""A disk fills up under the warehouse, its backups, pages and attachments.

A real one: 256 MB of memory mounted as a disk, which only the test's own process sees.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
# Whoever is not root mounts in a namespace of its own, where the system allows that.
ALONE = ["unshare", "--mount"]
if os.geteuid() != 0:
    ALONE += ["--map-current-user", "--keep-caps"]
MOUNT = 'mount -t tmpfs -o size=256m,mode=755 none "$1"'
RUN = f'{MOUNT} && exec "$2" -m tests.full_disk "$1"'


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    disk = tmp_path_factory.mktemp("disk")
    if not shutil.which("unshare") or not may_mount(disk):
        pytest.skip("this system lets nobody mount a disk of their own")
    done = subprocess.run(
        [*ALONE, "sh", "-c", RUN, "sh", str(disk), sys.executable],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def may_mount(disk: Path) -> bool:
    tried = subprocess.run(
        [*ALONE, "sh", "-c", MOUNT, "sh", str(disk)], capture_output=True, check=False
    )
    return tried.returncode == 0


def test_a_landing_says_so_changes_nothing_and_ends_as_it_would_have(
    seen: dict[str, Any],
) -> None:
    landing = seen["landing"]

    assert (
        "nothing was landed: see that it runs and that its disk is not full"
        in (landing["said"])
    )
    assert landing["is_as_before"]
    # On record as failed, or as ended without a word where that had no room either.
    assert landing["runs"][1] in {"failed", "died"}
    assert landing["runs"] == ["succeeded", landing["runs"][1], *["succeeded"] * 2]
    # Forty submissions, an edit and a deletion; a second time there is nothing to do.
    assert (landing["versions"], landing["changed_again"]) == (42, 0)


def test_a_backup_that_is_cut_short_is_not_taken_for_one(seen: dict[str, Any]) -> None:
    assert "nothing of it was kept" in seen["backup"]["said"]
    assert "No space left on device" in seen["backup"]["said"]
    assert seen["backup"]["left"] == []
    assert seen["backup"]["is_written"]


def test_pages_of_before_stay_whole(seen: dict[str, Any]) -> None:
    assert "No space left on device" in seen["pages"]["said"]
    assert (seen["pages"]["page"], seen["pages"]["left"]) == ("old", ["page.html"])


def test_a_file_is_kept_whole_or_not_at_all(seen: dict[str, Any]) -> None:
    assert "No space left on device" in seen["attachment"]["said"]
    assert seen["attachment"]["left"] == []
    assert seen["attachment"]["is_kept"]
