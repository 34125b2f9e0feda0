"""Who owns what: the loader what it lands, the transformer what it builds.

dbt drops and makes its tables anew, which only an owner may. What keeps the books of
access belongs to whoever applies it: neither of the two may rewrite that.
"""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection

from warehouse.access.catalogue import read_functions, read_relations, read_schemas
from warehouse.access.changes import Changes, name
from warehouse.access.kinds import LOADER, TRANSFORMER

OF_LOADER = {
    "sync_runs",
    "reconciliations",
    "submission_states",
    "unmapped_questions",
    "rejected_records",
    "attachments",
    "approvals",
    # What landing must not bring back.
    "erasures",
    "erasure_blocks",
}
OF_NEITHER = {"access_changes", "query_log", "audit_trail"}
KEYWORDS = {"r": "table", "p": "table", "v": "view", "m": "materialized view"}


def owner_of(schema: str, relation: str = "") -> str | None:
    """Return who should own a relation, or its schema; None for whoever applies."""
    if schema == "access" or (schema == "ops" and relation in OF_NEITHER):
        return None
    if schema in {"raw", "pii"} or (schema == "ops" and relation in {"", *OF_LOADER}):
        return LOADER
    return TRANSFORMER


def bring_owners(changes: Changes) -> None:
    """Give every schema, table, view and function to its owner."""
    given: Counter[tuple[str, str]] = Counter()
    for schema, owner, wanted, what in _everything(changes.connection):
        if wanted and owner != wanted:
            if schema == "ops" and wanted == TRANSFORMER:
                # Two own tables there, and an owner must be one who could make them.
                changes.run(f"grant create on schema ops to {TRANSFORMER}")
            changes.run(f"alter {what} owner to {name(wanted)}")
            given[wanted, schema] += 1
    for (role, schema), count in given.items():
        changes.note(role, f"owns {count} more objects of {schema}")


def _everything(connection: Connection) -> Iterator[tuple[str, str, str | None, str]]:
    """Yield schema, owner, who should own it, and what it is in SQL."""
    for schema, owner in read_schemas(connection).items():
        yield schema, owner, owner_of(schema), f"schema {name(schema)}"
    for each in read_relations(connection):
        schema, relation = each.schema_name, each.relation_name
        what = f"{KEYWORDS[each.kind]} {name(schema, relation)}"
        yield schema, each.owner, owner_of(schema, relation), what
    for function in read_functions(connection):
        schema = function.schema_name
        if schema not in {"access", "pg_catalog"}:
            what = f"function {function.signature}"
            yield schema, function.owner, TRANSFORMER, what
