"""A panel of few families in which anything can happen, as landing would write it."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from warehouse import dbt
from warehouse.dbt import DbtReport

Json = dict[str, Any]
Contents = dict[str, tuple[Any, ...] | None]

LAYERS = ["staging", "intermediate", "marts", "share"]
# What it holds is what the build before found landed.
PASSING = {"intermediate.int_submissions_touched"}
TABLES = """
select schemaname, tablename from pg_tables
where
    schemaname = any(%s)
    or (schemaname = 'ops' and tablename in ('data_issues', 'issue_rules'))
order by 1, 2
"""
CONTENT = (
    "select count(*), md5(string_agg(one::text, '' order by one::text)) from {} one"
)
KEYS = """
select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint
where contype in ('f', 'p') and connamespace::regnamespace::text <> 'raw'
order by 1
"""
NEWEST = """
select distinct on (submission_id) * from raw.forms__{role}
where submission_id = %s order by submission_id, version_number desc
"""
LAST_ANSWERS = """
select answers from raw.forms__{role}
where submission_id = %s and answers is not null
order by version_number desc limit 1
"""
ADD = """
insert into raw.forms__{role}
select (jsonb_populate_record(rows, %(changes)s)).* from raw.forms__{role} as rows
where submission_id = %(submission_id)s order by version_number desc limit 1
"""
ADD_RUN = """
insert into ops.sync_runs (
    run_id, form_id, role_code, server_name, status_code, kind_code, is_full, started_at
)
values (%s, 'panel', 'panel', 'panel', 'succeeded', %s, false, now())
"""


@dataclass(slots=True)
class Panel:
    """A warehouse of its own.

    Attributes:
        url: Its URL.
        target: dbt's target folder.
        now: When the next thing happens; whoever makes it happen moves it on.
    """

    url: str
    target: Path
    now: datetime = datetime(2022, 6, 1, tzinfo=UTC)
    _run_id: uuid.UUID = field(default_factory=uuid.uuid4)

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Json]:
        with psycopg.connect(self.url, row_factory=dict_row) as connection:
            cursor = connection.execute(query.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)

    def pass_seconds(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @contextmanager
    def run(self, kind: str = "land") -> Iterator[None]:
        """Make what happens in the block one run of ingestion."""
        self._run_id = uuid.uuid4()
        yield
        self.rows(ADD_RUN, [self._run_id, kind])

    def add_version(
        self,
        role: str,
        submission_id: str,
        answers: Json | None = None,
        **changes: object,
    ) -> None:
        """Add a version: `answers` over the last ones, columns as `changes` say."""
        said = self.answers_of(role, submission_id) | (answers or {})
        self._add_version(role, submission_id, answers=said, **changes)

    def _add_version(self, role: str, submission_id: str, **changes: object) -> None:
        [newest] = self.rows(NEWEST.format(role=role), [submission_id])
        said = {
            "version_number": newest["version_number"] + 1,
            "change_code": "edited",
            "known_at": self.now,
        }
        self._add(role, submission_id, said | changes)

    def delete(self, role: str, submission_id: str) -> None:
        self._add_version(
            role, submission_id, change_code="deleted", answers=None, payload=None
        )

    def add_like(self, role: str, submission_id: str, answers: Json) -> str:
        """Add a submission that says what another does, but for `answers`."""
        new_id = str(10_000_000 + int(self.now.timestamp()) % 1_000_000)
        said = {
            "submission_id": new_id,
            "root_id": f"root-{new_id}",
            "version_number": 1,
            "change_code": "new",
            "review_state_code": "approved",
            "received_at": self.now,
            "known_at": self.now,
            "answers": self.answers_of(role, submission_id) | answers,
        }
        self._add(role, submission_id, said)
        return new_id

    def answers_of(self, role: str, submission_id: str) -> Json:
        [row] = self.rows(LAST_ANSWERS.format(role=role), [submission_id])
        answers: Json = row["answers"]
        return answers

    def _add(self, role: str, like: str, said: Mapping[str, object]) -> None:
        changes = json.dumps(dict(said) | {"run_id": self._run_id}, default=str)
        with psycopg.connect(self.url) as connection:
            added = connection.execute(
                ADD.format(role=role).encode(),
                {"submission_id": like, "changes": changes},
            )
            assert added.rowcount == 1
        # No two things happen at the same instant.
        self.pass_seconds(1)

    def build(self, *, full_refresh: bool = False) -> DbtReport:
        return dbt.build(
            url=self.url,
            exclude="test_type:unit test_type:data",
            full_refresh=full_refresh,
            target_dir=self.target,
        )

    def contents(self) -> Contents:
        """Return the number of rows and a hash of all of them, for each table."""
        found: Contents = {}
        with psycopg.connect(self.url) as connection:
            for schema, table in connection.execute(TABLES, [LAYERS]).fetchall():
                query = sql.SQL(CONTENT).format(sql.Identifier(schema, table))
                found[f"{schema}.{table}"] = connection.execute(query).fetchone()
            found["keys"] = tuple(connection.execute(KEYS).fetchall())
        return {name: what for name, what in found.items() if name not in PASSING}

    def last_build(self) -> Json:
        [row] = self.rows("select * from ops.builds order by build_id desc limit 1")
        return row


def differing(before: Contents, after: Contents) -> list[str]:
    """Return the tables that are not the same in both."""
    names = before.keys() | after.keys()
    return sorted(name for name in names if before.get(name) != after.get(name))
