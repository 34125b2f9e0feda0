"""Who owns what: the loader what it lands, the transformer what it builds.

dbt drops and makes its tables anew, which only an owner may. What keeps the books of
access belongs to whoever applies it: neither of the two may rewrite that.
"""

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
    for schema, owner in read_schemas(changes.connection).items():
        _give(changes, owner, owner_of(schema), f"schema {name(schema)}")
    for each in read_relations(changes.connection):
        wanted = owner_of(each.schema_name, each.relation_name)
        what = f"{KEYWORDS[each.kind]} {name(each.schema_name, each.relation_name)}"
        _give(changes, each.owner, wanted, what)
    for function in read_functions(changes.connection):
        if function.schema_name not in {"access", "pg_catalog"}:
            what = f"function {function.signature}"
            _give(changes, function.owner, TRANSFORMER, what)


def _give(changes: Changes, owner: str, wanted: str | None, what: str) -> None:
    if wanted and owner != wanted:
        changes.make(
            wanted, f"owns {what}", f"alter {what} owner to {name(wanted)}"
        )
