from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.builds.measure import Build, Measured, MonthsRace, Node
from benchmarks.builds.own_process import run_task
from benchmarks.builds.plan import panels_up_to
from benchmarks.builds.queries import (
    Question,
    Timed,
    cookbook_questions,
    dashboard_questions,
    percentile,
    time_questions,
)
from benchmarks.results.builds import TARGETS, figures_of, outgrowing, slowest_models
from benchmarks.surroundings import need_room
from dashboards.queries import parameters_of
from sandbox.errors import SandboxError


def measured(families: int, full: float, incremental: float) -> Measured:
    nodes = [Node("test.slow", 9, None), Node("model.here.fct_months", 2, 5)]
    return Measured(
        families=families,
        months=36,
        rows={"journal": families * 36},
        arrived=families,
        database_mb=100,
        full=Build(full, full - 8, nodes, []),
        incremental=Build(incremental, incremental - 8, nodes, []),
        dashboards=[Timed("a", 12.5, 9, 20), Timed("b", 99.5, 80, 20)],
        cookbook=[],
        family_months=MonthsRace(9, 2, 4, 300, {}),
    )


def test_figures_are_of_the_largest_panel_and_growth_of_the_two_largest() -> None:
    panels = [
        measured(100, 50, 40),
        measured(1_000, 100, 30),
        measured(5_000, 750, 60),
    ]

    assert figures_of(panels) == {
        "families": 5_000,
        "full_build_seconds": 750,
        "growth_ratio": 1.5,
        "incremental_share": 0.08,
        "share_query_p95_ms": 99.5,
        "cookbook_query_p95_ms": None,
    }


def test_one_panel_tells_nothing_of_growth() -> None:
    figures = figures_of([measured(100, 50, 40)])

    assert figures["growth_ratio"] is None
    assert {target.name for target in TARGETS} | {"families"} == set(figures)


def test_a_size_brings_every_smaller_one() -> None:
    assert panels_up_to("small") == [1_500]
    assert panels_up_to("large") == [1_500, 15_000, 100_000]


def test_tests_are_not_among_the_slowest_models() -> None:
    names = [one.name for one in slowest_models(measured(100, 50, 40).full)]

    assert names == ["model.here.fct_months"]


def test_a_model_outgrows_its_panel_when_its_time_does() -> None:
    smaller, larger = measured(100, 50, 40), measured(1_000, 100, 30)
    nodes = [Node("model.here.fct_months", 40, 5)]
    slower = replace(larger, full=Build(100, 90, nodes, []))

    assert outgrowing(smaller, larger) == []
    ((node, before, growth),) = outgrowing(smaller, slower)
    assert (node.name, before, growth) == ("model.here.fct_months", 2, 2)


def test_of_twenty_values_the_nineteenth_is_the_95th_percentile() -> None:
    assert percentile([float(one) for one in range(20, 0, -1)], 0.95) == 19
    assert percentile([3.0], 0.95) == 3


def test_every_card_of_a_dashboard_is_asked_with_its_parameters() -> None:
    questions = {one.name: one for one in dashboard_questions()}

    assert "d1_multi_site_overview: data_state" in questions
    assert len(questions) > 10
    assert all(
        parameters_of(one.sql) == one.parameters.keys() for one in questions.values()
    )


def test_without_a_cookbook_nothing_is_asked(tmp_path: Path) -> None:
    assert cookbook_questions(tmp_path / "cookbook") == []
    (tmp_path / "q01_income.sql").write_text("select 1")
    assert cookbook_questions(tmp_path) == [Question("q01_income", "select 1", {})]


def test_a_query_that_fails_is_told_and_the_next_one_asked(
    empty_warehouse: str,
) -> None:
    timed = time_questions(
        empty_warehouse,
        [
            Question("bad", "select * from nowhere", {}),
            Question("good", "select 1", {}),
        ],
        lambda _: None,
    )

    assert [one.name for one in timed] == ["bad", "good"]
    assert timed[0].failure is not None
    assert "nowhere" in timed[0].failure
    assert (timed[1].failure, timed[1].asked) == (None, 20)


def test_a_task_that_fails_says_why(empty_warehouse: str, tmp_path: Path) -> None:
    job = {"url": empty_warehouse, "folder": str(tmp_path)}
    with pytest.raises(SandboxError, match="forms__journals"):
        run_task("frame_months", job)


def test_a_panel_that_does_not_fit_on_the_disk_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 15,000 families by 36 months, and what the database writes beside them.
    needed = 15_000 * 36 * 22_000 + 2 * 10**9
    free = [needed, needed - 1]
    monkeypatch.setattr(
        "benchmarks.surroundings.shutil.disk_usage",
        lambda _: SimpleNamespace(free=free.pop(0)),
    )
    need_room(tmp_path, families=15_000, months=36)

    with pytest.raises(SandboxError, match=r"takes about 14 GB of disk, and .* 14 GB"):
        need_room(tmp_path, families=15_000, months=36)
