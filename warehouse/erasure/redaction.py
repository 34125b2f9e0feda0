"""Taking a family out of a record that is not its own, as a meeting of its group."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from warehouse.erasure.identity import LIKE_A_CODE

Json = Any  # whatever a JSON text may hold
ERASED = "(erased)"
_GONE = object()


@dataclass(slots=True)
class Redactor:
    """Takes everything out of a record that names an erased family.

    A repeat's item that names the family in an answer of its own is the family's and
    goes as a whole: what it shared at a meeting. In a list of codes its code goes. In
    any other text the code gives way to a mark.

    Args:
        is_erased: Tells whether what looks like a code is that of an erased family.

    Attributes:
        spellings: What it has taken out, as it was typed.
    """

    is_erased: Callable[[str], bool]
    spellings: set[str] = field(default_factory=set)

    def names(self, value: Json) -> bool:
        """Return whether a record names an erased family."""
        if isinstance(value, str):
            return any(self.is_erased(found) for found in LIKE_A_CODE.findall(value))
        if isinstance(value, dict):
            return any(self.names(k) or self.names(v) for k, v in value.items())
        return isinstance(value, list) and any(map(self.names, value))

    def redacted(self, value: Json) -> Json:
        """Return the record without the family; the same where it does not name it."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            # An answer that was nothing but the code becomes one that was not given.
            inner = ((self._text(k), v, self.redacted(v)) for k, v in value.items())
            return {key: now for key, was, now in inner if now != "" or was == ""}
        if isinstance(value, list):
            kept = (self._item(item) for item in value)
            return [item for item in kept if item is not _GONE]
        return value

    def _item(self, item: Json) -> Json:
        if isinstance(item, dict):
            answers = [value for value in item.values() if isinstance(value, str)]
            own = [value for value in answers if self._is_code(value)]
            if own:
                self.spellings.update(value.strip() for value in own)
                return _GONE
        if isinstance(item, str) and self._is_code(item):
            self.spellings.add(item.strip())
            return _GONE
        return self.redacted(item)

    def _is_code(self, text: str) -> bool:
        found = LIKE_A_CODE.findall(text)
        return len(found) == 1 and found[0] == text.strip() and self.is_erased(found[0])

    def _text(self, text: str) -> str:
        found = {one for one in LIKE_A_CODE.findall(text) if self.is_erased(one)}
        if not found:
            return text
        self.spellings |= found
        words = text.split(" ")
        if all(map(_looks_like_a_code, filter(None, words))):
            return " ".join(word for word in words if word not in found)
        for one in found:
            text = text.replace(one, ERASED)
        return text


def _looks_like_a_code(word: str) -> bool:
    return LIKE_A_CODE.findall(word) == [word]
