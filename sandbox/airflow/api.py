"""What the demo asks of Airflow's REST API, version 2."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import httpx

from sandbox.errors import SandboxError

ANSWER_SECONDS = 30
PAGE = 100

_Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DagRun:
    """One run of one DAG.

    Attributes:
        dag_id: The DAG.
        run_id: The run's own name within the DAG.
        state: queued, running, success or failed.
    """

    dag_id: str
    run_id: str
    state: str

    @property
    def path(self) -> str:
        """Where the API keeps the run."""
        return f"/api/v2/dags/{self.dag_id}/dagRuns/{self.run_id}"


@dataclass(frozen=True, slots=True)
class TaskInstance:
    """One task of one run; a mapped task has one of these per form.

    Attributes:
        task_id: The task.
        label: The task, with what it was mapped over where it was.
        map_index: Which of the mapped ones; -1 where the task is not mapped.
        state: None until the scheduler looked at it.
        try_number: How often it was tried.
    """

    task_id: str
    label: str
    map_index: int
    state: str | None
    try_number: int


class AirflowApi:
    """A logged-in client of one Airflow.

    Args:
        url: Address of the API server.
        user: Name to log in with.
        password: Its password.

    Raises:
        SandboxError: Every method, when Airflow refuses or breaks off.
    """

    def __init__(self, url: str, user: str, password: str) -> None:
        self._client = httpx.Client(
            base_url=url,
            timeout=ANSWER_SECONDS,
            headers={"accept": "application/json"},
        )
        self._login = {"username": user, "password": password}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def is_up(self) -> bool:
        """Return whether the API server and the scheduler answer."""
        try:
            answer = self._client.get("/api/v2/monitor/health")
        except httpx.TransportError:
            return False
        health = answer.json() if answer.is_success else {}
        return bool(health.get("scheduler", {}).get("status") == "healthy")

    def parsed_at(self, dag_id: str) -> datetime | None:
        """Return when the DAG file was last read, or None when it never was."""
        answer = self._find(f"/api/v2/dags/{dag_id}")
        text = answer.get("last_parsed_time")
        return datetime.fromisoformat(text) if text else None

    def import_errors(self) -> list[str]:
        """Return one sentence per DAG file that cannot be imported."""
        found = self._call("GET", "/api/v2/importErrors")["import_errors"]
        return [
            f"{error['filename']}: {_last_line(error['stack_trace'])}"
            for error in found
        ]

    def unpause(self, dag_id: str) -> None:
        """Let the scheduler run the DAG."""
        self._call("PATCH", f"/api/v2/dags/{dag_id}", json={"is_paused": False})

    def trigger(self, dag_id: str) -> DagRun:
        """Start a run of the DAG now."""
        path = f"/api/v2/dags/{dag_id}/dagRuns"
        return _to_run(self._call("POST", path, json={"logical_date": None}))

    def parse_again(self, dag_id: str) -> None:
        """Ask the DAG processor to read the DAG's file now."""
        token = self._call("GET", f"/api/v2/dags/{dag_id}")["file_token"]
        self._call("PUT", f"/api/v2/parseDagFile/{token}")

    def end_unfinished_runs(self, dag_id: str) -> bool:
        """Mark runs that an earlier demo left behind as failed; say if any were.

        Only one run of a DAG goes at a time, so a forgotten one would hold up the next.
        Events that wait for such a run to end are forgotten too.
        """
        self._ask("DELETE", f"/api/v2/dags/{dag_id}/assets/queuedEvents")
        query = {"state": ["queued", "running"], "limit": PAGE}
        path = f"/api/v2/dags/{dag_id}/dagRuns"
        found = self._call("GET", path, params=query)["dag_runs"]
        for run in map(_to_run, found):
            self._call("PATCH", run.path, json={"state": "failed"})
        return bool(found)

    def run(self, run: DagRun) -> DagRun:
        """Return the run as it stands now."""
        return _to_run(self._call("GET", run.path))

    def clear(self, run: DagRun, task: TaskInstance) -> None:
        """Have a task and what comes after it done again, as *Clear* on the page."""
        wanted = {
            "dry_run": False,
            "dag_run_id": run.run_id,
            "task_ids": [[task.task_id, task.map_index]],
            "include_downstream": True,
            "only_failed": False,
            "reset_dag_runs": True,
        }
        path = f"/api/v2/dags/{run.dag_id}/clearTaskInstances"
        self._call("POST", path, json=wanted)

    def runs_caused_by(self, run: DagRun) -> list[DagRun]:
        """Return the runs that the asset events of `run` have started, if any yet."""
        events = self._call(
            "GET",
            "/api/v2/assets/events",
            params={"source_dag_id": run.dag_id, "source_run_id": run.run_id},
        )["asset_events"]
        caused = {
            (created["dag_id"], created["run_id"]): created["state"]
            for event in events
            for created in event["created_dagruns"]
        }
        return [DagRun(dag, name, state) for (dag, name), state in caused.items()]

    def tasks(self, run: DagRun) -> list[TaskInstance]:
        """Return the task instances of the run, mapped ones one by one."""
        answer = self._call("GET", f"{run.path}/taskInstances", params={"limit": PAGE})
        return [_to_task(task) for task in answer["task_instances"]]

    def error(self, run: DagRun, task: TaskInstance) -> str:
        """Return the sentence with which the task failed, from its log."""
        answer = self._call(
            "GET",
            f"{run.path}/taskInstances/{task.task_id}/logs/{max(task.try_number, 1)}",
            params={"map_index": task.map_index},
        )
        sentences = list(_sentences(answer.get("content", [])))
        return sentences[-1] if sentences else "its log gives no reason"

    def _call(
        self,
        method: str,
        path: str,
        params: _Content | None = None,
        json: _Content | None = None,
    ) -> dict[str, Any]:
        answer = self._ask(method, path, params, json)
        if not answer.is_success:
            raise SandboxError(
                f"Airflow answered {answer.status_code} to {method} {path}: "
                f"{answer.text[:200]}"
            )
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    def _find(self, path: str) -> dict[str, Any]:
        """Return what is at `path`, or nothing where Airflow knows of nothing."""
        answer = self._ask("GET", path)
        return answer.json() if answer.is_success else {}

    def _ask(
        self,
        method: str,
        path: str,
        params: _Content | None = None,
        json: _Content | None = None,
    ) -> httpx.Response:
        try:
            if "authorization" not in self._client.headers:
                self._log_in()
            return self._client.request(method, path, params=params, json=json)
        except httpx.TransportError as error:
            raise SandboxError(
                f"Airflow stopped answering at {self._client.base_url} "
                f"({type(error).__name__}): run `make status` to see what ended."
            ) from error

    def _log_in(self) -> None:
        answer = self._client.post("/auth/token", json=self._login)
        if not answer.is_success:
            raise SandboxError(
                f"Airflow at {self._client.base_url} refused the sandbox's login: "
                "another Airflow answers there, or its password file changed; run "
                "`make stop` and `make demo` again."
            )
        token = answer.json()["access_token"]
        self._client.headers["authorization"] = f"Bearer {token}"


def _to_run(answer: dict[str, Any]) -> DagRun:
    return DagRun(answer["dag_id"], answer["dag_run_id"], answer["state"])


def _to_task(answer: dict[str, Any]) -> TaskInstance:
    mapped_over = answer.get("rendered_map_index")
    name = answer["task_id"]
    return TaskInstance(
        task_id=name,
        label=f"{name} of {mapped_over}" if mapped_over else name,
        map_index=answer["map_index"],
        state=answer["state"],
        try_number=answer["try_number"],
    )


def _sentences(entries: list[Any]) -> Iterator[str]:
    """Yield the messages of the exceptions in a structured task log."""
    for entry in entries:
        details = entry.get("error_detail") if isinstance(entry, dict) else None
        # The first detail is the exception raised, the others are its causes.
        if details:
            yield re.sub(r"\s+", " ", str(details[0]["exc_value"])).strip()


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason was given"
