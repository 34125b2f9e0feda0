"""Make a payload storable: Postgres holds neither NUL nor half a surrogate pair."""

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from ingestion.sources.base import Json

Problem = dict[str, str]
REPAIRED = "unstorable characters replaced"
NUL = "\x00"
REPLACEMENT = "\ufffd"
# Of 2,048 bytes and more the digest lets other threads run meanwhile: for some
# microseconds' work the thread that reads ahead would be woken, and we would wait.
HASHED_AT_ONCE = 2_047


class Stored(NamedTuple):
    """A payload that a database takes.

    Attributes:
        payload: Repaired where it had to be.
        text: The same as JSON text.
        problems: What was repaired.
    """

    payload: Mapping[str, Any]
    text: str
    problems: list[Problem]


class UnstorableError(ValueError):
    """The payload holds what no repair makes JSON that a database takes."""


def is_unstorable(text: str) -> bool:
    """Return whether Postgres cannot hold `text` as it is."""
    return not (text.isascii() and NUL not in text) and text != _repaired(text)


def storable(payload: Mapping[str, Any], text: str | None = None) -> Stored:
    """Return the payload, repaired where it must be, and what was repaired.

    Args:
        payload: What is to be stored.
        text: The same as JSON text, where it is known; then it is stored as it is.

    Raises:
        UnstorableError: It cannot be repaired, as a number of more than 64 bits.
    """
    try:
        text = text or orjson.dumps(payload).decode()
        if "\\u0000" not in text:
            return Stored(payload, text, [])
    except TypeError:  # half a surrogate pair is no valid text
        pass
    problems: list[Problem] = []
    repaired = _repair_object(payload, "", problems)
    try:
        return Stored(repaired, orjson.dumps(repaired).decode(), problems)
    except TypeError as error:
        raise UnstorableError(f"it cannot be stored: {error}") from error


def canonical_hash(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of `content` written with sorted keys.

    Raises:
        UnstorableError: It holds a number of more than 64 bits.
    """
    try:
        text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise UnstorableError(f"it cannot be stored: {error}") from error
    digest = hashlib.sha256()
    for start in range(0, len(text), HASHED_AT_ONCE):
        digest.update(text[start : start + HASHED_AT_ONCE])
    return digest.hexdigest()


def _repair_object(
    value: Mapping[str, Any], place: str, problems: list[Problem]
) -> dict[str, Any]:
    return {
        _repair_text(key, place, problems): _repair(inner, key, problems)
        for key, inner in value.items()
    }


def _repair(value: Json, place: str, problems: list[Problem]) -> Json:
    if isinstance(value, str):
        return _repair_text(value, place, problems)
    if isinstance(value, Mapping):
        return _repair_object(value, place, problems)
    if isinstance(value, list):
        return [_repair(item, place, problems) for item in value]
    return value


def _repair_text(text: str, place: str, problems: list[Problem]) -> str:
    repaired = _repaired(text)
    if repaired != text:
        field = place.replace(NUL, "").encode("utf-8", "replace").decode()
        problems.append({"field": field, "value": "", "reason": REPAIRED})
    return repaired


def _repaired(text: str) -> str:
    whole = text.replace(NUL, "")
    return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
