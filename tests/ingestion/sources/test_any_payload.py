"""Whatever a payload holds, it is made storable once and for all, or refused."""

import json
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.sources.storable import (
    UnstorableError,
    canonical_hash,
    is_unstorable,
    storable,
)
from tests.ingestion.examples import SAME

_texts = st.text(
    st.one_of(st.characters(), st.sampled_from("\x00\ud83d\ude00\udc00\\u0")),
    max_size=12,
)
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    _texts,
)
_flat = st.one_of(
    _scalars,
    st.lists(_scalars, max_size=3),
    st.dictionaries(_texts, _scalars, max_size=3),
)
_json = st.one_of(
    _scalars, st.lists(_flat, max_size=3), st.dictionaries(_texts, _flat, max_size=3)
)
_payloads = st.dictionaries(_texts, _json, max_size=5)


def _strings(value: Any) -> list[str]:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [*value, *(one for inner in value.values() for one in _strings(inner))]
    if isinstance(value, list):
        return [one for inner in value for one in _strings(inner)]
    return []


@settings(SAME, max_examples=150)
@given(payload=_payloads)
def test_what_is_stored_is_json_and_says_what_was_repaired(
    payload: dict[str, Any],
) -> None:
    try:
        found = storable(payload)
    except UnstorableError:
        return
    stored, problems = found.payload, found.problems
    assert json.loads(found.text) == stored
    assert not any(map(is_unstorable, _strings(stored)))
    assert len(problems) == sum(map(is_unstorable, _strings(payload)))
    again = storable(stored)
    assert (again.payload, again.problems) == (stored, []), "it is repaired for good"
    if not problems:
        assert stored == payload
    orjson.dumps(problems)


@settings(SAME, max_examples=150)
@given(payload=_payloads, other=_payloads)
def test_contents_hash_alike_just_when_they_are_alike(
    payload: dict[str, Any], other: dict[str, Any]
) -> None:
    try:
        one, two = storable(payload).payload, storable(other).payload
    except UnstorableError:
        return
    reordered = dict(sorted(one.items(), reverse=True))

    assert canonical_hash(reordered) == canonical_hash(one)
    is_alike = orjson.dumps(one, option=orjson.OPT_SORT_KEYS) == orjson.dumps(
        two, option=orjson.OPT_SORT_KEYS
    )
    assert (canonical_hash(one) == canonical_hash(two)) == is_alike
