"""What dashboards and reports share once they are pages: languages, a stamp, files."""

from pages.languages import (
    LANGUAGE_NAMES,
    LANGUAGES,
    Language,
    Said,
    in_language,
    month_names,
    short_month_names,
)
from pages.stamp import says_synthetic
from pages.writing import take_away_pages, write_pages

__all__ = [
    "LANGUAGES",
    "LANGUAGE_NAMES",
    "Language",
    "Said",
    "in_language",
    "month_names",
    "says_synthetic",
    "short_month_names",
    "take_away_pages",
    "write_pages",
]
