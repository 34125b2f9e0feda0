"""One search for words that may be nowhere: in a database, in files, in processes.

Whoever plants a name or a secret looks for it here, so that all of them look alike.
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql
from pyarrow import parquet

from tests.dashboards.reading import whole_text

Found = set[tuple[str, str]]  # where, and which word

# Every table of every schema, with its columns that may hold words: texts, and what is
# made of texts, as JSON, arrays and bytes.
TEXT_COLUMNS = """
select
    nspname,
    relname,
    string_agg(
        format(
            case typname when 'bytea' then 'encode(%I, ''escape'')' else '%I' end,
            attname
        ),
        ', '
    )
from pg_attribute
inner join pg_class on attrelid = pg_class.oid
inner join pg_namespace on relnamespace = pg_namespace.oid
inner join pg_type on atttypid = pg_type.oid
where
    relkind in ('r', 'p', 'm')
    and relpersistence <> 't'
    and attnum > 0
    and not attisdropped
    and nspname !~ '^(pg_|information_schema$)'
    and typcategory in ('S', 'A', 'U')
group by nspname, relname
order by nspname, relname
"""
# What the planner keeps of a column: the commonest of its values, and some of them all.
STATISTICS = sql.SQL("""
copy (
    select
        schemaname, schemaname || '.' || tablename || ' (statistics)',
        concat_ws(
            ' ',
            most_common_vals::text, histogram_bounds::text, most_common_elems::text
        )
    from pg_stats
    where schemaname !~ '^(pg_|information_schema$)'
) to stdout
""")


def in_database(url: str, words: Iterable[str], *, but: Iterable[str] = ()) -> Found:
    """Return every table of every schema that has a word, and the planner's notes.

    Args:
        url: The database, as somebody who may read all of it.
        words: What to look for.
        but: Schemas that may have them.
    """
    words, but, found = list(words), set(but), set[tuple[str, str]]()
    with psycopg.connect(url, autocommit=True) as connection:
        tables = connection.execute(TEXT_COLUMNS.encode()).fetchall()
        for schema, table, columns in tables:
            # Read whole and searched here: a second for what takes Postgres two.
            rows = sql.SQL("copy (select concat_ws(' ', {}) from {}) to stdout").format(
                sql.SQL(columns), sql.Identifier(schema, table)
            )
            if schema not in but:
                content = _copied(connection, rows)
                found |= {
                    (f"{schema}.{table}", word) for word in in_bytes(content, words)
                }
        for line in _copied(connection, STATISTICS).splitlines():
            noted, place, content = line.split(b"\t", 2)
            if noted.decode() not in but:
                found |= {(place.decode(), word) for word in in_bytes(content, words)}
    return found


def _copied(connection: psycopg.Connection, query: sql.SQL | sql.Composed) -> bytes:
    with connection.cursor().copy(query) as rows:
        return b"".join(rows)


def in_files(
    folders: Iterable[Path], words: Iterable[str], *, but: Iterable[Path] = ()
) -> Found:
    """Return every file below the folders that has a word, in its name or its content.

    What is packed is unpacked first: Parquet, gzip and the charts of a page.
    """
    words, but = list(words), list(but)
    return {
        (str(path.relative_to(folder)), word)
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(map(path.is_relative_to, but))
        for word in in_bytes(path.name.encode() + b"\n" + _content(path), words)
    }


def in_bytes(content: bytes, words: Iterable[str]) -> Iterator[str]:
    """Yield the words that stand in a content, also as JSON or an address has them."""
    for word in words:
        if any(spelling in content for spelling in _spellings(word)):
            yield word


def _spellings(word: str) -> set[bytes]:
    as_json = json.dumps(word)[1:-1]
    return {one.encode() for one in (word, as_json, quote(word), quote(word, safe=""))}


def _content(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".parquet":
        return repr(parquet.read_table(path).to_pylist()).encode()
    if path.suffix == ".html":
        return whole_text(path.read_text(encoding="utf-8")).encode()
    return path.read_bytes()


def in_processes(words: Iterable[str]) -> Found:
    """Return every process of this machine that has a word among its arguments."""
    words = list(words)
    return {
        (process.info["name"], word)
        for process in psutil.process_iter(["name", "cmdline"])
        for word in in_bytes("\0".join(process.info["cmdline"] or ()).encode(), words)
    }
