"""Which languages a reader's pages are in."""

from collections.abc import Iterable

from sqlalchemy import Connection

from dashboards.queries import run_query
from pages import LANGUAGES, Language

# In these a spec has every word, and everybody gets them.
COMPLETE: tuple[Language, ...] = ("en", "es")
_SPOKEN = """
select distinct unnest(language_codes) as language_code
from marts.dim_sites
"""


def page_languages(spoken: Iterable[str]) -> tuple[Language, ...]:
    """Return the languages of pages for whoever reads certain sites.

    Filipino, of which a spec may lack words, is made where one of them works in it.

    Args:
        spoken: What the sites work in, as the registry has it under `languages`.
    """
    known = {*COMPLETE, *spoken}
    return tuple(code for code in LANGUAGES if code in known)


def languages_of_reader(connection: Connection) -> tuple[Language, ...]:
    """Return the languages of pages for whoever a connection reads as.

    Raises:
        QueryError: The warehouse has not been built.
    """
    rows = run_query(connection, _SPOKEN, where="The languages of the sites")
    return page_languages(str(row["language_code"]) for row in rows)
