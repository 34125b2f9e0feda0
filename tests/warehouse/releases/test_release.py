"""The pilot's release, frozen; then the world goes on, and the release does not.

What comes after is written into raw as landing would have written it: an edit, a
deletion and a second interview of the release's last month, and a revised price index.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from sandbox.postgres import Postgres
from tests.warehouse.conftest import Warehouse, copy_of_pilot
from warehouse import dbt, releases
from warehouse.errors import ReleaseError

CODE, AS_OF = "2021-07", date(2021, 9, 30)
UNIT_TESTS = "test_type:unit"

# Every version has the columns of the one before it, but for what is said here.
NEXT_VERSION = """
insert into raw.forms__journals
select (jsonb_populate_record(journals, {changes})).*
from raw.forms__journals as journals
where submission_id = %(submission_id)s
order by version_number desc limit 1
"""
EDITED = """jsonb_build_object(
    'version_number', version_number + 1, 'change_code', 'edited',
    'known_at', '2022-06-01T00:00:00Z',
    'answers', answers || '{"control_score": 1, "satisfaction_score": 0}'
)"""
DELETED = """jsonb_build_object(
    'version_number', version_number + 1, 'change_code', 'deleted',
    'known_at', '2022-06-01T00:00:00Z', 'answers', null, 'payload', null
)"""
TOLD_AGAIN = """jsonb_build_object(
    'submission_id', '999999', 'root_id', gen_random_uuid(), 'version_number', 1,
    'change_code', 'new', 'received_at', '2022-06-01T00:00:00Z',
    'known_at', '2022-06-01T00:00:00Z',
    'answers', answers || '{"control_score": 1, "satisfaction_score": 0}'
)"""
# Mexican journals of the last month that the release counts, in an order of their own.
COUNTED = """
select latest.submission_id, months.family_key
from marts.fct_family_months as months
inner join intermediate.int_journals_latest as latest using (family_key, journal_month)
where
    latest.release_code = 'live'
    and latest.submitted_at < '2021-09-30'
    and months.journal_month = '2021-07-01'
    and months.country_code = 'MEX'
    and months.control_score > 2
order by latest.submission_id
limit 3
"""
FIGURES = """
select * from marts.fct_metric_values where release_code = '{code}'
"""


@dataclass(frozen=True, slots=True)
class Released:
    """A warehouse whose release was frozen before anything else happened.

    Attributes:
        warehouse: As it is now.
        before: The release's rows of `fct_metric_values` and `share.metric_values`, and
            the live ones, as they were when it was frozen.
        families: Keys of the families whose journal changed, by what happened to it.
    """

    warehouse: Warehouse
    before: dict[str, list[tuple[Any, ...]]]
    families: dict[str, str]


def in_order(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=repr)


def figures(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    shared = "select * from share.metric_values where release_code = '2021-07'"
    return {
        "released": in_order(warehouse.rows(FIGURES.format(code=CODE))),
        "live": in_order(warehouse.rows(FIGURES.format(code="live"))),
        "shared": in_order(warehouse.rows(shared)),
    }


@pytest.fixture(scope="module")
def frozen(
    built_pilot: Warehouse,  # noqa: ARG001 - the copy is of it
    postgres_server: Postgres,
    copy_target: Path,
) -> Iterator[Warehouse]:
    """Freeze the release in a copy of the pilot's warehouse."""
    with copy_of_pilot(postgres_server, copy_target) as warehouse:
        done = releases.release(CODE, AS_OF, warehouse.url, warehouse.target)
        assert done.is_new
        yield warehouse


@pytest.fixture(scope="module")
def released(frozen: Warehouse) -> Released:
    """Let an edit, a deletion, a late interview and other prices arrive, and build."""
    before = figures(frozen)
    chosen = dict(zip(("edit", "deletion", "late"), frozen.rows(COUNTED), strict=True))
    changes = {"edit": EDITED, "deletion": DELETED, "late": TOLD_AGAIN}
    with psycopg.connect(frozen.url) as connection:
        for kind, (submission_id, _) in chosen.items():
            connection.execute(
                sql.SQL(NEXT_VERSION).format(changes=sql.SQL(changes[kind])),
                {"submission_id": submission_id},
            )
        connection.execute(
            "update reference.cpi_monthly set consumer_price_index"
            " = consumer_price_index * 1.1 where country_code = 'COL'"
            " and price_month = '2021-07-01'"
        )
    dbt.build(
        url=frozen.url,
        exclude=f"{UNIT_TESTS} resource_type:seed",
        target_dir=frozen.target,
    )
    return Released(frozen, before, {kind: key for kind, (_, key) in chosen.items()})


def test_a_frozen_release_has_the_figures_of_its_draft(
    built_pilot: Warehouse, frozen: Warehouse
) -> None:
    draft, now = figures(built_pilot), figures(frozen)

    assert len(draft["released"]) > 1000
    assert now == draft
    kept = frozen.rows("select * from release_2021_07.fct_metric_values")
    assert in_order(kept) == draft["released"]


def test_a_release_holds_families_as_they_were_known(frozen: Warehouse) -> None:
    newest = "select max(submitted_at) from {}.fct_family_months"
    ((then,),) = frozen.rows(newest.format("release_2021_07"))
    ((now,),) = frozen.rows(newest.format("marts"))

    assert then.date() <= AS_OF < now.date()


def test_nothing_that_arrives_moves_a_frozen_release(released: Released) -> None:
    now = figures(released.warehouse)

    assert now["released"] == released.before["released"]
    assert now["shared"] == released.before["shared"]
    assert now["live"] != released.before["live"]
    assert releases.verify(CODE, released.warehouse.url) >= 10


def test_a_frozen_release_is_not_computed_any_more(released: Released) -> None:
    computed = (
        "select distinct release_code from intermediate.int_metric_values_unioned"
    )

    assert released.warehouse.rows(computed) == [("live",)]
    state = "select release_code, is_frozen from marts.dim_releases"
    assert released.warehouse.rows(state) == [(CODE, True)]


@pytest.mark.parametrize("kind", ["edit", "deletion", "late"])
def test_a_record_that_changed_is_named_with_its_kind(
    kind: str, released: Released
) -> None:
    query = (
        "select change_kind_code from marts.fct_submission_changes where family_key"  # noqa: S608 - keys are random
        f" = '{released.families[kind]}' and record_id = '2021-07'"
    )

    assert released.warehouse.rows(query) == [(kind,)]


MOVED = """
select
    change_cause_code, released_value, live_value, value_difference,
    late_change_count, edit_change_count, deletion_change_count, change_names
from marts.fct_metric_changes
where
    metric_code = '{metric}' and scope_type_code = 'country' and scope_code = '{scope}'
    and start_month = '2020-07-01' and end_month = '2021-07-01'
    and panel_code = 'balanced' and price_code = '{price}' and outlier_code = 'kept'
    and statistic_code = 'growth_of_means' and denominator_code = 'household'
"""


def test_a_figure_that_moved_says_by_how_much_and_through_which_records(
    released: Released,
) -> None:
    query = MOVED.format(metric="M03", scope="MEX", price="nominal")
    ((cause, then, now, difference, late, edits, deletions, names),) = (
        released.warehouse.rows(query)
    )

    assert cause == "submissions"
    assert f"{then:.4f}" == "0.0100"
    assert now - then == difference
    assert difference != 0
    # Two came late in the pilot already.
    assert (late, edits, deletions) == (3, 1, 1)
    for kind, key in released.families.items():
        assert f"{kind} journal {key} 2021-07" in names


def test_a_family_that_was_erased_since_is_named_by_no_key_it_ever_had(
    released: Released,
) -> None:
    erased = "select distinct family_key from marts.fct_submission_changes"
    erased += " where family_key not in (select family_key from marts.dim_families)"
    ((name,),) = released.warehouse.rows(erased)

    assert name.startswith("erased/")
    keys = released.warehouse.rows("select family_key from pii.family_keys")
    assert name not in {key for (key,) in keys}


def test_prices_are_told_from_submissions(released: Released) -> None:
    repriced = (
        "select count(*), count(distinct changed_month) from"
        " marts.fct_submission_changes where change_kind_code = 'reference_data'"
        " and country_code = 'COL' and changed_month = '2021-07-01'"
    )
    ((count, months),) = released.warehouse.rows(repriced)

    assert count > 80
    assert months == 1


def test_every_figure_that_moved_is_listed_once_and_no_other(
    released: Released,
) -> None:
    keys = (
        "metric_code, scope_type_code, scope_code, start_month, end_month, panel_code,"
        " statistic_code, price_code, outlier_code, denominator_code, category_code"
    )
    expected = released.warehouse.rows(
        f"select {keys} from marts.fct_metric_values as figures"  # noqa: S608 - a constant
        f" where release_code = '{CODE}' except select {keys} from ("
        f" select {keys}, value, family_count from marts.fct_metric_values"
        f" where release_code = '{CODE}' intersect"
        f" select {keys}, value, family_count from marts.fct_metric_values"
        " where release_code = 'live') as unmoved"
    )
    listed = released.warehouse.rows(f"select {keys} from marts.fct_metric_changes")  # noqa: S608 - a constant

    assert sorted(listed) == sorted(expected)
    assert 0 < len(listed) < len(released.before["released"])


def test_nothing_that_tells_of_families_is_shared(released: Released) -> None:
    shared = released.warehouse.rows(
        "select table_name from information_schema.columns"
        " where table_schema = 'share' and (column_name = 'family_key'"
        " or table_name like '%change%' or column_name = 'change_names')"
    )

    assert shared == []


def test_freezing_again_changes_nothing_and_says_so(released: Released) -> None:
    command = [sys.executable, "-m", "warehouse", "release", CODE, "--as-of"]
    environment = {"WAREHOUSE_URL": released.warehouse.url, "PATH": "/usr/bin"}

    again, other = (
        subprocess.run(
            [*command, day],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        for day in ("2021-09-30", "2021-10-31")
    )

    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.startswith("Release 2021-07 has been frozen in release_2021_07")
    assert other.returncode == 1
    assert "with what was known at 2021-09-30 and not at 2021-10-31" in other.stderr
    assert other.stderr.count("\n") == 1


def test_a_column_that_the_release_did_not_have_is_null_there(
    released: Released,
) -> None:
    frozen_figures = "release_2021_07.fct_metric_values"
    with psycopg.connect(released.warehouse.url) as connection:
        connection.execute(
            sql.SQL("alter table {} drop column peer_group_count").format(
                sql.Identifier(*frozen_figures.split("."))
            )
        )
    with pytest.raises(ReleaseError, match="fct_metric_values has other contents"):
        releases.verify(CODE, released.warehouse.url)

    dbt.build(
        url=released.warehouse.url,
        select="fct_metric_values",
        exclude=UNIT_TESTS,
        target_dir=released.warehouse.target,
    )

    query = (
        "select count(peer_group_count), count(value) > 1000"  # noqa: S608 - a constant
        f" from marts.fct_metric_values where release_code = '{CODE}'"
    )
    assert released.warehouse.rows(query) == [(0, True)]
