"""The filters of a dashboard: by place and by release, from what its cards show.

A spec's query names places in its own columns, some under names of a language, so a
filter compares with what the reader sees, as a plain variable inside the card's SQL. It
needs no column of a synced table and works through any connection.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dashboards.metabase.access import Reader
from dashboards.metabase.wanted.sql import Query, words_of
from dashboards.metabase.wanted.things import Form
from dashboards.words import label, say
from pages import Language

RELEASE = "release_code"
WORDS = {"country_code": "country", "site_name": "site", RELEASE: "release"}


@dataclass(frozen=True, slots=True)
class Choices:
    """What a filter offers.

    Attributes:
        releases: Codes of the releases in the warehouse, `live` among them.
        reader: Whose sites and countries are offered.
    """

    releases: Sequence[str]
    reader: Reader

    def of(self, name: str, language: Language) -> list[str]:
        """Return the values of one filter in the words of the page."""
        if name == RELEASE:
            return list(self.releases)
        if name == "site_name":
            return list(self.reader.site_names)
        codes = self.reader.country_codes
        return sorted(label("country_code", code, language) for code in codes)


def filters_of(query: Query, language: Language) -> dict[str, str]:
    """Return the filters that apply to a query, and the SQL each compares with."""
    return {
        name: words_of(query, name, language) if name != RELEASE else f"card.{name}"
        for name in WORDS
        if name in query.columns
    }


def parameters(
    used: Iterable[str], choices: Choices, language: Language
) -> tuple[Form, ...]:
    """Return the dashboard's filters, for those names that a card uses.

    The id is the name and never changes: Metabase archives a subscription whose filter
    disappears.
    """
    wanted = set(used)
    return tuple(
        {
            "id": name,
            "name": say(words, language),
            "slug": name,
            "type": "string/=",
            "sectionId": "string",
            "values_query_type": "list",
            "values_source_type": "static-list",
            "values_source_config": {
                "values": [[value] for value in choices.of(name, language)]
            },
        }
        for name, words in WORDS.items()
        if name in wanted
    )


def crossfilter(name: str, column: str) -> Form:
    """Return what a click on a column does: it sets the filter to the cell's value."""
    source = {"type": "column", "id": column, "name": column}
    target = {"type": "parameter", "id": name}
    mapping = {"id": name, "source": source, "target": target}
    return {"type": "crossfilter", "parameterMapping": {name: mapping}}


def tag(name: str, tag_id: str, title: str, default: str | None = None) -> Form:
    """Return a template tag that holds a text."""
    made: Form = {"id": tag_id, "name": name, "display-name": title, "type": "text"}
    return made if default is None else {**made, "default": default, "required": True}


def tags(
    key_of: Mapping[str, str], language: Language, fixed: Mapping[str, str]
) -> dict[str, Form]:
    """Return a card's tags: its filters, and what its query is always given.

    Args:
        key_of: Id of each tag by its name.
        language: Of the page.
        fixed: Values that the spec gives the query.
    """
    return {
        name: tag(
            name,
            key,
            say(WORDS[name], language) if name in WORDS else name,
            fixed.get(name),
        )
        for name, key in key_of.items()
    }
