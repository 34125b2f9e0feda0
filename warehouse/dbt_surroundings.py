"""What dbt finds around it when it runs within a process of ours.

dbt is made for a process of its own that ends soon. Two of its habits cost a build a
tenth of its time: it opens a connection for every node, and Python looks again and
again for garbage among the objects of a project that all stay. A third costs less: what
the longest chain of models waits for is built no sooner than the rest.
"""

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

NEW_OBJECTS_BETWEEN_COLLECTIONS = 50_000  # Python's own is 700


@contextmanager
def settings(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for as long as the block runs."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def rarer_collections() -> Iterator[None]:
    """Collect garbage less often for as long as the block runs."""
    before = gc.get_threshold()
    gc.set_threshold(NEW_OBJECTS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def kept_connections() -> Iterator[None]:
    """Let each of dbt's threads keep its connection from node to node.

    Other databases' adapters of dbt offer this as a setting, that of Postgres does not.
    dbt closes what is kept when its command ends.
    """
    # Here and not above: only those who run dbt shall wait for it.
    from dbt.adapters.postgres.connections import (  # noqa: PLC0415
        PostgresConnectionManager,
    )

    adapter: Any = PostgresConnectionManager
    release = adapter.release

    def keep(manager: Any) -> None:  # noqa: ANN401 - dbt has no types
        connection = manager.get_if_exists()
        if not connection or connection.state != "open" or connection.handle.closed:
            release(manager)
            return
        connection.handle.rollback()
        connection.transaction_open = False

    adapter.release = keep
    try:
        yield
    finally:
        adapter.release = release


@contextmanager
def urgent_first() -> Iterator[None]:
    """Let dbt begin with what leads to models whose `meta` says `build_first`.

    dbt hands all that is ready to its threads at once, and they go by who came first.
    So a build ends with one large model while all threads but one have nothing to do,
    though what nobody waits for could be built beside it.
    """
    # Here and not above: only those who run dbt shall wait for it.
    from dbt.graph.queue import GraphQueue  # noqa: PLC0415
    from dbt.task.runnable import GraphRunnableTask  # noqa: PLC0415

    queues: Any = GraphQueue
    tasks: Any = GraphRunnableTask
    scores_of, run_queue = queues._get_scores, tasks.run_queue  # noqa: SLF001 - no setting

    def scores(queue: Any, graph: Any) -> dict[str, int]:  # noqa: ANN401 - dbt has no types
        return _urgent_before(scores_of(queue, graph), graph, queue.manifest)

    def run(task: Any, pool: Any) -> None:  # noqa: ANN401 - as above
        hand_out_to_the_idle(task.job_queue, task.config.threads)
        run_queue(task, pool)

    queues._get_scores, tasks.run_queue = scores, run  # noqa: SLF001 - as above
    try:
        yield
    finally:
        queues._get_scores, tasks.run_queue = scores_of, run_queue  # noqa: SLF001 - as above


def _urgent_before(
    scores: Mapping[str, int],
    graph: Any,  # noqa: ANN401 - dbt has no types
    manifest: Any,  # noqa: ANN401 - as above
) -> dict[str, int]:
    """Return scores of nodes, the lowest to be built first."""
    urgent: set[str] = set()
    waited_for = [name for name in graph if _is_urgent(manifest.expect(name))]
    while waited_for:
        name = waited_for.pop()
        if name not in urgent:
            urgent.add(name)
            waited_for += graph.predecessors(name)
    later = max(scores.values(), default=0) + 1
    return {
        name: score if name in urgent else score + later
        for name, score in scores.items()
    }


def _is_urgent(node: Any) -> bool:  # noqa: ANN401 - as above
    meta = getattr(getattr(node, "config", None), "meta", None) or {}
    return bool(meta.get("build_first"))


def hand_out_to_the_idle(queue: Any, threads: int) -> None:  # noqa: ANN401 - as above
    """Let a queue give a node when a thread is idle, and not before."""
    get = queue.get

    def get_when_idle(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as above
        with queue.some_task_done:
            queue.some_task_done.wait_for(lambda: len(queue.in_progress) < threads)
        return get(*arguments, **options)

    queue.get = get_when_idle
