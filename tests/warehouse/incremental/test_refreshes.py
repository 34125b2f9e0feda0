"""What makes a build start from nothing, and what it forgets when it has succeeded."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from warehouse.increments import recorded_build

RUN = """
insert into ops.sync_runs (
    run_id, form_id, role_code, server_name, status_code, kind_code, is_full,
    started_at, field_map_hash
)
values (%s, %s, 'journal', 'kobo', %s, %s, false, clock_timestamp(), %s)
"""
SITE = """
insert into raw.registry__sites (
    site_code, site_name, country_code, currency_code, timezone, languages
)
values ('XX-01', 'Somewhere', 'MEX', 'MXN', 'UTC', '["en"]')
"""
FROZEN = """
insert into ops.frozen_releases values (
    '2021-07', 'release_2021_07', now(), '2020-07-01', '2021-07-01', null, '1', 'hash',
    now()
)
"""


class BuildDiedError(Exception):
    """A build that ends without having succeeded."""


def die_if(dies: bool) -> None:  # noqa: FBT001 - what it is called for
    if dies:
        raise BuildDiedError


@dataclass(slots=True)
class Books:
    """The books of builds of a project with one file of each kind."""

    url: str
    project: Path

    def execute(self, query: str, values: Any = None) -> list[tuple[Any, ...]]:  # noqa: ANN401 - what psycopg takes
        with psycopg.connect(self.url) as connection:
            cursor = connection.execute(query.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def run(
        self,
        form: str = "journals",
        *,
        status: str = "succeeded",
        kind: str = "land",
        map_hash: str = "map",
    ) -> uuid.UUID:
        run_id = uuid.uuid4()
        self.execute(RUN, [run_id, form, status, kind, map_hash])
        return run_id

    def build(
        self,
        *,
        is_whole: bool = True,
        is_asked_for: bool = False,
        variables: dict[str, Any] | None = None,
        dies: bool = False,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> str | None:
        """Record a build; return why it starts from nothing, or None."""
        reason = None
        try:
            with recorded_build(
                self.project,
                url=self.url,
                is_whole=is_whole,
                is_asked_for=is_asked_for,
                variables=variables,
            ) as build:
                reason = build.full_refresh_reason
                meanwhile()
                die_if(dies)
        except BuildDiedError:
            assert dies
        return reason

    def pending(self) -> set[uuid.UUID]:
        rows = self.execute("select run_id from ops.build_runs where built_at is null")
        return {run_id for (run_id,) in rows}


@pytest.fixture
def books(warehouse_with_tables: str, tmp_path: Path) -> Books:
    for name in ("models/a.sql", "macros/a.sql", "seeds/a.csv", "dbt_project.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("as it was")
    found = Books(warehouse_with_tables, tmp_path)
    found.run()
    return found


@pytest.fixture
def built(books: Books) -> Books:
    assert books.build() == "no build of all models has succeeded yet"
    return books


def edit(name: str) -> Callable[[Books], object]:
    return lambda books: (books.project / name).write_text("edited")


CHANGES: dict[str, tuple[Callable[[Books], object], str]] = {
    "a model": (edit("models/a.sql"), "other models hold"),
    "a macro": (edit("macros/a.sql"), "other models hold"),
    "a new model": (edit("models/b.sql"), "other models hold"),
    "the project's settings": (edit("dbt_project.yml"), "other models hold"),
    "a seed": (edit("seeds/a.csv"), "other seeds hold"),
    "the registry": (lambda books: books.execute(SITE), "other registry hold"),
    "a frozen release": (
        lambda books: books.execute(FROZEN),
        "other frozen releases hold",
    ),
    "a field map": (
        lambda books: books.run(map_hash="another"),
        "other field maps hold",
    ),
    "answers read anew": (
        lambda books: books.run(kind="remap"),
        "answers were read anew",
    ),
    "a build from nothing that died": (
        lambda books: books.build(is_asked_for=True, dies=True),
        "the last time that everything was built from nothing it failed",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_what_is_no_familys_own_starts_from_nothing_once(
    change: str, built: Books
) -> None:
    make, expected = CHANGES[change]
    assert built.build() is None, "nothing has changed yet"
    make(built)

    reason = built.build()

    assert reason is not None
    assert reason.endswith(expected)
    assert built.build() is None, "it has been built"


def test_other_variables_start_from_nothing(built: Books) -> None:
    reason = built.build(variables={"divisor": 2})

    assert reason == "since the last good build other variables hold"


def test_a_person_may_ask_for_it(built: Books) -> None:
    assert built.build(is_asked_for=True) == "it was asked for"


def test_what_lands_starts_nothing_from_nothing(built: Books) -> None:
    built.run()
    built.run("a form that landed for the first time", map_hash="its own")
    built.run(status="failed", map_hash="of a run that failed")

    assert built.build() is None


def test_a_build_from_nothing_that_died_is_owed_until_one_succeeds(
    built: Books,
) -> None:
    edit("models/a.sql")(built)
    assert built.build(dies=True) is not None
    (built.project / "models/a.sql").write_text("as it was")

    assert built.build(dies=True) is not None, "half of it was built with the edit"
    assert built.build() is not None
    assert built.build() is None


def test_a_good_build_has_seen_what_had_landed_when_it_began(built: Books) -> None:
    before = built.run()
    late: list[uuid.UUID] = []

    built.build(meanwhile=lambda: late.append(built.run()))

    assert built.pending() == set()
    built.build(dies=True)
    assert built.pending() == set(late), "landed while it was built"
    assert before not in late


def test_a_build_that_dies_leaves_what_landed_to_the_next(built: Books) -> None:
    landed = built.run()

    built.build(dies=True)

    assert built.pending() == {landed}
    built.build()
    assert built.pending() == set()


def test_a_build_of_some_models_leaves_what_landed_to_the_next(built: Books) -> None:
    landed = built.run()

    assert built.build(is_whole=False) is None
    assert built.pending() == {landed}


def test_a_run_that_failed_is_never_told_of(built: Books) -> None:
    built.run(status="failed")
    built.run(status="running")

    built.build(dies=True)

    assert built.pending() == set()


def test_the_books_say_how_each_build_ended(built: Books) -> None:
    built.build(dies=True)

    rows = built.execute(
        "select status_code, full_refresh_reason is null, ended_at is not null"
        " from ops.builds order by build_id"
    )
    assert rows == [("succeeded", False, True), ("failed", True, True)]
