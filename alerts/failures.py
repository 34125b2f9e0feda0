"""A task that failed: an alert at once, not only with the next check."""

from datetime import datetime

from sqlalchemy import Engine

from alerts import book
from alerts.causes import failed_build, failed_form
from alerts.delivery import deliver
from alerts.errors import AlertError
from alerts.finding import Finding
from ingestion.errors import IngestionError
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.registry import Registry, load_registry
from warehouse.errors import DbtBuildError, WarehouseError

# What these do is on record in the warehouse, so the check finds the same and knows
# when it is mended, be it by Airflow or by hand.
LANDS_FORMS = ("ingest_forms", "land_submissions")
BUILDS = ("transform_warehouse", "build_models")
TELLABLE = (AlertError, IngestionError, WarehouseError)


def record_failure(  # noqa: PLR0913 - what Airflow knows of a failed task
    dag_id: str,
    task_id: str,
    label: str | None,
    error: object,
    now: datetime,
    *,
    registry: Registry | None = None,
    engine: Engine | None = None,
) -> None:
    """Open the alert of a failed task, unless it is open, and tell of it.

    Args:
        dag_id: Its DAG.
        task_id: The task.
        label: Of a mapped task: which of them, such as the form's name.
        error: What it failed with.
        now: UTC.
        registry: Who hears of it. None loads the registry.
        engine: None takes `WAREHOUSE_URL`.

    Raises:
        DeliveryError: Some receivers were not reached.
        IngestionError: The registry is wrong.
        WarehouseError: The alert could not be written down.
    """
    registry = registry or load_registry()
    finding = finding_of(dag_id, task_id, label, error, registry)
    if finding is None:
        return
    with ready_warehouse(engine) as warehouse:
        with warehouse.begin() as connection:
            book.open_alerts(connection, [finding], now)
        deliver(warehouse, registry, now)


def record_success(
    dag_id: str,
    task_id: str,
    label: str | None,
    now: datetime,
    *,
    engine: Engine | None = None,
) -> None:
    """Close the alert of a task that has succeeded; the next delivery tells of it."""
    with ready_warehouse(engine) as warehouse, warehouse.begin() as connection:
        book.close_cause(
            connection, f"task_failed/{_place(dag_id, task_id, label)}", now
        )


def finding_of(
    dag_id: str, task_id: str, label: str | None, error: object, registry: Registry
) -> Finding | None:
    """Return what a failed task says is wrong; None where another run mends it."""
    if (dag_id, task_id) == LANDS_FORMS and isinstance(error, IngestionError):
        form = registry.form(label or "")
        if form:
            return failed_form(form.name, form.server_name, error.kind, str(error))
    if (dag_id, task_id) == BUILDS and isinstance(error, DbtBuildError):
        return failed_build(error.nodes)
    place = _place(dag_id, task_id, label)
    return Finding(
        kind="task_failed",
        place=place,
        severity="error",
        summary=f"The task {place} failed: {sentence_of(error)}",
        what_to_do=f"Follow warehouse_docs/runbooks/{dag_id}.md",
    )


def sentence_of(error: object) -> str:
    """Return what may be told of an error: only our own have no row of data in them."""
    if isinstance(error, DbtBuildError):
        return "dbt build failed"
    if isinstance(error, TELLABLE):
        return str(error).rstrip(".")
    name = type(error).__name__ if isinstance(error, BaseException) else "no reason"
    return f"{name}, see the log of the task"


def _place(dag_id: str, task_id: str, label: str | None) -> str:
    return ".".join(part for part in (dag_id, task_id, label) if part)
