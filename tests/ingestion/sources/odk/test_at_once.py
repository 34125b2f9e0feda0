"""Several requests under way: order, the first error, and an interruption."""

import signal
import threading

import pytest

from ingestion.sources.odk.at_once import each_at_once


def test_results_come_in_the_order_of_the_items_whichever_is_there_first() -> None:
    second_is_there = threading.Event()

    def work(item: int) -> int:
        if item == 1:
            assert second_is_there.wait(30)
        second_is_there.set()
        return item * 10

    assert each_at_once(work, [1, 2, 3], workers=2) == [10, 20, 30]


def test_no_more_are_worked_on_at_once_than_there_are_workers() -> None:
    lock = threading.Lock()
    together = threading.Barrier(2)
    now, most = 0, 0

    def work(_: int) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        together.wait(30)
        with lock:
            now -= 1

    each_at_once(work, range(10), workers=2)

    assert most == 2


def test_nothing_is_no_work() -> None:
    assert each_at_once(str, [], workers=4) == []


def test_the_first_error_is_raised_and_nothing_is_begun_after_it() -> None:
    begun: list[int] = []
    end_of_test = threading.Event()

    def work(item: int) -> None:
        begun.append(item)
        if item == 1:
            raise ValueError(item)
        end_of_test.wait(30)  # under way, and not waited for

    before = set(threading.enumerate())
    with pytest.raises(ValueError, match="1"):
        each_at_once(work, [0, 1, *range(2, 100)], workers=2)
    (left,) = set(threading.enumerate()) - before
    end_of_test.set()
    left.join(30)

    assert begun == [0, 1]


def test_an_interruption_waits_for_nobody() -> None:
    end_of_test = threading.Event()
    main = threading.main_thread()
    assert main.ident is not None
    are_daemons: list[bool] = []

    def work(_: int) -> None:
        are_daemons.append(threading.current_thread().daemon)
        if len(are_daemons) == 2:
            signal.pthread_kill(main.ident or 0, signal.SIGINT)
        end_of_test.wait(30)

    # What a shell starts in the background ignores Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            each_at_once(work, range(10), workers=2)
    finally:
        signal.signal(signal.SIGINT, before)
    assert not end_of_test.is_set()
    end_of_test.set()

    assert are_daemons == [True, True]
