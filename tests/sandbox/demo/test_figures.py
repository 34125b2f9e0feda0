from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from rich.console import Console

from sandbox.demo.figures import Figures, read_figures, to_json
from sandbox.demo.figures_table import to_table
from sandbox.errors import SandboxError

FILE = """
source: A post
release: 2021-07
defaults: {scope_type_code: country, panel_code: balanced, statistic_code: share}
figures:
  - name: Children
    select: {metric_code: M34}
    scopes:
      MEX: {published: about 1 in 4, target: 25.0, counts: [24, 96]}
"""
KEYS = "metric_code, scope_type_code, scope_code, panel_code, statistic_code"
TABLE = f"""
create schema marts;
create table marts.fct_metric_values (
    {KEYS.replace(",", " text,")} text,
    release_code text, value numeric, numerator numeric, denominator numeric,
    family_count integer, interval_low numeric, interval_high numeric
);
"""
INSERT = """
insert into marts.fct_metric_values values (
    'M34', 'country', 'MEX', 'balanced', 'share', %s, %s, %s, %s, %s, 0.2, 0.3
)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "figures.yml"
    path.write_text(FILE)
    return path


@pytest.fixture
def warehouse(empty_warehouse: str) -> str:
    with psycopg.connect(empty_warehouse) as connection:
        connection.execute(TABLE)
    return empty_warehouse


def test_a_figure_is_met_when_value_and_counts_are_right(
    warehouse: str, file: Path
) -> None:
    _insert(warehouse, "2021-07", "0.25", 24, 96)
    _insert(warehouse, "live", "0.26", 26, 100)
    figures = read_figures(warehouse, file)
    assert figures.missed == ()
    assert figures.rows[0].live is not None
    assert figures.rows[0].live.percent == Decimal("26.0")


@pytest.mark.parametrize(
    ("value", "numerator", "denominator"),
    [("0.2506", 24, 96), ("0.25", 23, 92), ("-0.25", 24, 96)],
)
def test_a_figure_off_by_a_printed_digit_or_a_family_is_missed(
    warehouse: str, file: Path, value: str, numerator: int, denominator: int
) -> None:
    _insert(warehouse, "2021-07", value, numerator, denominator)
    assert len(read_figures(warehouse, file).missed) == 1


def test_a_figure_known_only_live_is_missed_and_shown_as_missing(
    warehouse: str, file: Path
) -> None:
    _insert(warehouse, "live", "0.25", 24, 96)
    figures = read_figures(warehouse, file)
    assert len(figures.missed) == 1
    assert "missing" in _printed(figures)
    assert to_json(figures)[0]["released"] is None


def test_a_selection_that_picks_two_rows_is_refused(warehouse: str, file: Path) -> None:
    _insert(warehouse, "2021-07", "0.25", 24, 96)
    _insert(warehouse, "2021-07", "0.25", 24, 96)
    with pytest.raises(SandboxError, match=r"2 rows of marts\.fct_metric_values"):
        read_figures(warehouse, file)


def test_a_warehouse_without_marts_is_one_sentence(
    empty_warehouse: str, file: Path
) -> None:
    with pytest.raises(SandboxError, match=r"no table marts\.fct_metric_values"):
        read_figures(empty_warehouse, file)


def test_the_table_shows_the_published_words_beside_the_figure(
    warehouse: str, file: Path
) -> None:
    _insert(warehouse, "2021-07", "0.25", 24, 96)
    printed = _printed(read_figures(warehouse, file))
    assert "about 1 in 4" in printed
    assert "24/96 = 25.0 %" in printed
    assert "synthetic" in printed


def _insert(
    url: str, release: str, value: str, numerator: int, denominator: int
) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            INSERT,
            (release, Decimal(value), numerator, denominator, denominator),
        )


def test_a_narrow_terminal_gets_a_table_that_fits_it(
    warehouse: str, file: Path
) -> None:
    _insert(warehouse, "2021-07", "0.25", 24, 96)
    figures = read_figures(warehouse, file)
    wide, narrow = _printed(figures), _printed(figures, 80)
    assert "20.0 to 30.0" in wide
    assert "20.0 to 30.0" not in narrow
    assert "24/96 = 25.0 %" in narrow
    assert "…" not in narrow


def _printed(figures: Figures, width: int = 120) -> str:
    console = Console(width=width)
    with console.capture() as capture:
        console.print(to_table(figures, width))
    return capture.get()
