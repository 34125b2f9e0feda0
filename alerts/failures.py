"""A task that failed: an alert at once, not only with the next check."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from alerts import book
from alerts.causes import failed_build, failed_form
from alerts.delivery import deliver
from alerts.errors import AlertError
from alerts.finding import Finding
from ingestion.errors import IngestionError
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.registry import Registry, load_alerts, load_registry
from warehouse.connection import open_engine, reachable
from warehouse.errors import DbtBuildError, ErasureError, WarehouseError

# What these do is on record in the warehouse, so the check finds the same and knows
# when it is mended, be it by Airflow or by hand.
LANDS_FORMS = ("ingest_forms", "land_submissions")
BUILDS = ("transform_warehouse", "build_models")
# Of what is erased, an error may repeat the code that somebody typed.
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
    finding = finding_of(dag_id, task_id, label, error, registry or _forms_at_least())
    if finding is not None:
        _tell(finding, now, registry, engine)


def record_deadline(
    dag_id: str,
    hours: int,
    now: datetime,
    *,
    registry: Registry | None = None,
    engine: Engine | None = None,
) -> None:
    """Open the alert of a run that takes longer than it may, and tell of it.

    Raises:
        DeliveryError: Some receivers were not reached.
        IngestionError: The registry is wrong.
        WarehouseError: The alert could not be written down.
    """
    late = Finding(
        kind="deadline_missed",
        place=dag_id,
        severity="error",
        summary=f"A run of {dag_id} has not ended in {hours} hours",
        what_to_do="Look in Airflow at which task still works; its time limit ends it",
    )
    _tell(late, now, registry, engine)


def _tell(
    finding: Finding, now: datetime, registry: Registry | None, engine: Engine | None
) -> None:
    with ready_warehouse(engine) as warehouse:
        with warehouse.begin() as connection:
            book.open_alerts(connection, [finding], now)
        # Where `alerts` itself is what is wrong, nobody can be told before it is right:
        # the alert is on record, and the next check tells it.
        deliver(warehouse, registry or _receivers_at_least(), now)


def _forms_at_least() -> Registry:
    try:
        return load_registry()
    except IngestionError:
        return Registry(Path(), {}, {}, (), {})


def _receivers_at_least() -> Registry:
    """Return the registry; of one that is wrong, at least who hears that it is."""
    try:
        return load_registry()
    except IngestionError:
        return Registry(Path(), {}, {}, (), {}, alerts=load_alerts())


def record_success(  # noqa: PLR0913 - what Airflow knows of a task
    dag_id: str,
    task_id: str,
    label: str | None,
    now: datetime,
    *,
    is_last: bool = False,
    engine: Engine | None = None,
) -> None:
    """Close the alert of a task that has succeeded; the next delivery tells of it.

    Args:
        dag_id: Its DAG.
        task_id: The task.
        label: Of a mapped task: which of them.
        now: UTC.
        is_last: Whether nothing of the run comes after it: the run is no longer late.
        engine: None takes `WAREHOUSE_URL`.
    """
    causes = [f"task_failed/{_place(dag_id, task_id, label)}"]
    if is_last:
        causes.append(f"deadline_missed/{dag_id}")
    warehouse = engine or open_engine()
    with reachable(warehouse) as connection:
        book.close_causes(connection, causes, now)
        connection.commit()
    if engine is None:
        warehouse.dispose()


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
    if isinstance(error, TELLABLE) and not isinstance(error, ErasureError):
        return str(error).rstrip(".")
    name = type(error).__name__ if isinstance(error, BaseException) else "no reason"
    return f"{name}, see the log of the task"


def _place(dag_id: str, task_id: str, label: str | None) -> str:
    return ".".join(part for part in (dag_id, task_id, label) if part)
