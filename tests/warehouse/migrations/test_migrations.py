import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from warehouse.connection import open_engine
from warehouse.errors import MigrationError
from warehouse.migrations import bringing
from warehouse.migrations.bringing import FOLDER, newest_version, propose
from warehouse.tables import SUBMISSIONS, create_all, metadata

BASELINE = (FOLDER / "versions" / "baseline.sql").read_text()
# With data as a landing and a build leave them.
DATA = """
insert into raw.forms__journals (form_id, submission_id, version_number, change_code,
    received_at, known_at, review_state_code, content_hash, payload, answers,
    answer_problems, run_id, landed_at)
values ('a', '1', 1, 'new', now(), now(), 'none', 'x', '{"b": 1, "a": 2}',
    '{"income_local": 12.50}', '[]', gen_random_uuid(), now());
insert into pii.family_keys (family_code, family_key) values ('MX-0001', 'key-1');
insert into ops.sync_runs (run_id, form_id, role_code, server_name, status_code,
    is_full, started_at)
values (gen_random_uuid(), 'a', 'journal', 'kobo', 'succeeded', false, now());
insert into ops.builds (status_code, fingerprint)
values ('succeeded', '{"models": "x"}');
"""
KEPT = """
select payload::text, answers ->> 'income_local', family_key, builds.fingerprint::text
from raw.forms__journals, pii.family_keys, ops.builds
"""
# Everything about tables that one would notice, in an order that no history changes.
SHAPES = {
    "columns": """
        select table_schema, table_name, column_name, data_type, is_nullable,
            column_default, is_identity
        from information_schema.columns where table_schema in ('raw', 'pii', 'ops')
        order by 1, 2, 3
    """,
    "indexes": """
        select indexdef from pg_indexes
        where schemaname in ('raw', 'pii', 'ops') order by 1
    """,
    "constraints": """
        select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint
        where connamespace::regnamespace::text in ('raw', 'pii', 'ops') order by 1, 2
    """,
    "storage": """
        select attrelid::regclass::text, attname, attstorage, attcompression
        from pg_attribute inner join pg_class on attrelid = pg_class.oid
        where relnamespace::regnamespace::text = 'raw' and relkind = 'r' and attnum > 0
            and not attisdropped order by 1, 2
    """,
    "functions": """
        select pg_get_functiondef(oid), proacl::text from pg_proc
        where pronamespace::regnamespace::text in ('raw', 'pii', 'ops') order by 1
    """,
    "comments": """
        select objoid::regclass::text, coalesce(attname, ''), description
        from pg_description left join pg_attribute
            on objoid = attrelid and objsubid = attnum
        where objoid::regclass::text ~ '^(raw|pii|ops)[.]' order by 1, 2
    """,
}


def run(engine: Engine, statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)


def shapes(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        name: [tuple(row) for row in connection.execute(text(query))]
        for name, query in SHAPES.items()
    }


def version(engine: Engine) -> str:
    with engine.connect() as connection:
        found = connection.execute(text("select version_num from ops.schema_version"))
        return str(found.scalar_one())


def test_a_warehouse_of_the_version_before_versions_keeps_its_rows(
    empty_warehouse: str,
) -> None:
    engine = open_engine(empty_warehouse)
    run(engine, BASELINE)
    run(engine, DATA)
    with engine.connect() as connection:
        before = connection.execute(text(KEPT)).all()

    create_all(engine)

    with engine.connect() as connection:
        assert connection.execute(text(KEPT)).all() == before
        assert before[0][0] == '{"b": 1, "a": 2}'
        assert connection.execute(text("select count(*) from ops.alerts")).scalar() == 0
    assert version(engine) == newest_version()
    engine.dispose()


def test_tables_that_were_migrated_are_those_that_are_declared(
    empty_warehouse: str,
) -> None:
    engine = open_engine(empty_warehouse)
    run(engine, BASELINE)
    create_all(engine)

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_schemas": True,
                "include_name": lambda name, kind, _: (
                    kind != "schema" or name in {"raw", "pii", "ops"}
                ),
                "version_table": "schema_version",
                "version_table_schema": "ops",
            },
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_migrated_warehouse_is_like_one_that_was_made_today(
    empty_warehouse: str, another_empty_warehouse: str
) -> None:
    found = []
    for url, statements in ((empty_warehouse, BASELINE), (another_empty_warehouse, "")):
        engine = open_engine(url)
        run(engine, statements)
        create_all(engine)
        with engine.connect() as connection:
            found.append(shapes(connection))
        engine.dispose()

    migrated, made = found
    assert len(made["columns"]) > 200
    assert migrated == made


def test_every_earlier_name_and_shape_is_brought_along(empty_warehouse: str) -> None:
    engine = open_engine(empty_warehouse)
    run(engine, BASELINE)
    run(engine, DATA)
    run(
        engine,
        """
        alter table raw.forms__journals rename to kobo__journals;
        alter index raw.forms__journals_run_id rename to kobo__journals_run_id;
        create table raw.kobo__form_versions (form_id text);
        alter table raw.kobo__journals alter payload type jsonb;
        alter table ops.sync_runs drop column kind_code, drop column failure_code;
        alter table raw.registry__forms drop column record_url;
        alter table ops.reconciliations drop column left_out_count;
        """,
    )

    create_all(engine)

    with engine.connect() as connection:
        (row,) = connection.execute(
            text(
                "select pg_typeof(payload)::text, kind_code, failure_code"
                " from raw.forms__journals, ops.sync_runs"
            )
        )
        assert tuple(row) == ("json", "land", None)
        gone = "select to_regclass('raw.kobo__form_versions')"
        assert connection.execute(text(gone)).scalar() is None
    engine.dispose()


def test_several_that_find_an_earlier_version_bring_it_along_once(
    empty_warehouse: str,
) -> None:
    engine = open_engine(empty_warehouse)
    run(engine, BASELINE)
    with ThreadPoolExecutor(max_workers=3) as pool:
        list(pool.map(create_all, [engine] * 3))

    assert version(engine) == newest_version()
    engine.dispose()


def test_a_migration_that_breaks_leaves_everything_as_it_was(
    empty_warehouse: str,
) -> None:
    engine = open_engine(empty_warehouse)
    run(engine, BASELINE)
    run(engine, DATA)
    run(engine, "create table ops.alerts (in_the_way text)")
    with engine.connect() as connection:
        before = shapes(connection)

    with pytest.raises(Exception, match="alerts"):
        create_all(engine)

    with engine.connect() as connection:
        assert shapes(connection) == before
    engine.dispose()


def test_older_code_leaves_newer_tables_alone(empty_warehouse: str) -> None:
    engine = open_engine(empty_warehouse)
    create_all(engine)
    run(engine, "update ops.schema_version set version_num = '9999'")

    with pytest.raises(MigrationError, match="version 9999, newer than this code's"):
        create_all(engine)
    engine.dispose()


def test_versions_form_one_line_and_the_code_is_of_the_last() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    script = ScriptDirectory.from_config(config)

    assert script.get_heads() == [newest_version()]
    revisions = [one.revision for one in script.walk_revisions()]
    assert revisions == sorted(revisions, reverse=True)
    assert len(SUBMISSIONS) == 7


def test_a_migration_can_be_drafted_from_what_differs(
    empty_warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(bringing, "FOLDER", folder)
    engine = open_engine(empty_warehouse)
    create_all(engine)
    run(engine, "alter table ops.alerts drop column place")

    path = propose(engine, "Say the place")

    engine.dispose()
    number = int(newest_version())
    assert path.name == f"m{number:04d}_say_the_place.py"
    assert "op.add_column('alerts', sa.Column('place', sa.Text()" in path.read_text()
