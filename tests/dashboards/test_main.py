"""The commands end in one clear sentence, whatever is wrong."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboards.__main__ import app
from tests.dashboards.d1_alone import d1_specs

runner = CliRunner()


def test_build_says_what_it_made_and_where(
    small_warehouse: str, tmp_path: Path
) -> None:
    done = runner.invoke(
        app,
        [
            "build",
            "--url",
            small_warehouse,
            "--out",
            str(tmp_path),
            "--language",
            "en",
            "--specs",
            str(d1_specs()),
        ],
    )

    assert done.exit_code == 0, done.output
    assert "2 pages in" in done.output
    assert (tmp_path / "d1-multi-site-overview.en.html").exists()


def test_check_counts_the_cards_whose_queries_run(small_warehouse: str) -> None:
    done = runner.invoke(
        app, ["check", "--url", small_warehouse, "--specs", str(d1_specs())]
    )

    assert done.exit_code == 0, done.output
    assert "all queries run" in done.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["check"], "WAREHOUSE_URL is not set"),
        (["check", "--url", "mysql://nobody@nowhere/x"], "not a Postgres address"),
        (
            ["check", "--url", "postgresql://u:secret@127.0.0.1:9/warehouse"],
            "could not be",
        ),
        (["build", "--language", "tlh"], "tlh is not one of en, es, fil"),
    ],
)
def test_an_error_is_one_sentence_without_secrets(
    arguments: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAREHOUSE_URL", raising=False)

    done = runner.invoke(app, arguments)

    said = " ".join(done.output.split())
    assert done.exit_code == 1
    assert sentence in said
    assert "secret" not in said
    assert "Traceback" not in said


def test_a_folder_that_cannot_be_written_is_named(
    small_warehouse: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")

    done = runner.invoke(
        app,
        [
            "build",
            "--url",
            small_warehouse,
            "--out",
            str(tmp_path / "file"),
            "--specs",
            str(d1_specs()),
        ],
    )

    assert done.exit_code == 1
    assert "could not be written" in " ".join(done.output.split())
