"""A statement without what may be an answer of a family, and the tables it names."""

import re
from collections.abc import Collection, Iterator

LONGEST = 20_000  # characters that are kept of one
LITERAL = re.compile(
    r"""
    (?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<string>
        \$(?P<tag>(?:[a-z_]\w*)?)\$.*?(?:\$(?P=tag)\$|\Z)
        | \be'(?:\\.|''|[^'\\])*(?:'|\Z)
        | (?:\b(?:u&|[bxn]))?'(?:''|[^'])*(?:'|\Z)
    )
    | (?P<identifier>"(?:""|[^"])*(?:"|\Z))
    | (?P<number>(?<![\w$.])\.?\d[\w.]*(?:(?<=e)[+-]\d+)?)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
PLAIN_NAME = re.compile(r'"[a-z_][a-z0-9_]*"', re.IGNORECASE)


def without_literals(statement: str) -> str:
    """Return a statement in one line with a question mark for each literal.

    What people made up as a name of a column may say anything: of quoted names only
    those stay that look like one of ours.
    """
    said = LITERAL.sub(_replacement, statement)
    return " ".join(said.split())[:LONGEST]


def _replacement(found: re.Match[str]) -> str:
    if found["comment"]:
        return " "
    if found["identifier"]:
        return found[0] if PLAIN_NAME.fullmatch(found[0]) else '"?"'
    return "?"


def relations_of(statement: str, known: Collection[tuple[str, str]]) -> list[str]:
    """Return which of these tables a statement names, as `schema.table`.

    A table without its schema counts where a table of that name is known; it is taken
    for the one in `share` or `marts`. What stands in a literal counts too: a query may
    be one. So a table may be listed that was only spoken of, and none is left out that
    was named.

    Args:
        statement: As it was sent.
        known: Schema and name of each table.
    """
    return sorted(set(_named(statement.lower(), known)))


def _named(statement: str, known: Collection[tuple[str, str]]) -> Iterator[str]:
    words = set(re.findall(r"\w+", statement))
    for schema, table in known:
        if table not in words:
            continue
        alone = rf'(?<![.\w])(?<!\.")"?{table}\b'
        if re.search(rf'\b{schema}"?\s*\.\s*"?{table}\b', statement) or (
            schema in {"marts", "share"} and re.search(alone, statement)
        ):
            yield f"{schema}.{table}"
