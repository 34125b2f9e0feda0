"""The languages that pages are made in: words in them, and their months."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["en", "es", "fil"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
LANGUAGE_NAMES: dict[Language, str] = {
    "en": "English",
    "es": "Español",
    "fil": "Filipino",
}
SHORT = 3  # letters of a month that tell it from the others, in each of the languages
_MONTHS: dict[Language, str] = {
    "en": "January February March April May June July August September October "
    "November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre "
    "noviembre diciembre",
    "fil": "Enero Pebrero Marso Abril Mayo Hunyo Hulyo Agosto Setyembre Oktubre "
    "Nobyembre Disyembre",
}


@dataclass(frozen=True, slots=True)
class Said:
    """Words, and the language they are in.

    Attributes:
        text: The words.
        language: Theirs, which is not the page's where that has none for it.
    """

    text: str
    language: Language


def in_language(words: Mapping[str, str], language: Language) -> Said:
    """Return what there is in a language, or else in English, or else in any."""
    for code in (language, *LANGUAGES):
        if code in words:
            return Said(words[code], code)
    raise ValueError("words without any language")


def month_names(language: Language) -> list[str]:
    """Return the twelve months, such as `March`."""
    return _MONTHS[language].split()


def short_month_names(language: Language) -> list[str]:
    """Return the twelve months, such as `Mar`."""
    return [name[:SHORT] for name in month_names(language)]
