"""The commands of the runbooks: read as the command line does, not carried out."""

import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

REPOSITORY = Path(__file__).parents[3]
DOCS = REPOSITORY / "warehouse_docs"
PAGES = sorted((DOCS / "runbooks").glob("*.md"))
DAGS = {file.stem for file in (REPOSITORY / "dags").glob("*.py")}
TARGETS = set(
    re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
)
A_BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
IN_A_SENTENCE = re.compile(r"`((?:python -m|make|airflow) [^`]+)`")
A_FILE = re.compile(r"`([\w./-]+/[\w.-]+\.\w+)`")


def commands(page: Path) -> Iterator[list[str]]:
    """Yield the words of every command of a page."""
    text = page.read_text()
    for language, block in A_BLOCK.findall(text):
        lines = [] if language else block.replace("\\\n", " ").splitlines()
        yield from (shlex.split(line, comments=True) for line in lines if line.strip())
    yield from map(shlex.split, IN_A_SENTENCE.findall(text))


def read(module: str, arguments: list[str]) -> None:
    """Read arguments as `python -m module` does; whatever is wrong with them raises."""
    command = typer.main.get_command(importlib.import_module(f"{module}.__main__").app)
    while isinstance(command, TyperGroup):
        context = command.make_context(module, list(arguments))
        _, found, arguments = command.resolve_command(context, arguments)
        assert found is not None
        command = found
    command.make_context(module, list(arguments))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_is_one_that_there_is(page: Path) -> None:
    for program, *words in commands(page):
        match program.rpartition("/")[2], words:
            case "python", ["-m", module, *arguments]:
                read(module, arguments)
            case "make", [target, *_]:
                assert target in TARGETS
            case "airflow", ["dags", "trigger" | "unpause", dag_id, *_]:
                assert dag_id in DAGS
            case "airflow", ["backfill", "create", "--dag-id", dag_id, *_]:
                assert dag_id in DAGS
            case "export", [setting]:
                assert "=" in setting
            case "psql" | "pg_restore" | "docker", _:
                pass  # not ours
            case _:
                pytest.fail(f"nobody here knows what {program} does")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    named = [name for name in A_FILE.findall(page.read_text()) if name[0] != "."]

    assert [
        name
        for name in named
        if not (REPOSITORY / name).exists() and not (DOCS / name).exists()
    ] == []
