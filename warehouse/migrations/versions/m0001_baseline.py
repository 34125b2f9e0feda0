"""The tables as they were when versions began to be counted.

Every earlier version is brought to it: what is there keeps its rows, what is missing is
made.
"""

from collections.abc import Sequence
from pathlib import Path

from alembic import op
from sqlalchemy import text

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BASELINE = Path(__file__).with_name("baseline.sql")
# What earlier versions of the product called these tables.
FORMER_NAMES = {
    "kobo__enrolments": "forms__enrolments",
    "kobo__journals": "forms__journals",
    "kobo__peer_meetings": "forms__peer_meetings",
    "kobo__investments": "forms__investments",
    "kobo__exits": "forms__exits",
    "files__journal_payments": "forms__journal_payments",
    "files__corrections": "forms__corrections",
}
EARLIER = (
    *(
        f"alter table if exists raw.{before} rename to {now}"
        for before, now in FORMER_NAMES.items()
    ),
    *(
        f"alter index if exists raw.{before}_run_id rename to {now}_run_id"
        for before, now in FORMER_NAMES.items()
    ),
    # Definitions are read from their servers anew.
    "drop table if exists raw.kobo__form_versions cascade",
    """
    alter table if exists ops.sync_runs
    add column if not exists kind_code text not null default 'land',
    add column if not exists failure_code text
    """,
    """
    alter table if exists raw.registry__forms
    add column if not exists record_url text
    """,
    """
    alter table if exists ops.reconciliations
    add column if not exists left_out_count integer not null default 0
    """,
    # A live submission was seen by the form's last good run.
    """
    do $$ begin
        if to_regclass('ops.submission_states') is not null then
            alter table ops.submission_states alter last_seen_run_id drop not null;
        end if;
    end $$
    """,
)
NOTE_EXPORT = """
create or replace function ops.note_export(note jsonb) returns bigint
language sql
security definer
set search_path = pg_catalog, pg_temp
begin atomic
    insert into ops.exports (
        exported_by, table_names, format_code, row_count, family_count,
        smallest_class_count, threshold, changes, file_hashes
    )
    values (
        session_user, note -> 'table_names', note ->> 'format_code',
        (note ->> 'row_count')::bigint, (note ->> 'family_count')::bigint,
        (note ->> 'smallest_class_count')::bigint, (note ->> 'threshold')::integer,
        note -> 'changes', note -> 'file_hashes'
    )
    returning exports.export_id;
end;
revoke all on function ops.note_export(jsonb) from public;
"""
# Payloads were sorted once, as `jsonb` does; from now on they stay as they come.
LIST_SORTED_PAYLOADS = text("""
select table_name from information_schema.columns
where
    table_schema = 'raw'
    and table_name like 'forms\\_\\_%'
    and column_name = 'payload'
    and data_type = 'jsonb'
order by table_name
""")
LIST_PAYLOADS = text("""
select tablename from pg_tables
where
    schemaname = 'raw'
    and tablename like 'forms\\_\\_%'
    and tablename <> 'forms__versions'
order by tablename
""")
HAS_LZ4 = text("""
select exists (
    select from pg_settings
    where name = 'default_toast_compression' and 'lz4' = any(enumvals)
)
""")


def upgrade() -> None:
    """Bring any earlier version, and an empty database, to version 0001."""
    connection = op.get_bind()
    for statement in EARLIER:
        op.execute(statement)
    for table in connection.execute(LIST_SORTED_PAYLOADS).scalars().all():
        op.execute(f"alter table raw.{table} alter payload type json")
    for statement in BASELINE.read_text().split(";\n"):
        if statement.strip():
            op.execute(statement)
    connection.exec_driver_sql(NOTE_EXPORT)
    packed = (
        "set compression lz4"
        if connection.execute(HAS_LZ4).scalar_one()
        else "set storage external"
    )
    for table in connection.execute(LIST_PAYLOADS).scalars().all():
        op.execute(
            f"alter table raw.{table} alter payload {packed}, alter answers {packed}"
        )
