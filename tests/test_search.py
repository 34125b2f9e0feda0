"""The search finds what is there, wherever and however it is kept."""

import base64
import gzip
import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pyarrow as pa
from pyarrow import parquet

from tests import search

WORD, OTHER = "Zyrena Zunzuneca", "555 867 7402"
PLANTED = f"""
create schema one;
create schema two;
create table one.texts (name text, short varchar(40));
create table one.documents (payload json, answers jsonb, names text[]);
create table one.packed (content bytea);
create table two.numbers (amount integer);
create materialized view two.copied as select '{OTHER}'::text as phone;
insert into one.texts values ('Of {WORD}.', null), ('of nobody', null);
insert into one.documents values ('{{"a": "{WORD}"}}', '[]', '{{}}');
insert into one.documents values ('{{}}', '{{"b": ["{OTHER}"]}}', '{{"{WORD}"}}');
insert into one.packed values ('a {WORD}'::bytea);
insert into two.numbers values (1);
"""  # noqa: S608 - constants


def test_every_kind_of_column_of_every_schema_is_searched(empty_warehouse: str) -> None:
    with psycopg.connect(empty_warehouse) as connection:
        connection.execute(PLANTED.encode())

    assert search.in_database(empty_warehouse, [WORD, OTHER, "Ana"]) == {
        ("one.texts", WORD),
        ("one.documents", WORD),
        ("one.documents", OTHER),
        ("one.packed", WORD),
        ("two.copied", OTHER),
    }
    assert search.in_database(empty_warehouse, [WORD, OTHER], but=["one"]) == {
        ("two.copied", OTHER)
    }


def test_what_the_planner_has_noted_is_found_once_the_rows_are_gone(
    empty_warehouse: str,
) -> None:
    with psycopg.connect(empty_warehouse) as connection:
        connection.execute(PLANTED.encode())
        connection.execute("analyze one.texts")
        connection.execute("delete from one.texts")

    found = search.in_database(empty_warehouse, [f"Of {WORD}."])

    assert found == {("one.texts (statistics)", f"Of {WORD}.")}


def test_files_are_searched_by_name_by_content_and_unpacked(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / f"{WORD}.txt").write_text("")
    (tmp_path / "as_json").write_text('"\\u00d1usta"')
    (tmp_path / "as_address").write_text("?name=Zyrena%20Zunzuneca")
    (tmp_path / "packed.gz").write_bytes(gzip.compress(WORD.encode()))
    charts = base64.b64encode(gzip.compress(json.dumps([WORD]).encode())).decode()
    (tmp_path / "page.html").write_text(f'<script id="charts">{charts}</script>')
    (tmp_path / "left_out").write_text(WORD)
    table = pa.table({"name": [WORD] * 100})
    parquet.write_table(table, tmp_path / "t.parquet", compression="zstd")

    found = search.in_files(
        [tmp_path], [WORD, "\u00d1usta"], but=[tmp_path / "left_out"]
    )

    assert found == {
        (f"in/{WORD}.txt", WORD),
        ("as_json", "\u00d1usta"),
        ("as_address", WORD),
        ("packed.gz", WORD),
        ("page.html", WORD),
        ("t.parquet", WORD),
    }


def test_arguments_of_processes_are_searched_and_no_environment() -> None:
    waiting = "import sys; sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", waiting, WORD],
        env={"SECRET": OTHER},
        stdin=subprocess.PIPE,
    ) as process:
        found = search.in_processes([WORD, OTHER])
        process.communicate(b"")

    assert {word for _, word in found} == {WORD}
