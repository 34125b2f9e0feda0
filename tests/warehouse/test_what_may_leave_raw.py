"""What says who a family is stays in raw and pii: by lineage, and by what is stored.

The lineage is Postgres' own: each staging model's SQL as a view, and the columns that
the view depends on. No other model may read what is not dbt's (see dbt-bouncer.yml).
"""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from ingestion.answers.field_maps import CONTACT_FIELDS, load_field_map
from sandbox.pilot.canaries import CANARIES
from sandbox.pilot.model import Pilot
from tests.warehouse.conftest import Warehouse

ROOT = Path(__file__).parents[2]
MAPS = sorted((ROOT / "ingestion" / "maps").glob("*.yml"))
CLOSED = ("raw", "pii", "pg_catalog", "information_schema")
# Of operations, and as closed as raw.
AS_CLOSED = {("ops", "rejected_records"), ("ops", "attachments")}
READ_COLUMNS = """
select namespaces.nspname || '.' || tables.relname || '.' || columns.attname
from pg_rewrite
inner join pg_depend
    on
        pg_depend.classid = 'pg_rewrite'::regclass
        and pg_depend.objid = pg_rewrite.oid
inner join pg_class as tables on pg_depend.refobjid = tables.oid
inner join pg_namespace as namespaces on tables.relnamespace = namespaces.oid
inner join pg_attribute as columns
    on
        tables.oid = columns.attrelid
        and pg_depend.refobjsubid = columns.attnum
where
    pg_rewrite.ev_class = 'probe'::regclass
    and pg_depend.refclassid = 'pg_class'::regclass
    and namespaces.nspname in ('raw', 'pii', 'ops')
"""
TEXT_COLUMNS = """
select columns.table_schema, columns.table_name, columns.column_name
from information_schema.columns as columns
where
    columns.table_schema <> all(%s)
    and columns.data_type in ('text', 'jsonb', 'json', 'ARRAY', 'character varying')
"""
Place = tuple[str, str, str]
# What nobody needs to look at in a document's or a number's stead.
E_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}")
PLACE = re.compile(r"-?\d{1,3}\.\d{4,}\s*[,; ]\s*-?\d{1,3}\.\d{4,}")
PHONE = re.compile(r"\+\d[\d ()-]{7,}\d|\b\d{2,3}[ -]\d{3,4}[ -]\d{3,4}\b")
# Of the warehouse, and no person's: keys, runs and hashes.
OF_MACHINES = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def columns_read(warehouse: Warehouse) -> Iterator[tuple[str, str]]:
    """Yield each staging model and each column of raw, pii or ops that it reads."""
    nodes = warehouse.manifest()["nodes"].values()
    with psycopg.connect(warehouse.url) as connection:
        for node in nodes:
            if node["resource_type"] == "model" and node["schema"] == "staging":
                view = f"create temporary view probe as {node['compiled_code']}"
                connection.execute(view.encode())
                for (column,) in connection.execute(READ_COLUMNS):
                    yield node["name"], column
                connection.execute("drop view probe")
        connection.rollback()


@pytest.fixture(scope="module")
def read(built_pilot: Warehouse) -> set[tuple[str, str]]:
    return set(columns_read(built_pilot))


def test_no_model_reads_a_payload_or_a_record_that_could_not_land(
    read: set[tuple[str, str]],
) -> None:
    closed = {
        (model, column)
        for model, column in read
        if column.rpartition(".")[2] in {"payload", "record", "definition", "reason"}
        or column.startswith(("pii.family_contacts.", "ops.attachments."))
    }

    assert ("stg_forms__journals", "raw.forms__journals.answers") in read
    assert closed == set()


def test_models_read_of_pii_the_keys_and_what_was_approved_alone(
    read: set[tuple[str, str]],
) -> None:
    of_pii = {
        (model, column.rpartition(".")[0])
        for model, column in read
        if column.startswith("pii.")
    }

    assert of_pii == {
        ("stg_pii__family_keys", "pii.family_keys"),
        ("stg_pii__text_reviews", "pii.text_reviews"),
    }


def test_only_staging_reads_what_dbt_does_not_make(built_pilot: Warehouse) -> None:
    readers = {
        node["schema"]
        for node in built_pilot.manifest()["nodes"].values()
        if node["resource_type"] == "model"
        and any(name.startswith("source.") for name in node["depends_on"]["nodes"])
    }

    assert readers == {"staging"}


def test_identifying_answers_are_no_answers_of_raw(built_pilot: Warehouse) -> None:
    """What a model can read at all is in `answers`: there no name of pii may be."""
    identifying = {
        name
        for path in MAPS
        for name, found in load_field_map(path).classes().items()
        if "identifying" in found
    }
    found = built_pilot.rows(
        "select distinct jsonb_object_keys(answers) from raw.forms__enrolments"
    )

    assert identifying == CONTACT_FIELDS
    assert identifying.isdisjoint(name for (name,) in found)


def test_no_column_outside_raw_holds_free_words(built_pilot: Warehouse) -> None:
    found = built_pilot.rows("""
        select table_schema || '.' || table_name || '.' || column_name
        from information_schema.columns
        where
            table_schema in ('staging', 'intermediate', 'marts', 'share')
            and column_name like '%\\_text'
    """)

    # Not what was typed but why it is no answer, in words of our own.
    assert found == [("intermediate.int_answer_problems.reason_text",)]


@pytest.fixture(scope="module")
def told(built_pilot: Warehouse) -> dict[Place, list[str]]:
    """Return each text that is stored anywhere but in raw and pii, by where it is."""
    found: dict[Place, list[str]] = {}
    with psycopg.connect(built_pilot.url) as connection:
        for place in connection.execute(TEXT_COLUMNS, [list(CLOSED)]).fetchall():
            schema, table, column = map(sql.Identifier, place)
            # Codes are shorter than what tells who somebody is.
            query = sql.SQL(
                "select distinct {0}::text from {1}.{2} where length({0}::text) > 8"
            ).format(column, schema, table)
            found[place] = [value for (value,) in connection.execute(query)]
    return found


def test_no_canary_is_anywhere_but_in_raw_and_pii(
    told: dict[Place, list[str]], pilot: Pilot
) -> None:
    sent = "".join(repr(event.record) for form in pilot.forms for event in form.events)
    leaks = {
        (place, canary.identifier)
        for place, values in told.items()
        for content in ["\n".join(values)]
        for canary in CANARIES
        if canary.identifier in content
    }

    assert len({canary.identifier for canary in CANARIES}) == 40
    assert [one.identifier for one in CANARIES if one.identifier not in sent] == []
    assert ("intermediate", "int_families", "family_key") in told
    assert leaks == set()


def test_no_canary_is_in_what_dbt_writes(built_pilot: Warehouse) -> None:
    files = [path for path in built_pilot.target.rglob("*") if path.is_file()]
    leaks = {
        (path.name, canary.identifier)
        for path in files
        for content in [path.read_bytes()]
        for canary in CANARIES
        if canary.identifier.encode() in content
    }

    assert {"manifest.json", "run_results.json"} <= {path.name for path in files}
    assert leaks == set()


def test_canaries_that_may_be_kept_are_in_pii(built_pilot: Warehouse) -> None:
    kept = str(built_pilot.rows("select * from pii.family_contacts"))
    planted = [one for one in CANARIES if one.path.startswith(("body/pii", "consent"))]

    assert len(planted) == 11
    assert [one.identifier for one in planted if one.identifier not in kept] == []


def test_no_value_that_a_reader_sees_looks_like_a_person(
    built_pilot: Warehouse, told: dict[Place, list[str]]
) -> None:
    people = {
        name
        for (name,) in built_pilot.rows("select contact_name from pii.family_contacts")
    }
    found = {
        (place, value)
        for place, values in told.items()
        if place[0] not in {"staging", "intermediate"} and place[:2] not in AS_CLOSED
        for value in values
        if is_telling(value, people)
    }

    assert people
    assert found == set()


def is_telling(value: str, people: set[str]) -> bool:
    said = OF_MACHINES.sub("", value)
    if any(pattern.search(said) for pattern in (E_MAIL, PLACE, PHONE)):
        return True
    return any(name in said for name in people)


@pytest.mark.parametrize(
    "value",
    [
        "a@example.org",
        "19.4307312, -99.1307312",
        "+52 55 5550 7301",
        "555 867 7313",
        "Told by Zenobia Canariense",
    ],
)
def test_what_looks_like_a_person_is_seen(value: str) -> None:
    assert is_telling(value, {"Zenobia Canariense"})
