"""What the database says of itself: relations, owners, and who was granted what."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

# Functions of Postgres that anybody may call unless that is taken away, by which a
# reader could leave something behind, hold up the others, or hide what is read.
HARMFUL = (
    "lo_creat",
    "lo_create",
    "lo_from_bytea",
    "pg_advisory_%",
    "pg_try_advisory_%",
    "query_to_xml%",
    "cursor_to_xml%",
    "table_to_xml%",
    "schema_to_xml%",
    "database_to_xml%",
)
_OUR_SCHEMAS = """
(
    schemas.nspname in (
        'raw', 'pii', 'ops', 'staging', 'intermediate', 'marts', 'share', 'reference',
        'access'
    )
    or schemas.nspname like 'release\\_%'
)
"""

READ_RELATIONS = text(f"""
select
    schemas.nspname as schema_name,
    relations.relname as relation_name,
    relations.relkind::text as kind,
    pg_get_userbyid(relations.relowner) as owner,
    array(
        select columns.attname::text
        from pg_attribute as columns
        where
            columns.attrelid = relations.oid
            and columns.attnum > 0
            and not columns.attisdropped
        order by columns.attnum
    ) as columns
from pg_class as relations
inner join pg_namespace as schemas on relations.relnamespace = schemas.oid
where relations.relkind in ('r', 'p', 'v', 'm') and {_OUR_SCHEMAS}
order by 1, 2
""")  # noqa: S608 - our own names
READ_SCHEMAS = text(f"""
select schemas.nspname as schema_name, pg_get_userbyid(schemas.nspowner) as owner
from pg_namespace as schemas
where {_OUR_SCHEMAS}
order by 1
""")  # noqa: S608 - our own names
READ_FUNCTIONS = text(f"""
select
    schemas.nspname as schema_name,
    functions.oid::regprocedure::text as signature,
    pg_get_userbyid(functions.proowner) as owner
from pg_proc as functions
inner join pg_namespace as schemas on functions.pronamespace = schemas.oid
where
    {_OUR_SCHEMAS}
    or (schemas.nspname = 'pg_catalog' and functions.proname like any(:harmful))
order by 1, 2
""")  # noqa: S608 - our own names

# Every grant on them, whoever has it, but those that an owner has by being it.
READ_GRANTS = text(f"""
with

objects (kind, object_name, owner_id, acl) as (

    select
        'database',
        quote_ident(datname),
        datdba,
        coalesce(datacl, acldefault('d', datdba))
    from pg_database
    where datname = current_database()

    union all

    select
        'schema',
        quote_ident(schemas.nspname),
        schemas.nspowner,
        coalesce(schemas.nspacl, acldefault('n', schemas.nspowner))
    from pg_namespace as schemas
    where schemas.nspname = 'public' or {_OUR_SCHEMAS}

    union all

    select
        'table',
        format('%I.%I', schemas.nspname, relations.relname),
        relations.relowner,
        relations.relacl
    from pg_class as relations
    inner join pg_namespace as schemas on relations.relnamespace = schemas.oid
    where relations.relkind in ('r', 'p', 'v', 'm') and {_OUR_SCHEMAS}

    union all

    select
        'column ' || quote_ident(columns.attname),
        format('%I.%I', schemas.nspname, relations.relname),
        relations.relowner,
        columns.attacl
    from pg_attribute as columns
    inner join pg_class as relations on columns.attrelid = relations.oid
    inner join pg_namespace as schemas on relations.relnamespace = schemas.oid
    where columns.attacl is not null and not columns.attisdropped and {_OUR_SCHEMAS}

    union all

    select
        'function',
        functions.oid::regprocedure::text,
        functions.proowner,
        coalesce(functions.proacl, acldefault('f', functions.proowner))
    from pg_proc as functions
    inner join pg_namespace as schemas on functions.pronamespace = schemas.oid
    where
        {_OUR_SCHEMAS}
        or (schemas.nspname = 'pg_catalog' and functions.proname like any(:harmful))

    union all

    select
        'language',
        quote_ident(lanname),
        lanowner,
        coalesce(lanacl, acldefault('l', lanowner))
    from pg_language
    where lanname = 'plpgsql'

)

select
    objects.kind,
    objects.object_name,
    coalesce(roles.rolname, 'public') as grantee,
    lower(grants.privilege_type) as privilege
from
    objects,
    aclexplode(objects.acl) as grants
left join pg_roles as roles on grants.grantee = roles.oid
where grants.grantee <> objects.owner_id
""")  # noqa: S608 - our own names


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view, and who owns it; `kind` is `pg_class.relkind`."""

    schema_name: str
    relation_name: str
    kind: str
    owner: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function; its signature names its schema unless that is Postgres' own."""

    schema_name: str
    signature: str
    owner: str


@dataclass(frozen=True, order=True, slots=True)
class Grant:
    """A privilege that somebody was granted.

    Attributes:
        kind: database, schema, table, function, language or `column` and its name.
        object_name: As SQL writes it.
        grantee: A role; `public` is everybody.
        privilege: In small letters.
    """

    kind: str
    object_name: str
    grantee: str
    privilege: str

    @property
    def clause(self) -> str:
        """Return what stands between `grant` and the name of who gets it."""
        kind, _, column = self.kind.partition(" ")
        if kind == "column":
            return f"{self.privilege} ({column}) on table {self.object_name}"
        return f"{self.privilege} on {kind} {self.object_name}"


def read_grants(connection: Connection) -> set[Grant]:
    """Return every grant on the warehouse and what is in it."""
    rows = connection.execute(READ_GRANTS, {"harmful": list(HARMFUL)})
    return {Grant(*row) for row in rows}


def read_relations(connection: Connection) -> list[Relation]:
    """Return every table and view of the warehouse's schemas."""
    return [
        Relation(row[0], row[1], row[2], row[3], tuple(row[4]))
        for row in connection.execute(READ_RELATIONS)
    ]


def read_schemas(connection: Connection) -> dict[str, str]:
    """Return the warehouse's schemas that there are, and their owners."""
    return {row[0]: row[1] for row in connection.execute(READ_SCHEMAS)}


def read_functions(connection: Connection) -> Sequence[Function]:
    """Return the warehouse's functions, and Postgres' that may do harm."""
    rows = connection.execute(READ_FUNCTIONS, {"harmful": list(HARMFUL)})
    return [Function(*row) for row in rows]
