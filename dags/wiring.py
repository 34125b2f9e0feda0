"""What the DAGs share: the data they announce, and how a task fails.

The assets are the only link between the DAGs: a DAG says which layer of the warehouse
it changed, and whoever reads that layer runs next.
"""

import logging
import os
from datetime import timedelta
from typing import Any

from airflow.sdk import (
    Asset,
    Context,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
)

RAW = Asset("warehouse://raw")
MARTS = Asset("warehouse://marts")

_log = logging.getLogger(__name__)


def point_to_runbook(context: Context) -> None:
    """Say in the task's log what to do about its failure."""
    task = context["task_instance"]
    _log.error(
        "%s of %s failed: %s. What to do: warehouse_docs/runbooks/%s.md",
        task.task_id,
        task.dag_id,
        str(context.get("exception")).rstrip("."),
        task.dag_id,
    )


# A form server or a database that is away comes back, and a list or a count that was
# wrong in the middle of something is right a few minutes later: nothing of such a try
# was kept, so it is simply tried again. A refused token or a wrong entry does not mend
# itself: whoever can mend it should hear now and not after three tries.
RETRY_WHAT_MENDS_ITSELF = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception=[
                "ingestion.errors.SourceUnavailableError",
                "ingestion.errors.SourceIncompleteError",
                "ingestion.errors.FormBusyError",
                "ingestion.errors.ServerBusyError",
                "ingestion.landing.bookkeeping.reconciliation.ReconciliationError",
                "dashboards.errors.MetabaseUnavailableError",
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
    "on_failure_callback": point_to_runbook,
}


def as_role(role: str) -> dict[str, Any]:
    """Return what tasks have in common that reach the warehouse as this role.

    `WAREHOUSE_URL_LOADER` is the address for `loader`, and so on. Where it is not set,
    they reach it as all others do, by `WAREHOUSE_URL`.
    """

    def take_address(_context: Context) -> None:
        # Each task is a process of its own, so no other task hears of it.
        address = os.environ.get(f"WAREHOUSE_URL_{role.upper()}")
        if address:
            os.environ["WAREHOUSE_URL"] = address

    return {**DEFAULT_ARGS, "pre_execute": take_address}
