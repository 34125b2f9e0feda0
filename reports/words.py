"""What the pages say, in the languages that families read."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

from pages import LANGUAGES, Language, Said, in_language

FILE = Path(__file__).with_name("words.yml")


def say(key: str, language: Language, **filled: str) -> Said:
    """Return words of `words.yml`, in English where the language has none.

    Args:
        key: Which words.
        language: The page's.
        filled: What stands for `{name}` in them.
    """
    said = in_language(_words()[key], language)
    return Said(said.text.format(**filled), said.language)


def known_languages(codes: Sequence[str]) -> tuple[Language, ...]:
    """Return those of a site's languages that there are pages in; English for none."""
    known = tuple(code for code in LANGUAGES if code in codes)
    return known or ("en",)


@cache
def _words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found
