import hashlib
import json

import pytest

from ingestion.sources.storable import canonical_hash, storable


def test_a_payload_without_trouble_is_left_as_it_is() -> None:
    payload = {"story": "Vendí más 🥐", "items": [{"a": "1"}], "none": None}

    stored = storable(payload)

    assert (stored.payload, stored.problems) == (payload, [])
    assert json.loads(stored.text) == payload


@pytest.mark.parametrize(
    ("text", "stored"),
    [("a\x00b", "ab"), ("a\ud83d", "a\ufffd"), ("\\u0000", "\\u0000")],
)
def test_what_postgres_cannot_hold_is_replaced_and_noted(
    text: str, stored: str
) -> None:
    found = storable({"story": "x", "items": [{"items/note": text}]})

    assert json.loads(found.text) == found.payload
    assert found.payload == {"story": "x", "items": [{"items/note": stored}]}
    assert [one["field"] for one in found.problems] == (
        [] if text == stored else ["items/note"]
    )


def test_the_hash_does_not_depend_on_the_order_of_keys() -> None:
    assert canonical_hash({"a": 1, "b": 2}) == canonical_hash({"b": 2, "a": 1})
    assert canonical_hash({"a": 1}) != canonical_hash({"a": 2})


@pytest.mark.parametrize("length", [0, 2_046, 2_047, 2_048, 4_093, 4_094, 4_095, 9_999])
def test_the_hash_is_that_of_the_whole_text(length: int) -> None:
    text = json.dumps({"": "x" * (length - len('{"":""}'))}, separators=(",", ":"))

    assert canonical_hash(json.loads(text)) == hashlib.sha256(text.encode()).hexdigest()
