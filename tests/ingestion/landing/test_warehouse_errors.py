"""What the database says while a form is landed, told to people and to Airflow."""

import psycopg
import pytest
from psycopg import errors

from ingestion.errors import WarehouseRefusedError
from ingestion.landing.writing import workspace
from tests.ingestion.conftest import Rows
from tests.ingestion.landing.stage import Stage
from tests.ingestion.small_forms import Life, forty
from warehouse.errors import WarehouseUnavailableError

PASSING = (
    errors.DiskFull,
    errors.DeadlockDetected,
    errors.QueryCanceled,
    errors.AdminShutdown,
    psycopg.OperationalError,  # the connection was cut
)
LASTING = (errors.ProgramLimitExceeded, errors.UniqueViolation, psycopg.DataError)


@pytest.mark.parametrize("kind", [*PASSING, *LASTING], ids=lambda kind: kind.__name__)
def test_what_a_later_run_may_mend_is_told_from_what_it_may_not(
    stage: Stage,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[psycopg.Error],
) -> None:
    def refuse(*_arguments: object) -> int:
        raise kind("Rosa Ejemplo earned 500")

    monkeypatch.setattr(workspace, "copy_rows", refuse)
    expected = WarehouseUnavailableError if kind in PASSING else WarehouseRefusedError

    with pytest.raises(expected) as caught:
        stage.land(stage.serve(forty(Life()), 15))

    (run,) = rows("select status_code, failure_code, message from ops.sync_runs")
    assert "Rosa" not in f"{caught.value} {run}"
    assert (run["status_code"], run["message"]) == ("failed", str(caught.value))
    assert run["failure_code"] == expected.kind
