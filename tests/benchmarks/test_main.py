import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.results.builds import TARGETS as OF_WAREHOUSE
from benchmarks.results.pages import TARGETS as OF_DASHBOARDS
from benchmarks.results.ratios import TARGETS

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def home() -> Iterator[Path]:
    # Not pytest's own folder: each session closes it to the account of Postgres.
    with tempfile.TemporaryDirectory(prefix="warehouse-tests-") as folder:
        yield Path(folder)


def measured(home: Path, written: Path, *words: str) -> tuple[dict[str, Any], Any]:
    """Run a bench; return the object of its last line, and what it wrote."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *words, "--json", str(written)],
        cwd=REPOSITORY,
        env={"SANDBOX_HOME": str(home), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # Nothing is left of a run but what it measured.
    assert list((home / "benchmarks").iterdir()) == []
    return json.loads(done.stdout.splitlines()[-1]), json.loads(written.read_text())


@pytest.mark.parametrize(
    "sizes", [(300,), pytest.param((300, 400), marks=pytest.mark.long)]
)
def test_the_last_line_is_one_object_with_every_ratio(
    sizes: tuple[int, ...], home: Path, tmp_path: Path
) -> None:
    ratios, written = measured(
        home,
        tmp_path / "measured.json",
        *("ingest", "--repeat", "1", "--contender", "floor", "--contender", "ours"),
        *(word for size in sizes for word in ("--journals", str(size))),
    )

    assert set(ratios) == {target.name for target in TARGETS} | {"journals"}
    assert ratios["journals"] == 300
    assert ratios["first_load_vs_floor"] > 0
    assert ratios["first_load_vs_dlt"] is None
    assert written["ratios"] == ratios
    of_lines = [line["journals"] for line in written["lines"]]
    assert of_lines == [size for size in sizes for _ in range(5)]


@pytest.mark.long
def test_a_tiny_panel_is_built_twice_and_asked(home: Path, tmp_path: Path) -> None:
    figures, written = measured(
        home,
        tmp_path / "measured.json",
        *("warehouse", "--families", "60", "--months", "6"),
    )

    assert set(figures) == {target.name for target in OF_WAREHOUSE} | {"families"}
    assert figures["families"] == 60
    assert figures["growth_ratio"] is None
    assert figures["full_build_seconds"] > 0
    (panel,) = written["panels"]
    full, incremental = panel["full"]["nodes"], panel["incremental"]["nodes"]
    assert len(full) == len(incremental) > 100
    assert panel["arrived"] > 0
    assert [one["failure"] for one in panel["dashboards"] if one["failure"]] == []
    # That pandas came to the same months was checked on the way.
    assert panel["family_months"]["totals"]["on_time"] > 200


@pytest.mark.long
def test_the_dashboards_of_a_tiny_panel_are_asked_and_drawn(
    home: Path, tmp_path: Path
) -> None:
    figures, written = measured(
        home,
        tmp_path / "measured.json",
        *("dashboards", "--families", "60", "--months", "6"),
    )

    assert set(figures) == {target.name for target in OF_DASHBOARDS} | {"cards"}
    assert figures["cards"] > 100
    panel = written["panel"]
    assert [one["failure"] for one in panel["warm"] if one["failure"]] == []
    assert len({one["reader"] for one in panel["sites"]}) == 7
    assert all(one["pages"] > 20 for one in panel["sites"])
