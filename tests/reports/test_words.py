import re

import yaml

from pages import LANGUAGES, Said
from reports.words import FILE, known_languages, say

ADVICE = re.compile(r"(?i)\b(should|must|debe|deben|dapat|best|worst|mejor|peor)\b")
CODE = "\n".join(path.read_text() for path in FILE.parent.glob("*.py"))


def test_words_are_in_english_and_spanish_and_fill_the_same_blanks() -> None:
    words = yaml.safe_load(FILE.read_text())

    assert words
    for key, said in words.items():
        assert {"en", "es"} <= set(said) <= set(LANGUAGES), key
        blanks = {tuple(sorted(re.findall(r"\{\w+\}", text))) for text in said.values()}
        assert len(blanks) == 1, key


def test_no_word_advises_or_ranks() -> None:
    assert ADVICE.findall(FILE.read_text()) == []


def test_every_word_is_said_somewhere() -> None:
    keys = {*yaml.safe_load(FILE.read_text())} - {"given", "received", "savings"}

    assert [key for key in keys if f'"{key}"' not in CODE] == []


def test_what_filipino_has_no_words_for_is_said_in_english() -> None:
    assert say("goals", "fil") == Said("Layunin", "fil")
    assert say("not_shown", "fil") == Said("Not shown", "en")


def test_a_site_has_pages_in_its_languages_as_far_as_there_are_any() -> None:
    assert set(known_languages(["fil", "en"])) == {"fil", "en"}
    assert known_languages(["lg"]) == ("en",)
