"""Airflow's LocalExecutor, warmed up."""

from importlib import import_module

from airflow.executors.local_executor import LocalExecutor

# Every task runs in a fork of the scheduler's workers. What is imported before they are
# made, no task has to import again: only libraries, so that a change of our own code is
# still seen by the next task.
LIBRARIES = (
    "airflow.sdk.execution_time.supervisor",
    "airflow.sdk.execution_time.task_runner",
    "altair",
    "dbt.adapters.postgres",
    "dbt.cli.main",
    "httpx",
    "openpyxl",
    "orjson",
    "pandas",
    "psycopg",
    "pydantic",
    "sqlalchemy.dialects.postgresql",
    "yaml",
)


class WarmLocalExecutor(LocalExecutor):
    """Imports what tasks need before it makes the workers that run them."""

    def start(self) -> None:
        """Import, then start as always."""
        for library in LIBRARIES:
            import_module(library)
        super().start()
