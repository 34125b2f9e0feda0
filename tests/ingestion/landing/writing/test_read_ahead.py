import threading
from collections.abc import Iterator

import pytest

from ingestion.landing.writing.read_ahead import read_ahead

SECONDS = 30


def test_pages_come_in_their_order_and_all_of_them() -> None:
    assert list(read_ahead(iter(range(50)))) == list(range(50))


def test_the_next_page_is_asked_for_while_one_is_in_use() -> None:
    is_second_asked = threading.Event()

    def pages() -> Iterator[int]:
        yield 1
        is_second_asked.set()
        yield 2

    for page in read_ahead(pages()):
        assert page != 1 or is_second_asked.wait(SECONDS)


def test_no_more_than_two_pages_are_held() -> None:
    asked: list[int] = []
    is_third_asked = threading.Event()

    def pages() -> Iterator[int]:
        for number in range(5):
            asked.append(number)
            if number == 2:
                is_third_asked.set()
            yield number

    ahead = read_ahead(pages())
    next(ahead)
    assert is_third_asked.wait(SECONDS)
    # One in use, one waiting, one on its way; nobody asks for the fourth.
    assert asked == [0, 1, 2]
    ahead.close()  # type: ignore[attr-defined]  # a generator, by its iterator's name


def test_an_error_is_raised_where_the_pages_are_used_after_those_before_it() -> None:
    def pages() -> Iterator[int]:
        yield 1
        raise ValueError("cut")

    ahead = read_ahead(pages())

    assert next(ahead) == 1
    with pytest.raises(ValueError, match="cut"):
        next(ahead)


def test_whoever_stops_early_does_not_wait_for_a_silent_server() -> None:
    is_released = threading.Event()

    def pages() -> Iterator[int]:
        yield 1
        is_released.wait(SECONDS)
        yield 2

    for _ in read_ahead(pages()):
        break
    assert not is_released.is_set()
    is_released.set()


def test_whoever_stops_early_leaves_no_page_half_read_that_is_there_in_a_moment() -> (
    None
):
    ended = threading.Event()

    def pages() -> Iterator[int]:
        yield 1
        threading.Event().wait(0.1)
        ended.set()
        yield 2

    reading = read_ahead(pages())
    assert next(reading) == 1
    del reading  # which closes it

    assert ended.is_set()
