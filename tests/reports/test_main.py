"""The command ends in one clear sentence, whatever is wrong."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from reports.__main__ import app

runner = CliRunner()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--month", "2021-13"], "--month 2021-13 is no month: write it as 2021-08."),
        (["--language", "tl"], "--language tl is not one of en, es, fil."),
    ],
)
def test_a_wrong_option_is_said_before_anything_is_read(
    arguments: list[str], sentence: str, tmp_path: Path
) -> None:
    done = runner.invoke(app, ["build", "--out", str(tmp_path), *arguments])

    assert (done.exit_code, done.stderr.strip()) == (1, sentence)


def test_a_warehouse_that_is_not_built_is_said_so(
    empty_warehouse: str, tmp_path: Path
) -> None:
    done = runner.invoke(
        app, ["build", "--out", str(tmp_path), "--url", empty_warehouse]
    )

    assert done.exit_code == 1
    assert "run `python -m warehouse build` first" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_role_that_is_not_there_is_said_so(
    empty_warehouse: str, tmp_path: Path
) -> None:
    done = runner.invoke(
        app,
        [
            *("build", "--out", str(tmp_path)),
            *("--url", empty_warehouse, "--role", "liaison_nobody"),
        ],
    )

    assert done.exit_code == 1
    assert "may not read as liaison_nobody" in done.stderr
