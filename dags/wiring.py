"""What the DAGs share: the data they announce, how a task fails, who hears of it.

The assets are the only link between the DAGs: a DAG says which layer of the warehouse
it changed, and whoever reads that layer runs next.
"""

import asyncio
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from airflow.sdk import (
    Asset,
    Context,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
)
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from alerts import record_deadline, record_failure, record_success
from alerts.errors import AlertError
from ingestion.clock import utc_now
from ingestion.errors import IngestionError
from warehouse.connection import VARIABLE, open_engine
from warehouse.errors import WarehouseError

RAW = Asset("warehouse://raw")
MARTS = Asset("warehouse://marts")
ENDED = ("success", "failed")

_log = logging.getLogger(__name__)


def tell_failure(context: Context) -> None:
    """Say in the task's log what to do about its failure, and tell who can mend it."""
    task = context["task_instance"]
    error = context.get("exception")
    _log.error(
        "%s of %s failed: %s. What to do: warehouse_docs/runbooks/%s.md",
        task.task_id,
        task.dag_id,
        str(error).rstrip("."),
        task.dag_id,
    )
    with _logged(), _books() as engine:
        record_failure(
            task.dag_id, task.task_id, _label(task), error, utc_now(), engine=engine
        )


def tell_success(context: Context) -> None:
    """Close the alert of the task, if one was open."""
    task = context["task_instance"]
    is_last = not context["task"].downstream_task_ids
    with _logged(), _books() as engine:
        record_success(
            task.dag_id,
            task.task_id,
            _label(task),
            utc_now(),
            is_last=is_last,
            engine=engine,
        )


async def tell_deadline(
    dag_id: str, hours: int, context: Mapping[str, Any] | None = None
) -> None:
    """Tell that a run takes longer than it may.

    Airflow asks for it also where the run has failed long since.

    Args:
        dag_id: Whose run.
        hours: How many it may take.
        context: What Airflow knows of the run.
    """
    run = (context or {}).get("dag_run", {})
    if run.get("state") in ENDED:
        return
    with _logged():
        await asyncio.to_thread(record_deadline, dag_id, hours, utc_now())


def deadline(dag_id: str, hours: int) -> DeadlineAlert:
    """Return that somebody is told when a run of a DAG takes longer than `hours`."""
    # In seconds, which Airflow takes as well: of a `timedelta` it keeps a form that it
    # cannot read when somebody clears a run (apache/airflow#70368).
    seconds: Any = timedelta(hours=hours).total_seconds()
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=seconds,
        callback=AsyncCallback(tell_deadline, {"dag_id": dag_id, "hours": hours}),
    )


def _label(task: object) -> str | None:
    return getattr(task, "rendered_map_index", None)


@contextmanager
def _logged() -> Iterator[None]:
    """Leave it at a line in the log where an alert cannot be told: the task is done."""
    try:
        yield
    except (AlertError, IngestionError, WarehouseError) as error:
        _log.warning("The alert was not told: %s", error)
    except SQLAlchemyError as error:
        # Its own words repeat rows.
        name = type(getattr(error, "orig", None) or error).__name__
        _log.warning("The alert was not told: the warehouse refused it (%s).", name)


@contextmanager
def _books() -> Iterator[Engine]:
    """Yield the warehouse as who keeps its books: a task's own role may write none."""
    engine = open_engine(_before_roles.get(VARIABLE))
    try:
        yield engine
    finally:
        engine.dispose()


# A form server or a database that is away comes back, and a list or a count that was
# wrong in the middle of something is right a few minutes later: nothing of such a try
# was kept, so it is simply tried again. A refused token or a wrong entry does not mend
# itself: whoever can mend it should hear now and not after three tries.
RETRY_WHAT_MENDS_ITSELF = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception=[
                "alerts.errors.DeliveryError",
                "ingestion.errors.SourceUnavailableError",
                "ingestion.errors.SourceIncompleteError",
                "ingestion.errors.FormBusyError",
                "ingestion.errors.ServerBusyError",
                "ingestion.landing.bookkeeping.reconciliation.ReconciliationError",
                "dashboards.errors.MetabaseUnavailableError",
                "warehouse.errors.PricesUnavailableError",
                "warehouse.errors.WarehouseUnavailableError",
                "sqlalchemy.exc.OperationalError",
            ],
            action=RetryAction.RETRY,
            reason="The other side was away or busy; it may not be when asked again.",
        )
    ],
    default=RetryAction.FAIL,
)

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "data-engineering",
    "retries": 3,
    "retry_delay": timedelta(minutes=2),
    "retry_exponential_backoff": 2.0,
    "retry_policy": RETRY_WHAT_MENDS_ITSELF,
    "execution_timeout": timedelta(hours=2),
    "on_failure_callback": tell_failure,
    "on_success_callback": tell_success,
}

# A person answers in days; nothing is tried again or runs meanwhile.
APPROVAL_ARGS: dict[str, Any] = {
    "execution_timeout": None,
    "response_timeout": timedelta(days=7),
}


def approver(answer: Mapping[str, Any]) -> str:
    """Return whose login of Airflow has pressed Approve.

    Args:
        answer: What an `ApprovalOperator` returns.
    """
    return str(answer["responded_by_user"]["name"])


ADDRESSES = {
    "loader": "WAREHOUSE_URL_LOADER",
    "transformer": "WAREHOUSE_URL_TRANSFORMER",
    "publisher": "WAREHOUSE_URL_PUBLISHER",
    "dashboards": "WAREHOUSE_URL_DASHBOARDS",
    "reports": "WAREHOUSE_URL_REPORTS",
}
# How this process reached the warehouse before a task took the address of its role.
_before_roles: dict[str, str] = {}


def as_role(role: str) -> dict[str, Any]:
    """Return what tasks have in common that reach the warehouse as this role.

    `ADDRESSES` names the variable with its address. Where it is not set, they reach it
    as all others do, by `WAREHOUSE_URL`. So do their callbacks always: an analyst, say,
    may write no alert.
    """

    def take_address(_context: Context) -> None:
        # Each task is a process of its own, so no other task hears of it.
        address = os.environ.get(ADDRESSES[role])
        if address:
            _before_roles.setdefault(VARIABLE, os.environ.get(VARIABLE, ""))
            os.environ[VARIABLE] = address

    return {**DEFAULT_ARGS, "pre_execute": take_address}
