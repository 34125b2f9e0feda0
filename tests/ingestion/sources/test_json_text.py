"""Reading what form servers send, sound or not."""

import json

import pytest

from ingestion.sources.json_text import (
    OneByOne,
    RecordText,
    read_json,
    read_record_text,
    split_page,
)


def page(*records: str) -> bytes:
    return f'{{"count": {len(records)}, "results": [{", ".join(records)}]}}'.encode()


def test_a_page_is_split_into_the_texts_of_its_records() -> None:
    records = ('{"b": "1",  "a": "\\u00e9"}', "5", "null")

    split = split_page(page(*records))

    assert split["count"] == 3
    assert [bytes(text).decode() for text in split["results"]] == list(records)


@pytest.mark.parametrize(
    "record",
    ['{"a": "\\ud800"}', '{"a": NaN}', '{"a": -Infinity}'],
    ids=["half a surrogate pair", "no number", "infinity"],
)
def test_a_page_that_must_be_read_kindly_is_read_whole(record: str) -> None:
    split = split_page(page('{"a": "1"}', record))

    assert all(isinstance(one, dict) for one in split["results"])
    assert split["results"][0] == {"a": "1"}


def test_a_page_in_another_shape_is_left_to_its_reader() -> None:
    assert split_page(b'{"detail": "Not found."}') == {"detail": "Not found."}
    assert split_page(b"[1]") == [1]


@pytest.mark.parametrize(
    "content",
    [b'{"count": 1, "results": [{"a"', b"<html>", b'{"a": "\xff"}', page()[:-1]],
    ids=["cut off", "a web page", "no UTF-8", "without its end"],
)
def test_what_is_no_json_is_refused(content: bytes) -> None:
    for read in (read_json, split_page):
        with pytest.raises(ValueError, match=r".+"):
            read(content)


def test_a_record_comes_with_its_text_letter_by_letter() -> None:
    text = '{"b" : "x\\/y", "a": 1.50, "a": 2}'

    assert read_record_text(RecordText(text.encode())) == ({"b": "x/y", "a": 2}, text)


def test_a_record_with_a_number_that_cannot_be_kept_has_no_text_to_keep() -> None:
    assert read_record_text(RecordText(b'{"a": 1e999}')) == ({"a": "1e999"}, None)


@pytest.mark.parametrize(
    "number", ["0", "-0", "1.5", "1e5", "123456789012345678901234567890", "0.1"]
)
def test_numbers_are_what_python_reads(number: str) -> None:
    assert read_json(number.encode()) == json.loads(number)
    assert type(read_json(number.encode())) is type(json.loads(number))


def test_each_record_is_read_when_its_turn_comes() -> None:
    read: list[int] = []
    page = OneByOne([1, 2, 3], read.append)
    records = iter(page)

    next(records)

    assert read == [1]
    assert len(page) == 3
