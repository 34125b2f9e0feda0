import pytest

from pages import LANGUAGES, Language, Said, in_language
from pages.languages import month_names, short_month_names


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_month_is_told_from_the_others(language: Language) -> None:
    assert len(month_names(language)) == len(set(short_month_names(language))) == 12


def test_words_are_said_in_english_where_a_language_has_none() -> None:
    words = {"en": "Goals", "fil": "Layunin"}

    assert in_language(words, "fil") == Said("Layunin", "fil")
    assert in_language(words, "es") == Said("Goals", "en")
