"""What applying changes: roles that come, change and go, in a small warehouse."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from sandbox.postgres import Postgres
from tests.warehouse.access.conftest import PASSWORD, Guarded, registry_of
from warehouse.access import applying
from warehouse.access.entries import Access
from warehouse.access.passwords import variable_of
from warehouse.connection import open_engine
from warehouse.errors import AccessError
from warehouse.tables import create_all

SITE_MONTHS = """
create table share.site_months (site_code text, journal_month date);
insert into share.site_months values ('MX-01', '2020-07-01'), ('PH-01', '2020-07-01')
"""

AGREED_TO = """
insert into ops.approvals (approval_code, subject, approved_by)
values ('deletions', '40 deletions of form journal', 'ana');
insert into ops.frozen_releases (
    release_code, schema_name, known_as_of, start_month, end_month, project_version,
    information_hash, frozen_at, frozen_by
)
values (
    '2021-07', 'release_2021_07', now(), '2020-07-01', '2021-07-01', '1', 'x', now(),
    'ben'
);
insert into ops.erasures (
    erasure_id, family_hash, erased_at, requested_by, approved_by, reason, receipt,
    receipt_hash
)
values (1, 'x', now(), 'office', 'cleo', 'it asked', '{}', 'x');
insert into ops.alerts (
    cause_id, kind_code, place, severity_code, summary, what_to_do, seen_count,
    opened_at, last_seen_at, closed_at, closed_by, close_reason
)
values (
    'a', 'task_failed', 'a', 'error', 'b', 'c', 1, now(), now(), now(), 'dan',
    'form retired'
)
"""


@pytest.fixture(scope="module")
def small_template(postgres_server: Postgres) -> str:
    """Make a warehouse with one table, of which nobody reads anything yet."""
    name = "small_template"
    postgres_server.ensure_database(name)
    engine = open_engine(postgres_server.url(name))
    create_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(SITE_MONTHS)
    engine.dispose()
    return name


@pytest.fixture
def small(small_template: str, postgres_server: Postgres) -> Iterator[Guarded]:
    name = f"small_{uuid.uuid4().hex[:8]}"
    postgres_server.run_sql(f"create database {name} template {small_template}")
    yield Guarded(postgres_server, name, registry_of({}))
    postgres_server.run_sql(f"drop database {name} with (force)")


@pytest.fixture
def role() -> str:
    return f"lead_{uuid.uuid4().hex[:8]}"


def apply(guarded: Guarded, **readers: Access) -> list[str]:
    made = applying.apply(guarded.url, registry_of(readers))
    return [str(change) for change in made]


def give_password(
    monkeypatch: pytest.MonkeyPatch, role: str, password: str = PASSWORD
) -> None:
    monkeypatch.setenv(variable_of(role), password)


def test_a_second_apply_changes_nothing(guarded: Guarded) -> None:
    assert applying.plan(guarded.url, guarded.registry) == []
    assert applying.apply(guarded.url, guarded.registry) == []


def test_a_plan_says_what_applying_does_and_does_nothing(
    small: Guarded, role: str
) -> None:
    registry = registry_of({role: Access(sites=["MX-01"])})

    planned = applying.plan(small.url, registry)
    roles = small.all_rows(f"select from pg_roles where rolname = '{role}'")
    done = applying.apply(small.url, registry)

    assert roles == []
    assert planned == done
    assert f"{role} reads the rows of MX-01" in map(str, done)


@pytest.fixture
def owner(small: Guarded) -> Iterator[str]:
    """Let somebody own the database who is no superuser."""
    owner = f"owner_{uuid.uuid4().hex[:8]}"
    small.run(
        f"create role {owner} login password '{PASSWORD}'",
        f'alter database "{small.database}" owner to {owner}',
    )
    yield owner
    small.run(
        f'alter database "{small.database}" owner to postgres',
        f"drop owned by {owner}",
        f"drop role {owner}",
    )


def test_the_owner_may_work_as_all_whom_a_superuser_has_made(
    small: Guarded, owner: str, role: str
) -> None:
    registry = registry_of({role: Access(sites=["MX-01"])})
    made = applying.apply(small.url, registry)

    with small.log_in(owner) as connection:
        connection.execute("update ops.alerts set summary = summary")  # the loader's
        connection.execute(f"set role {role}".encode())
        rows = connection.execute("select site_code from share.site_months").fetchall()
    assert rows == [("MX-01",)]
    assert f"{role} may be taken by {owner}, who owns the database" in map(str, made)
    assert applying.plan(small.url, registry) == []


def test_what_was_changed_is_on_record_with_who_and_when(
    small: Guarded, role: str
) -> None:
    made = apply(small, **{role: Access(sites=["MX-01"])})

    kept = small.all_rows(
        "select role_name || ' ' || change, changed_by, changed_at is not null"
        " from ops.access_changes order by change_id"
    )
    trail = small.all_rows(
        "select what from ops.audit_trail where what_code = 'access'"
    )

    assert kept == [(change, "postgres", True) for change in made]
    assert {what for (what,) in trail} == set(made)


def test_the_trail_says_who_agreed_to_what(small: Guarded) -> None:
    apply(small)
    small.run(AGREED_TO)

    trail = small.all_rows(
        "select person, what_code, what from ops.audit_trail"
        " where what_code <> 'access' order by person"
    )

    assert trail == [
        ("ana", "approval of deletions", "40 deletions of form journal"),
        ("ben", "release frozen", "release 2021-07"),
        ("cleo", "erasure", "erasure 1, asked for by office"),
        ("dan", "alert closed", "alert 1: form retired"),
    ]


def test_another_site_in_the_registry_is_read_from_then_on(
    small: Guarded, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(monkeypatch, role)
    apply(small, **{role: Access(sites=["MX-01"])})
    before = small.column(role, "select site_code from share.site_months")

    said = apply(small, **{role: Access(sites=["PH-01"])})

    assert before == {"MX-01"}
    assert small.column(role, "select site_code from share.site_months") == {"PH-01"}
    assert said == [f"{role} reads the rows of PH-01"]


def test_a_role_that_leaves_the_registry_loses_login_grants_and_rows(
    small: Guarded, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(monkeypatch, role)
    apply(small, **{role: Access(sites=["MX-01"])})
    small.rows(role, "select 1")

    said = apply(small)

    with pytest.raises(
        psycopg.OperationalError, match=r"authentication failed|not permitted"
    ):
        small.log_in(role)
    left = small.all_rows(
        f"select rolpassword from pg_authid where rolname = '{role}' union all"  # noqa: S608 - our own names
        f" select roleid::regrole::text from pg_auth_members where member = '{role}'"
        "::regrole union all select datname from pg_database,"
        f" aclexplode(datacl) where grantee = '{role}'::regrole"
    )
    assert left == [(None,)]
    assert {
        f"{role} reads nothing any more",
        f"{role} no longer has reads_share",
        f"{role} may no longer log in",
    } <= set(said)
    assert apply(small) == []


def test_a_person_who_leaves_an_entry_keeps_only_the_other_roles(
    small: Guarded, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, other = f"p_{role}", f"{role}_too"
    give_password(monkeypatch, person)
    both = {
        role: Access(sites=["MX-01"], people=[person]),
        other: Access(sites=["PH-01"], people=[person]),
    }
    apply(small, **both)
    before = small.column(person, "select site_code from share.site_months")

    apply(small, **{**both, other: Access(sites=["PH-01"])})

    assert before == {"MX-01", "PH-01"}
    assert small.column(person, "select site_code from share.site_months") == {"MX-01"}


def test_a_login_that_another_warehouse_has_given_too_stays(
    small: Guarded,
    role: str,
    postgres_server: Postgres,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    give_password(monkeypatch, role)
    apply(small, **{role: Access(sites=["MX-01"])})
    postgres_server.run_sql(f'grant connect on database postgres to "{role}"')

    said = apply(small)

    can_login = f"select rolcanlogin from pg_roles where rolname = '{role}'"  # noqa: S608 - our own names
    assert small.all_rows(can_login) == [(True,)]
    assert f"{role} keeps its login, which postgres has given it too" in said
    postgres_server.run_sql(f'drop owned by "{role}"', "postgres")


def test_what_was_granted_by_hand_is_taken_back(
    small: Guarded, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(monkeypatch, role)
    readers = {role: Access(sites=["MX-01"])}
    apply(small, **readers)
    small.run(
        f'grant all on raw.forms__journals to "{role}"',
        f'grant usage on schema raw to "{role}"',
        "grant select on share.site_months to public",
        f'grant pg_read_all_data, transformer to "{role}"',
        f'alter role "{role}" createrole bypassrls connection limit 99',
        f"alter role \"{role}\" set log_statement = 'none'",
        "alter table share.site_months disable row level security",
    )

    said = apply(small, **readers)

    assert f"{role} no longer has pg_read_all_data" in said
    assert f"{role} loses the rights of an administrator" in said
    assert f"{role} has log_statement = all" in said
    assert "public no longer has select on table share.site_months" in said
    assert small.column(role, "select site_code from share.site_months") == {"MX-01"}
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        small.rows(role, "select * from raw.forms__journals")
    assert apply(small, **readers) == []


def test_a_superuser_is_taken_for_no_reader(small: Guarded, role: str) -> None:
    small.run(f'create role "{role}" superuser')

    with pytest.raises(AccessError, match="is a superuser"):
        apply(small, **{role: Access(sites=["MX-01"])})

    assert small.all_rows("select to_regnamespace('access')::text") == [(None,)]


def test_who_may_make_no_roles_is_told_so(small: Guarded, role: str) -> None:
    small.run(
        sql.SQL("create role {} login password {}")
        .format(sql.Identifier(role), PASSWORD)
        .as_string()
    )

    with pytest.raises(AccessError, match="may make no roles"):
        applying.apply(small.url_of(role), registry_of({}))


def test_an_owner_of_the_database_who_may_make_roles_is_enough(
    small: Guarded, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No superuser; what is Postgres' own to close, whoever sets it up closes."""
    database, owner = f"of_{role}", f"owner_{role}"
    small.run(
        f"create role {owner} login createrole password '{PASSWORD}'",
        "grant set on parameter log_statement, log_duration, log_parameter_max_length"
        f" to {owner}",
        f"create database {database} owner {owner}",
        # Of other tests' applying; elsewhere the owner has made them.
        f"grant loader, transformer, reads_share, reads_marts, reads_own_groups"
        f" to {owner} with admin option",
    )
    give_password(monkeypatch, role)
    readers = registry_of({role: Access(sites=["MX-01"])})
    owned = Guarded(small.server, database, readers)
    url = owned.url_of(owner)

    applying.apply(url, readers)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SITE_MONTHS)
    applying.apply(url, readers)
    again = applying.apply(url, readers)

    assert owned.column(role, "select site_code from share.site_months") == {"MX-01"}
    # Whether it is still the same only a superuser could see.
    assert [str(change) for change in again] == [
        f"{role} has the password that was given, and may log in"
    ]


@pytest.mark.parametrize("source", ["variable", "file"])
def test_a_password_is_set_once_and_never_shown(
    small: Guarded,
    role: str,
    source: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    variable = variable_of(role)
    password = f"geheim-{uuid.uuid4().hex}"
    if source == "file":
        file = tmp_path_factory.mktemp("secrets") / "password"
        file.write_text(f"{password}\n")
        monkeypatch.setenv(f"{variable}_FILE", str(file))
    else:
        monkeypatch.setenv(variable, password)
    small.run(f"alter database \"{small.database}\" set log_statement = 'all'")
    readers = {role: Access(sites=["MX-01"])}

    said = apply(small, **readers)
    again = apply(small, **readers)

    url = small.url.replace(small.server.password, password)
    with psycopg.connect(url.replace("postgres:", f"{role}:", 1)) as connection:
        connection.execute("select 1")
    (kept,) = small.all_rows(
        f"select rolpassword from pg_authid where rolname='{role}'"  # noqa: S608 - our own names
    )
    logs = "".join(
        file.read_text() for file in sorted((small.server.data_dir / "log").glob("*"))
    )
    on_record = str(small.all_rows("select * from ops.access_changes"))
    assert f"{role} has the password that was given, and may log in" in said
    assert again == []
    assert kept[0].startswith("SCRAM-SHA-256$")
    assert small.database in logs
    for text in (logs, on_record, "\n".join(said)):
        assert password not in text
        assert kept[0] not in text


def test_another_password_is_set_and_none_leaves_what_there_is(
    small: Guarded, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = {role: Access(sites=["MX-01"])}
    give_password(monkeypatch, role, "the-first-of-two")
    apply(small, **readers)
    give_password(monkeypatch, role)

    said = apply(small, **readers)
    monkeypatch.delenv(variable_of(role))
    then = apply(small, **readers)

    assert said == [f"{role} has the password that was given, and may log in"]
    assert then == []
    assert small.rows(role, "select 1") == [(1,)]


def test_a_role_without_a_password_may_not_log_in(small: Guarded, role: str) -> None:
    apply(small, **{role: Access(sites=["MX-01"])})

    with pytest.raises(
        psycopg.OperationalError, match=r"authentication failed|not permitted"
    ):
        small.log_in(role)


def test_a_password_that_is_easily_guessed_is_refused_without_repeating_it(
    small: Guarded, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(monkeypatch, role, "kurz")

    with pytest.raises(AccessError, match="too short") as refused:
        apply(small, **{role: Access(sites=["MX-01"])})

    assert "kurz" not in str(refused.value)
