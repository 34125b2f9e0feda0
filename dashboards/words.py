"""Words beside the specs: what codes are called, and what pages say by themselves."""

from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from dashboards.spec import Words
from dashboards.spec_file import YamlFile
from pages import Language

HERE = Path(__file__).parent


@cache
def _page_words() -> dict[str, Words]:
    return YamlFile(HERE / "words.yml").parse(TypeAdapter(dict[str, Words]))


@cache
def _labels() -> dict[str, dict[str, Words]]:
    file = YamlFile(HERE / "labels.yml")
    return file.parse(TypeAdapter(dict[str, dict[str, Words]]))


def say(key: str, language: Language) -> str:
    """Return words of the page itself, such as `synthetic`."""
    return _page_words()[key].in_language(language)


def page_words(language: Language) -> dict[str, str]:
    """Return all words of the page itself in one language."""
    return {key: words.in_language(language) for key, words in _page_words().items()}


def label(column: str, code: str, language: Language) -> str:
    """Return what a code of a column is called; an unknown code stands for itself."""
    words = _labels().get(column, {}).get(code)
    return words.in_language(language) if words else code


def label_words(column: str, language: Language) -> dict[str, str]:
    """Return what every known code of a column is called."""
    words = _labels().get(column, {})
    return {code: word.in_language(language) for code, word in words.items()}
