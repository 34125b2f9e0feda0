from datetime import timedelta
from pathlib import Path

import pytest

from alerts import record_failure, record_success
from ingestion.errors import (
    DeletionGuardError,
    RegistryError,
    SourceUnavailableError,
)
from ingestion.registry import load_registry
from tests.alerts.conftest import ENGINEER, NOW, Stage
from warehouse.errors import DbtBuildError, ErasureError, WarehouseSettingError

LANDING = ("ingest_forms", "land_submissions")
BUILD = ("transform_warehouse", "build_models", None)
ROW = "Key (family_code)=(MX-0042) already exists"


def fail(stage: Stage, *task: str | None, error: object) -> None:
    dag_id, task_id, label = task
    record_failure(
        str(dag_id),
        str(task_id),
        label,
        error,
        NOW,
        registry=stage.registry,
        engine=stage.engine,
    )


def test_forms_that_fail_one_after_the_other_for_one_reason_are_told_once(
    stage: Stage,
) -> None:
    for name in ("journal", "exit"):
        fail(stage, *LANDING, name, error=SourceUnavailableError("Kobo is away."))

    assert stage.open_causes() == ["server_failed/kobo_main"]
    assert len(stage.texts_to(ENGINEER)) == 1


def test_the_check_finds_what_the_task_told_and_tells_it_no_second_time(
    stage: Stage,
) -> None:
    error = DeletionGuardError("40 of 50 are gone.")
    fail(stage, *LANDING, "journal", error=error)
    stage.landed("exit")
    stage.landed("journal", "failed", error.kind, str(error))
    stage.check()

    assert stage.open_causes() == ["deletions_wait/journal"]
    assert len(stage.texts_to(ENGINEER)) == 1


@pytest.mark.parametrize(
    "error",
    [
        DbtBuildError(f"dbt build failed at dim_families ({ROW})", ["dim_families"]),
        ErasureError(f"If MX-0042 is meant, give it ({ROW})."),
        ValueError(ROW),
        ROW,
    ],
)
@pytest.mark.parametrize("task", [BUILD, ("publish_dashboards", "render_site", None)])
def test_a_row_of_the_database_in_an_error_is_not_told(
    stage: Stage, task: tuple[str, str, None], error: object
) -> None:
    fail(stage, *task, error=error)

    (told,) = stage.texts_to(ENGINEER)
    assert "MX-0042" not in told
    assert [
        row for row in stage.run("select * from ops.alerts") if ROW in str(row)
    ] == []


def test_a_sentence_of_ours_is_told(stage: Stage) -> None:
    error = WarehouseSettingError("WAREHOUSE_URL is not set.")
    fail(stage, "publish_dashboards", "render_site", None, error=error)

    (told,) = stage.texts_to(ENGINEER)
    assert (
        "The task publish_dashboards.render_site failed: WAREHOUSE_URL is not set."
        in told
    )
    assert "warehouse_docs/runbooks/publish_dashboards.md" in told


def test_a_task_that_succeeds_again_closes_its_alert_and_the_check_tells_so(
    stage: Stage,
) -> None:
    task = ("publish_dashboards", "render_site", None)
    fail(stage, *task, error=ValueError("x"))
    stage.check()
    assert stage.open_causes() == ["task_failed/publish_dashboards.render_site"]

    later = NOW + timedelta(days=1)
    record_success("publish_dashboards", "other", None, later, engine=stage.engine)
    assert len(stage.open_causes()) == 1
    record_success(*task, later, engine=stage.engine)
    assert stage.open_causes() == []

    stage.check(later)
    assert stage.texts_to(ENGINEER)[-1].startswith("Mended:\n")


WRONG_REGISTRY = f"""\
servers: {{}}
sites: {{}}
cohorts:
  MX-2020: {{sites: [MX-01], recruited: [2020-02, 2020-03], launch_month: 2020-07}}
forms: []
alerts: {{receivers: {{engineer: {{email: [{ENGINEER}]}}}}}}
"""


def test_that_the_registry_is_wrong_is_told_to_whom_it_names(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = tmp_path / "sites.yml"
    registry.write_text(WRONG_REGISTRY)
    monkeypatch.setenv("JOURNAL_SITES", str(registry))
    with pytest.raises(RegistryError) as refused:
        load_registry()

    record_failure(
        "ingest_forms", "land_sites", None, refused.value, NOW, engine=stage.engine
    )

    (told,) = stage.texts_to(ENGINEER)
    assert "sites.yml, line 4: " in told
