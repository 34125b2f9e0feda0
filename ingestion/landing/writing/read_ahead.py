"""Ask for the next page while the last one is being landed."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from queue import Empty, Full, Queue
from typing import Generic, TypeVar

Page = TypeVar("Page")
LOOK_SECONDS = 0.2
LAST_PAGE_SECONDS = 3.0


class _End:
    """What follows the last page: nothing, or the error that ended the list."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class _Reader(Generic[Page]):
    """Reads pages in a thread of its own and holds one that nobody has taken yet."""

    def __init__(self, pages: Iterator[Page]) -> None:
        self._pages = pages
        self._waiting: Queue[Page | _End] = Queue(maxsize=1)
        self._is_over = threading.Event()
        # A daemon: an interrupted run ends at once, though its server may be silent.
        self._thread = threading.Thread(target=self._read, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        # Most pages on their way are there in a moment, and what they came by is then
        # closed in good order.
        self._thread.join(LAST_PAGE_SECONDS)

    def next(self) -> Page | _End:
        while True:
            with suppress(Empty):  # in between, an interruption gets in
                return self._waiting.get(timeout=LOOK_SECONDS)

    def _read(self) -> None:
        try:
            for page in self._pages:
                self._put(page)
                if self._is_over.is_set():
                    return
            self._put(_End())
        except BaseException as error:  # noqa: BLE001 - raised where the pages are used
            self._put(_End(error))

    def _put(self, item: Page | _End) -> None:
        while not self._is_over.is_set():
            with suppress(Full):
                self._waiting.put(item, timeout=LOOK_SECONDS)
                return


def read_ahead(pages: Iterator[Page]) -> Iterator[Page]:
    """Yield `pages`, each asked for while the one before it is in use.

    They are asked for in a thread, so whatever they are read from must not be used for
    anything else meanwhile; two pages are held at most. Whoever stops early waits
    three seconds at most for the page that is on its way.
    """
    reader = _Reader(pages)
    reader.start()
    try:
        while not isinstance(item := reader.next(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        reader.stop()
