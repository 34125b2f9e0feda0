"""One pull of the demo: trigger the ingest, follow what it sets off, report."""

import time
from collections.abc import Callable

from sandbox.airflow.api import AirflowApi, DagRun, TaskInstance
from sandbox.demo.progress import Step, Steps
from sandbox.errors import SandboxError

INGEST = "ingest_forms"
TRANSFORM = "transform_warehouse"
# Both of these follow the transform, and run at the same time.
PUBLISH = ("publish_dashboards", "publish_reports")
CHAIN = (INGEST, TRANSFORM, *PUBLISH)
TITLES = {
    INGEST: "ingest",
    TRANSFORM: "transform",
    "publish_dashboards": "publish dashboards",
    "publish_reports": "publish group pages",
}
RUN_SECONDS = 600
FOLLOW_SECONDS = 30
LOOK_SECONDS = 0.5

Outcome = Callable[[], str]


def run_pull(
    api: AirflowApi, steps: Steps, label: str, outcomes: dict[str, Outcome]
) -> None:
    """Run ingest, transform and publish through the scheduler and wait for each.

    Only the ingest is triggered; the others must follow by themselves because the
    data they read were announced as changed.

    Args:
        api: Airflow.
        steps: Where progress is shown.
        label: What to call this pull.
        outcomes: For each DAG, what to print when it is done.

    Raises:
        SandboxError: A task failed, with its own sentence, or a run did not come.
    """
    cause: DagRun | None = None
    for dag_id in CHAIN:
        with steps.step(f"{label}: {TITLES[dag_id]}") as step:
            run = _follow(api, cause, dag_id) if cause else api.trigger(dag_id)
            _wait(api, run, step)
            step.outcome = outcomes[dag_id]()
        cause = cause if dag_id in PUBLISH else run


def _follow(api: AirflowApi, cause: DagRun, dag_id: str) -> DagRun:
    deadline = time.monotonic() + FOLLOW_SECONDS
    while time.monotonic() < deadline:
        for run in api.runs_caused_by(cause):
            if run.dag_id == dag_id:
                return run
        time.sleep(LOOK_SECONDS)
    raise SandboxError(
        f"{cause.dag_id} succeeded but did not set off {dag_id} within "
        f"{FOLLOW_SECONDS} s: see the assets page of Airflow."
    )


def _wait(api: AirflowApi, run: DagRun, step: Step) -> None:
    deadline = time.monotonic() + RUN_SECONDS
    while time.monotonic() < deadline:
        state = api.run(run).state
        tasks = api.tasks(run)
        _raise_failures(api, run, tasks)
        if state == "success":
            return
        if state == "failed":
            raise SandboxError(f"{run.dag_id} failed: see the run in Airflow.")
        step.note(_describe(tasks))
        time.sleep(LOOK_SECONDS)
    raise SandboxError(
        f"{run.dag_id} did not end within {RUN_SECONDS} s: see the run in Airflow."
    )


def _raise_failures(api: AirflowApi, run: DagRun, tasks: list[TaskInstance]) -> None:
    # A task that waits to be tried again is a failure here: nobody will mend the
    # sandbox in the meantime, and the next try would say the same.
    failed = [task for task in tasks if task.state in {"failed", "up_for_retry"}]
    if failed:
        sentences = [f"{task.label}: {api.error(run, task)}" for task in failed]
        raise SandboxError(f"{run.dag_id} failed. {' '.join(sentences)}")


def _describe(tasks: list[TaskInstance]) -> str:
    done = sum(task.state == "success" for task in tasks)
    running = [task.label for task in tasks if task.state == "running"]
    return f"{done} of {len(tasks)} tasks done; {', '.join(running) or 'waiting'}"
