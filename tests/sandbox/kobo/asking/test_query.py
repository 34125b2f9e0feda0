from typing import Any

import pytest

from sandbox.http_server.exchange import RefusedError
from sandbox.kobo.asking.query import compile_query, sort_key

ROW = {
    "_id": 7,
    "age": "9",
    "note": "Buenos días",
    "_submitted_by": None,
    "_validation_status": {"uid": "validation_status_approved", "timestamp": 1000},
    "kids": [{"kids/name": "Ana"}, {"kids/name": "Luz"}],
}


@pytest.mark.parametrize(
    "query",
    [
        {"_id": 7},
        {"_id": {"$in": [7, 8]}},
        {"_id": {"$gt": 6, "$lte": 7}},
        {"age": {"$gt": "10"}},
        {"_submitted_by": None},
        {"absent": None},
        {"absent": {"$exists": False}},
        {"absent": {"$ne": "x"}},
        {"absent": {"$nin": ["x"]}},
        {"_validation_status.uid": "validation_status_approved"},
        {"_validation_status.timestamp": {"$gte": 1000}},
        {"note": {"$regex": "^buenos", "$options": "i"}},
        {"note": {"$not": {"$regex": "^buenos"}}},
        {"kids": {"$elemMatch": {"kids/name": "Luz"}}},
        {"kids.kids/name": "Luz"},
        {"kids.kids/name": {"$all": ["Ana", "Luz"]}},
        {"$or": [{"_id": 1}, {"age": "9"}]},
        {"$and": [{"_id": 7}, {"age": "9"}]},
        {},
    ],
)
def test_the_row_matches(query: dict[str, Any]) -> None:
    assert compile_query(query)(ROW)


@pytest.mark.parametrize(
    "query",
    [
        {"_id": "7"},
        {"_id": {"$in": ["7"]}},
        {"_id": {"$gt": "6"}},
        {"age": 9},
        {"age": {"$lt": "10"}},
        {"age": {"$gt": 1}},
        {"_id": True},
        {"note": {"$regex": "^buenos"}},
        {"kids": {"$elemMatch": {"kids/name": "Eva"}}},
        {"kids.kids/name": {"$all": ["Ana", "Eva"]}},
        {"kids.kids/name": {"$all": []}},
        {"_id": 7, "age": "10"},
        {"$where": "1"},
        {"$where": None},
    ],
)
def test_the_row_does_not_match(query: dict[str, Any]) -> None:
    assert not compile_query(query)(ROW)


@pytest.mark.parametrize(
    "query",
    [
        {"_id": {"$foo": 1}},
        {"_id": {"$eq": 7}},
        {"_id": {"$in": 7}},
        {"_id": {"$gt": 1, "plain": 2}},
        {"$in": [1]},
        {"$or": []},
        {"$or": [1]},
        {"note": {"$regex": "("}},
        {"note": {"$regex": "a", "$options": "q"}},
        {"note": {"$options": "i"}},
        {"kids": {"$elemMatch": "Ana"}},
        {"note": {"$not": "a"}},
        {"$expr": {"$gt": ["$_id", 1]}},
    ],
)
def test_what_mongodb_refuses_is_an_unsupported_query(query: dict[str, Any]) -> None:
    with pytest.raises(RefusedError) as caught:
        compile_query(query)

    assert caught.value.answer.status == 400
    assert caught.value.answer.body == b'["Unsupported query"]'


def test_sorting_puts_what_is_missing_first_and_numbers_before_text() -> None:
    rows: list[dict[str, Any]] = [{"a": "1"}, {"a": 20}, {}, {"a": 3}, {"a": "0"}]

    ordered = sorted(rows, key=sort_key("a"))

    assert ordered == [{}, {"a": 3}, {"a": 20}, {"a": "0"}, {"a": "1"}]
