"""Connections to databases, their tables and columns."""

import psycopg

from sandbox.http_server.exchange import Answer, json_answer
from sandbox.metabase import bodies
from sandbox.metabase.exchange import PASSWORD_MASK, Raw, invalid, paged
from sandbox.metabase.queries import connect
from sandbox.metabase.service import Call
from sandbox.metabase.stored import ALL_USERS
from sandbox.metabase.syncing import tables_of


def list_databases(call: Call) -> Answer:
    """Return every connection."""
    call.require_login()
    rows = [_rendered(raw) for raw in call.stored.databases.values()]
    return paged(rows, None, 0)


def make_database(call: Call) -> Answer:
    """Connect to a database and look at its tables."""
    call.require_admin()
    body = bodies.parsed(bodies.NewDatabase, call.request.body)
    if body.engine != "postgres":
        raise invalid("engine", "the stand-in connects to postgres only")
    number = call.stored.next_number()
    details = dict(body.details)
    tables = _looked_at(details)
    password = details.pop("password")
    moment = call.stored.moment()
    call.stored.secrets[number] = password
    call.stored.databases[number] = {
        "id": number,
        "name": body.name,
        "engine": body.engine,
        "details": details,
        "is_full_sync": body.is_full_sync,
        "is_on_demand": body.is_on_demand,
        "auto_run_queries": body.auto_run_queries,
        "initial_sync_status": "incomplete",
        "description": None,
        "caveats": None,
        "points_of_interest": None,
        "is_sample": False,
        "creator_id": call.user,
        "timezone": "UTC",
        "features": [],
        "settings": None,
        "created_at": moment,
        "updated_at": moment,
    }
    _note_tables(call, number, tables)
    # What a new connection lets everybody do in the free edition.
    everybody = call.stored.data_levels.setdefault(ALL_USERS, {})
    everybody[number] = "query-builder-and-native"
    return json_answer(_rendered(call.stored.databases[number]))


def get_database(call: Call, number: int) -> Answer:
    """Return one connection; its first look at the tables ends after the first ask."""
    call.require_login()
    raw = call.service.one(call.stored.databases, number)
    answer = json_answer(_rendered(raw))
    raw["initial_sync_status"] = "complete"
    return answer


def change_database(call: Call, number: int) -> Answer:
    """Change a connection; a masked password leaves the password."""
    call.require_admin()
    body = bodies.parsed(bodies.ChangedDatabase, call.request.body)
    raw = call.service.one(call.stored.databases, number)
    if body.details is not None:
        details = dict(body.details)
        if details.get("password") in (None, PASSWORD_MASK):
            details["password"] = call.stored.secrets[number]
        _looked_at(details)
        call.stored.secrets[number] = details.pop("password")
        raw["details"] = details
    for name in ("name", "description", "caveats", "auto_run_queries"):
        if name in body.model_fields_set:
            raw[name] = getattr(body, name)
    raw["updated_at"] = call.stored.moment()
    return json_answer(_rendered(raw))


def healthcheck(call: Call, number: int) -> Answer:
    """Say whether the connection still works."""
    call.require_login()
    try:
        connect(details_of(call, number)).close()
    except psycopg.OperationalError as error:
        return json_answer({"status": "error", "message": str(error).splitlines()[0]})
    return json_answer({"status": "ok"})


def metadata(call: Call, number: int) -> Answer:
    """Return tables and columns."""
    call.require_login()
    raw = call.service.one(call.stored.databases, number)
    tables = [
        {**table, "fields": _fields_of(call, table["id"])}
        for table in call.stored.tables.values()
        if table["db_id"] == number
    ]
    return json_answer({**_rendered(raw), "tables": tables})


def change_table(call: Call, number: int) -> Answer:
    """Change what is said of a table."""
    call.require_admin()
    body = bodies.parsed(bodies.ChangedTable, call.request.body)
    raw = call.service.one(call.stored.tables, number)
    raw |= body.model_dump(exclude_unset=True)
    return json_answer(raw)


def change_field(call: Call, number: int) -> Answer:
    """Change what is said of a column."""
    call.require_admin()
    body = bodies.parsed(bodies.ChangedField, call.request.body)
    raw = call.service.one(call.stored.fields, number)
    raw |= body.model_dump(exclude_unset=True)
    return json_answer(raw)


def details_of(call: Call, number: int) -> Raw:
    """Return how a connection logs in."""
    raw = call.service.one(call.stored.databases, number)
    return {**raw["details"], "password": call.stored.secrets[number]}


def _rendered(raw: Raw) -> Raw:
    return {**raw, "details": {**raw["details"], "password": PASSWORD_MASK}}


def _looked_at(details: Raw) -> dict[tuple[str, str], list[tuple[str, str]]]:
    for name in ("host", "port", "dbname", "user", "password"):
        if not details.get(name):
            raise invalid(f"details.{name}", "value must be given.")
    try:
        return tables_of(details)
    except psycopg.OperationalError as error:
        # Whole, as the driver says it; real ones have repeated what they were given.
        reason = f"{str(error).splitlines()[0]} (password {details['password']})"
        raise invalid("message", reason) from None


def _note_tables(
    call: Call, number: int, tables: dict[tuple[str, str], list[tuple[str, str]]]
) -> None:
    for (schema, name), columns in tables.items():
        table = call.stored.next_number()
        call.stored.tables[table] = {
            "id": table,
            "db_id": number,
            "schema": schema,
            "name": name,
            "display_name": name.replace("_", " ").title(),
            "description": None,
            "entity_type": "entity/GenericTable",
            "visibility_type": None,
            "active": True,
        }
        for position, (column, base_type) in enumerate(columns):
            field = call.stored.next_number()
            call.stored.fields[field] = {
                "id": field,
                "table_id": table,
                "name": column,
                "display_name": column.replace("_", " ").title(),
                "description": None,
                "base_type": base_type,
                "effective_type": base_type,
                "semantic_type": None,
                "fk_target_field_id": None,
                "has_field_values": "none",
                "visibility_type": "normal",
                "active": True,
                "position": position,
            }


def _fields_of(call: Call, table: int) -> list[Raw]:
    return [
        field for field in call.stored.fields.values() if field["table_id"] == table
    ]
