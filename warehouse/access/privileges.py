"""What is granted to whom, as a whole: the rest is taken away.

Tables of `marts`, `share` and releases are not in here: `access.protect` grants them,
as dbt makes them anew. Everything else is a set of grants, compared with what there is.
"""

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import Connection, text

from warehouse.access.catalogue import (
    Function,
    Grant,
    Relation,
    read_functions,
    read_grants,
    read_relations,
    read_schemas,
)
from warehouse.access.changes import Changes, name
from warehouse.access.kinds import (
    BUILDERS,
    GROUPS,
    LOADER,
    PUBLISHER,
    READS_MARTS,
    READS_OWN_GROUPS,
    READS_SHARE,
    REVIEWER,
    TRANSFORMER,
    WORKERS,
)

# Names and phone numbers stand in them; dbt reads the answers beside them.
CLOSED_COLUMNS = {"payload", "record", "reason"}
# Tables of landing that dbt reads, and of pii.
READ_BY_TRANSFORMER = {
    "raw": None,
    "pii": {"family_keys", "text_reviews"},
    "ops": {
        "sync_runs",
        "reconciliations",
        "unmapped_questions",
        "rejected_records",
        "schema_version",
    },
}
SCHEMAS_OF_READERS = {
    "marts": (READS_MARTS, READS_OWN_GROUPS, READS_SHARE),
    "share": (READS_SHARE,),
    "ops": (READS_MARTS,),  # for the function that notes exports: no table is granted
    "access": (READS_MARTS, READS_OWN_GROUPS, READS_SHARE, TRANSFORMER),
}
USED_BY_TRANSFORMER = {
    "protect",
    "row_rule",
    "readers_of",
    "is_list_of_names",
    "asked",
    "held",
}
# An analyst's export is put on record by a function that runs as its owner: nobody who
# exports may write the record itself.
NOTES_EXPORTS = "ops.note_export(jsonb)"
# They run as the owner of the marts: who sends lists to form servers reads these alone,
# and of contacts the names, where the registry has them on a list.
LISTS_OF_FORMS = {"ops.families_of_form_media()", "ops.groups_of_form_media()"}
# They run as the owner of the marts too: who reviews texts reads nothing else.
TEXTS_TO_REVIEW = {"ops.texts_to_review()", "ops.take_text_back(text,text,text)"}
# Tables that none of those who use them builds: by whom, and how.
BOOKS: Mapping[str, tuple[Collection[str], Collection[str]]] = {
    "access.readable": (GROUPS, ("select",)),
    "ops.schema_version": ((LOADER, PUBLISHER), ("select",)),
    "pii.text_reviews": ((REVIEWER,), ("select", "insert", "delete")),
    # A task that fails tells of it, whichever role it has.
    **dict.fromkeys(
        ("ops.alerts", "ops.alert_deliveries", "ops.alert_digests"),
        ((TRANSFORMER, PUBLISHER), ("select", "insert", "update")),
    ),
}
CONTACTS = "pii.family_contacts"
COLUMNS_OF_NAMES = ("family_code", "contact_name", "landed_at")
IS_SUPERUSER = text("select rolsuper from pg_roles where rolname = current_user")


def bring_privileges(
    changes: Changes, logins: Collection[str], *, lists_names: bool = False
) -> None:
    """Grant what is wanted and take away what is not.

    Args:
        changes: The transaction.
        logins: Who may connect: readers, people and workers.
        lists_names: Whether any form's lists show names of people.
    """
    connection = changes.connection
    wanted = _wanted(connection, logins)
    if lists_names:
        wanted.update(_on_names())
    concerned = {"public", *WORKERS, *GROUPS, *logins} | _retired(connection)
    if not connection.execute(IS_SUPERUSER).scalar_one():
        # They belong to Postgres itself, so only a superuser may close them.
        wanted = {grant for grant in wanted if not _is_of_postgres(grant)}
    for grant in sorted(read_grants(connection) - wanted):
        if grant.grantee in concerned and _is_ours_to_take(connection, grant):
            changes.make(
                grant.grantee,
                f"no longer has {grant.clause}",
                f"revoke {grant.clause} from {_grantee(grant)}",
            )
    # Read anew: to take a whole table away takes its columns too.
    for grant in sorted(wanted - read_grants(connection)):
        changes.make(
            grant.grantee,
            f"has {grant.clause}",
            f"grant {grant.clause} to {_grantee(grant)}",
        )


def close_functions_to_come(changes: Changes) -> None:
    """Let no function that the workers make be everybody's to call."""
    closed = text("""
        select pg_get_userbyid(defaclrole) from pg_default_acl
        where defaclobjtype = 'f' and defaclnamespace = 0
    """)
    done = set(changes.connection.execute(closed).scalars())
    for role in (LOADER, TRANSFORMER):
        if role not in done:
            changes.make(
                role,
                "makes functions that nobody else may call",
                f"alter default privileges for role {name(role)} "
                "revoke execute on functions from public",
            )


def _grantee(grant: Grant) -> str:
    return "public" if grant.grantee == "public" else name(grant.grantee)


def _is_of_postgres(grant: Grant) -> bool:
    in_postgres = grant.kind == "function" and "." not in grant.object_name
    return grant.kind == "language" or in_postgres


def _retired(connection: Connection) -> set[str]:
    """Return who else may connect by name: a reader that the registry had once."""
    return {
        grant.grantee
        for grant in read_grants(connection)
        if grant.kind == "database" and grant.privilege == "connect"
    }


def _is_ours_to_take(connection: Connection, grant: Grant) -> bool:
    if _is_of_postgres(grant) and not connection.execute(IS_SUPERUSER).scalar_one():
        return False
    is_of_readers = grant.kind == "table" and (
        grant.object_name.startswith(("marts.", "share.", "release_"))
    )
    return not (is_of_readers and grant.grantee in GROUPS)


def _wanted(connection: Connection, logins: Collection[str]) -> set[Grant]:
    database = connection.execute(
        text("select quote_ident(current_database())")
    ).scalar_one()
    schemas = read_schemas(connection)
    return {
        *_on_database(database, logins),
        *_on_schemas(schemas),
        *(
            grant
            for relation in read_relations(connection)
            for grant in _on_relation(relation)
        ),
        *_on_functions(read_functions(connection)),
    }


def _on_database(database: str, logins: Collection[str]) -> Iterator[Grant]:
    for login in (*logins, *WORKERS):
        yield Grant("database", database, login, "connect")
    for builder in BUILDERS:
        yield Grant("database", database, builder, "temporary")
        yield Grant("language", "plpgsql", builder, "usage")
    # For schemas of releases, and those of a project that has more.
    yield Grant("database", database, TRANSFORMER, "create")


def _on_schemas(schemas: Collection[str]) -> Iterator[Grant]:
    for schema in schemas:
        is_release = schema.startswith("release_")
        readers = (READS_MARTS,) if is_release else SCHEMAS_OF_READERS.get(schema, ())
        for reader in readers:
            yield Grant("schema", name(schema).strip('"'), reader, "usage")
        if schema in READ_BY_TRANSFORMER:
            yield Grant("schema", schema, TRANSFORMER, "usage")
    yield Grant("schema", "ops", PUBLISHER, "usage")
    yield Grant("schema", "ops", REVIEWER, "usage")
    yield Grant("schema", "pii", REVIEWER, "usage")
    # Beside what lands, dbt makes its list of issues there.
    yield Grant("schema", "ops", TRANSFORMER, "create")


def _on_relation(relation: Relation) -> Iterator[Grant]:
    schema, table = relation.schema_name, relation.relation_name
    yield from _on_books(f"{schema}.{table}")
    if schema == "access":
        return
    tables = READ_BY_TRANSFORMER.get(schema, set())
    if relation.owner == TRANSFORMER or (tables is not None and table not in tables):
        return
    if not CLOSED_COLUMNS.intersection(relation.columns):
        yield Grant("table", f"{schema}.{table}", TRANSFORMER, "select")
        return
    for column in relation.columns:
        if column not in CLOSED_COLUMNS:
            yield Grant(f"column {column}", f"{schema}.{table}", TRANSFORMER, "select")


def _on_books(table: str) -> Iterator[Grant]:
    roles, privileges = BOOKS.get(table, ((), ()))
    for role in roles:
        for privilege in privileges:
            yield Grant("table", table, role, privilege)


def _on_names() -> Iterator[Grant]:
    yield Grant("schema", "pii", PUBLISHER, "usage")
    for column in COLUMNS_OF_NAMES:
        yield Grant(f"column {column}", CONTACTS, PUBLISHER, "select")


def _on_functions(functions: Collection[Function]) -> Iterator[Grant]:
    for function in functions:
        called = function.signature.partition("(")[0]
        if function.schema_name == "pg_catalog":
            for worker in WORKERS:
                yield Grant("function", function.signature, worker, "execute")
        elif function.signature in LISTS_OF_FORMS:
            yield Grant("function", function.signature, PUBLISHER, "execute")
        elif function.signature in TEXTS_TO_REVIEW:
            yield Grant("function", function.signature, REVIEWER, "execute")
        elif function.signature == NOTES_EXPORTS:
            yield Grant("function", function.signature, READS_MARTS, "execute")
        elif called.removeprefix("access.") in USED_BY_TRANSFORMER:
            yield Grant("function", function.signature, TRANSFORMER, "execute")
