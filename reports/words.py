"""What the pages say, in the languages that families read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import yaml

Language = Literal["en", "es", "fil"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
FILE = Path(__file__).with_name("words.yml")


@dataclass(frozen=True, slots=True)
class Said:
    """Words, and the language they are in.

    Attributes:
        text: The words.
        language: Theirs, which is not the page's where that has none for it.
    """

    text: str
    language: Language


def say(key: str, language: Language, **filled: str) -> Said:
    """Return words of `words.yml`, in English where the language has none.

    Args:
        key: Which words.
        language: The page's.
        filled: What stands for `{name}` in them.
    """
    said = in_language(_words()[key], language)
    return Said(said.text.format(**filled), said.language)


def in_language(words: Mapping[str, str], language: Language) -> Said:
    """Return what there is in a language, or else in English, or else in any."""
    for code in (language, *LANGUAGES):
        if code in words:
            return Said(words[code], code)
    raise ValueError("words without any language")


def known_languages(codes: Sequence[str]) -> tuple[Language, ...]:
    """Return those of a site's languages that there are pages in; English for none."""
    known = tuple(code for code in LANGUAGES if code in codes)
    return known or ("en",)


@cache
def _words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found
