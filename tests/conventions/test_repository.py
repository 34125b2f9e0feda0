"""Conventions of the whole repository, held by reading its tracked files."""

import re
import subprocess
from pathlib import Path

import pytest

from sandbox.postgres import MAJOR_VERSION

ROOT = Path(__file__).parents[2]
HOW_BIG = 500_000  # bytes; above this a file is data, not source


def tracked_files() -> list[Path]:
    """Return the files git tracks, or every source file where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - whichever git the developer uses
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is not a git checkout, so there is no list of tracked files")
    names = [name for name in listed.stdout.split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).exists()]


def text_of(path: Path) -> str:
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return ""  # an XLSForm or another binary


def test_no_file_names_a_package_index_or_a_path_of_one_machine() -> None:
    forbidden = re.compile(
        r"--(?:extra-)?index-url|pythonhosted|registry\.npmjs|deb\.debian"
        r"|(?<![\w.])/(?:home|Users|root)/\w|" + re.escape(f"{ROOT}/")
    )
    found = {
        str(path.relative_to(ROOT)): match.group()
        for path in tracked_files()
        if path != Path(__file__)
        and (
            match := forbidden.search(text_of(path).replace("--no-emit-index-url", ""))
        )
    }

    assert found == {}


def test_no_tracked_file_is_large() -> None:
    large = [path.name for path in tracked_files() if path.stat().st_size > HOW_BIG]

    assert large == []


def test_readme_names_every_top_level_folder() -> None:
    readme = (ROOT / "README.md").read_text()
    folders = {path.relative_to(ROOT).parts[0] for path in tracked_files()}
    folders = {
        name for name in folders if (ROOT / name).is_dir() and not name.startswith(".")
    }

    assert {name for name in folders if f"`{name}/`" not in readme} == set()


def make_targets(page: str) -> list[str]:
    """Return what `make` is asked for, within lines and in blocks of commands."""
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```$", page, re.MULTILINE | re.DOTALL)
    target = r"make (?:-\w+ )?([a-z-]+)"
    return [
        *re.findall(rf"(?:`|\$\(){target}", page),
        *re.findall(rf"^ *{target}", "\n".join(blocks), re.MULTILINE),
    ]


def test_every_make_target_in_the_docs_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    pages = [ROOT / "README.md", *(ROOT / "warehouse_docs").rglob("*.md")]
    named = {target for page in pages for target in make_targets(page.read_text())}

    assert {"demo", "test", "psql"} <= named
    assert named - targets == set()


def test_decisions_are_numbered_without_gaps_and_say_the_five_things() -> None:
    pages = sorted((ROOT / "warehouse_docs" / "decisions").glob("0*.md"))

    assert [page.name[:4] for page in pages] == [
        f"{number:04d}" for number in range(1, len(pages) + 1)
    ]
    for page in pages:
        text = page.read_text()
        assert text.startswith(f"# {page.name[:4]} "), f"{page.name} has another number"
        for part in ("**Chosen.**", "**Why.**", "**Cost.**", "**Look again**"):
            assert part in text, f"{page.name} does not say {part}"


def test_services_and_sandbox_run_the_same_postgres() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    versions = re.findall(r"image: postgres:(\d+)\.\d+$", compose, re.MULTILINE)

    assert versions
    assert set(versions) == {MAJOR_VERSION}


def test_the_image_installs_the_lock_on_the_python_it_was_made_for() -> None:
    lock = (ROOT / "requirements.txt").read_text()
    dockerfile = (ROOT / "Dockerfile").read_text()
    locked = re.findall(r"--python-version (\d+\.\d+)", lock)

    assert "--requirement requirements.txt" in dockerfile
    assert (
        re.findall(r"^FROM python:(\d+\.\d+)\.\d+", dockerfile, re.MULTILINE) == locked
    )


def test_every_image_is_pinned_to_a_patch_version() -> None:
    files = (ROOT / "docker-compose.yml", ROOT / "Dockerfile")
    images = re.findall(
        r"^(?:FROM| +image:) +(\S+)",
        "\n".join(file.read_text() for file in files),
        re.MULTILINE,
    )

    assert len(images) >= 6
    assert [image for image in images if not re.search(r":v?\d+\.\d+", image)] == []
