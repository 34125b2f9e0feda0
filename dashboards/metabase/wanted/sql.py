"""The SQL of a Metabase card: a spec's own query, and around it what readers see.

The spec's select stays as it is. What a static page does to its rows, this does in SQL:
words for codes, the language's own columns, nothing where a figure is held back.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.contents import NO_FIGURES
from dashboards.errors import SpecError
from dashboards.spec import Format
from dashboards.words import label_words, say
from pages import Language, short_month_names

TAGLIKE = re.compile(r"\{\{|\}\}|\[\[|\]\]")
REASON = "suppression_reason_code"


@dataclass(frozen=True, slots=True)
class Shown:
    """A column that readers see.

    Attributes:
        name: In the result: lower case, as Postgres gives it back.
        sql: What computes it.
        title: In the page's language.
        format: Of a spec; None for words.
    """

    name: str
    sql: str
    title: str
    format: Format | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A spec's query, and what is known of it.

    Attributes:
        sql: As written in the spec.
        columns: What it returns.
        where: Which card of which dashboard, for messages.
    """

    sql: str
    columns: frozenset[str]
    where: str


def words_of(query: Query, column: str, language: Language) -> str:
    """Return the SQL of a text column in the page's language."""
    own = f"{column}_{language}"
    raw = f"card.{column}::text"
    if own in query.columns:
        return f"coalesce(card.{own}::text, {raw})"
    words = label_words(column, language)
    if not words:
        return raw
    cases = "\n".join(
        f"        when {quoted(code)} then {quoted(word)}"
        for code, word in sorted(words.items())
    )
    return f"case {raw}\n{cases}\n        else {raw}\n    end"


def figure_of(query: Query, column: str) -> str:
    """Return the SQL of a figure: nothing where it is held back.

    `share` carries nulls there already; a query that would bring one back must not put
    it on a dashboard either.
    """
    if "is_suppressed" not in query.columns or column in NO_FIGURES:
        return f"card.{column}"
    return f"case when card.is_suppressed then null else card.{column} end"


def month_of(column: str, language: Language) -> str:
    """Return the SQL of a month in words, such as `Jul 2021`."""
    cases = " ".join(
        f"when {number} then {quoted(word)}"
        for number, word in enumerate(short_month_names(language), start=1)
    )
    return (
        f"case extract(month from card.{column}) {cases} end"
        f" || ' ' || extract(year from card.{column})"
    )


def flag_of(column: str, language: Language) -> str:
    """Return the SQL of true or false in words, said only where true."""
    return f"case when card.{column} then {quoted(say('yes', language))} end"


def held_back(query: Query, language: Language) -> Shown | None:
    """Return the column that says why a figure is not shown, where the query knows."""
    if not {"is_suppressed", REASON} <= query.columns:
        return None
    sql = f"case when card.is_suppressed then {words_of(query, REASON, language)} end"
    return Shown("not_shown", sql, say("suppressed", language))


def select(  # noqa: PLR0913 - the parts of one select, all but the first by name
    query: Query,
    *,
    shown: Sequence[Shown],
    filters: Mapping[str, str],
    order: Sequence[str],
    lines: str = "",
    where: Sequence[str] = (),
) -> str:
    """Return the card's SQL.

    Args:
        query: The spec's.
        shown: The columns.
        filters: SQL of what each filter compares with, by its name.
        order: Names or SQL to order by.
        lines: What else the rows come from, joined to `card`.
        where: Which rows are shown.

    Raises:
        SpecError: The spec's query has signs that Metabase would read as its own.
    """
    tests = "".join(f"\n    and {test}" for test in where)
    return (
        f"{_card(query)}\n\nselect\n{_columns(shown)}\nfrom card{lines}\n"
        f"where true{tests}{_chosen(filters)}\norder by {', '.join(order)}"
    )


def added_up(
    query: Query,
    *,
    shown: Sequence[Shown],
    filters: Mapping[str, str],
    month: str,
    place: str,
) -> str:
    """Return the SQL that adds up, by month, the chosen places with every month.

    Where a place begins, ends or has a month that is held back, the sum would jump
    though nothing changed. A place with a month that is held back is left out; of the
    others are added those with a row in each month that any of them has. All this is
    of the chosen places only: one chosen alone is shown in the months of its own.

    Args:
        query: The spec's.
        shown: The columns; figures are sums over `card`.
        filters: SQL of what each filter compares with, by its name.
        month: Column of the month.
        place: Column of the place.

    Raises:
        SpecError: The spec's query has signs that Metabase would read as its own.
    """
    same_place = f"own.{place} = card.{place}"
    hidden = f"from chosen as own where own.is_suppressed and {same_place}"
    has_hidden = "is_suppressed" in query.columns
    never_hidden = f"\nwhere not exists (select 1 {hidden})" if has_hidden else ""
    return (
        f"{_card(query)},\n\n"  # noqa: S608 - names of a spec
        f"chosen as (\n\nselect card.*\nfrom card\nwhere true{_chosen(filters)}"
        "\n\n),\n\n"
        f"known as (\n\nselect card.*\nfrom chosen as card{never_hidden}\n\n)\n\n"
        f"select\n{_columns(shown)}\nfrom known as card\n"
        f"where (select count(*) from known as own where {same_place})\n"
        f"    = (select count(distinct {month}) from known)\n"
        f"group by card.{month}\norder by card.{month}"
    )


def _card(query: Query) -> str:
    if TAGLIKE.search(query.sql):
        raise SpecError(
            f"{query.where}: the query contains {{{{ or [[, which Metabase reads as "
            "its own: write it otherwise."
        )
    return f"with card as (\n\n{query.sql.strip().rstrip(';')}\n\n)"


def _columns(shown: Sequence[Shown]) -> str:
    return ",\n".join(f"    {one.sql} as {one.name}" for one in shown)


def _chosen(filters: Mapping[str, str]) -> str:
    """Return the tests of the reader's filters, which Metabase drops where not set."""
    tests = [f"\n    [[and {sql} = {{{{{name}}}}}]]" for name, sql in filters.items()]
    return "".join(tests)


def with_tags(sql: str, names: Sequence[str]) -> str:
    """Return the SQL with `:name` as the tag `{{name}}`, for these names."""
    for name in names:
        sql = re.sub(rf"(?<![:\w\\]):{name}\b(?!:)", f"{{{{{name}}}}}", sql)
    return sql


def quoted(text: str) -> str:
    """Return a SQL string."""
    return "'" + text.replace("'", "''") + "'"
