"""Ask for several things at once and get them in order."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
LOOK_SECONDS = 0.2


def each_at_once(
    work: Callable[[Item], Result], items: Sequence[Item], workers: int
) -> list[Result]:
    """Return `work` of every item, in the order of the items.

    The first error that any of them meets is raised, and so is an interruption; nothing
    is begun after it, and what is on its way is not waited for.

    Args:
        work: Called in several threads.
        items: What it is called with.
        workers: How many are worked on at once.
    """
    crew = _Crew(work, items)
    try:
        crew.start(min(workers, len(items)))
        results = dict(crew.next() for _ in items)
    finally:
        crew.stop()
    return [results[number] for number in range(len(items))]


class _Crew(Generic[Item, Result]):
    """Threads that take one item after the other, by its number."""

    def __init__(self, work: Callable[[Item], Result], items: Sequence[Item]) -> None:
        self._work = work
        self._waiting: SimpleQueue[tuple[int, Item]] = SimpleQueue()
        for numbered in enumerate(items):
            self._waiting.put(numbered)
        self._done: SimpleQueue[tuple[int, Result] | BaseException] = SimpleQueue()
        self._is_over = threading.Event()

    def start(self, workers: int) -> None:
        for _ in range(workers):
            # A daemon: an interrupted run ends at once, though its server may be
            # silent. A pool of the standard library would be waited for.
            threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        self._is_over.set()

    def next(self) -> tuple[int, Result]:
        """Return a result and the number of its item; raise what a worker met."""
        while True:
            with suppress(Empty):  # in between, an interruption gets in
                done = self._done.get(timeout=LOOK_SECONDS)
                if isinstance(done, BaseException):
                    raise done
                return done

    def _run(self) -> None:
        with suppress(Empty):
            while not self._is_over.is_set():
                number, item = self._waiting.get_nowait()
                try:
                    self._done.put((number, self._work(item)))
                except BaseException as error:  # noqa: BLE001 - raised by whoever waits
                    self.stop()
                    self._done.put(error)
