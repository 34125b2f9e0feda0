"""What tables and columns mean, told to Metabase from the warehouse's own comments.

dbt writes the glossary there; the endings of column names say what kind of value it is.
"""

from collections.abc import Iterable, Mapping

from dashboards.metabase.access import Reader
from dashboards.metabase.applying.pen import Pen
from dashboards.metabase.there.reading import There
from dashboards.metabase.there.symbols import Raw
from dashboards.metabase.transport import Transport

SCHEMAS = frozenset({"share", "marts"})
SEMANTIC_TYPES = {  # by the whole name, or by how it ends
    "country_code": "type/Country",
    "_code": "type/Category",
    "_name": "type/Name",
    "_local": "type/Currency",
    "_usd": "type/Currency",
    "_usd_ppp": "type/Currency",
    "_share": "type/Percentage",
    "_count": "type/Quantity",
    "_score": "type/Score",
    "latitude": "type/Latitude",
    "longitude": "type/Longitude",
}
NUMBERS = frozenset({"type/Currency", "type/Percentage", "type/Quantity", "type/Score"})
Descriptions = Mapping[tuple[str, str, str | None], str]


def write_descriptions(
    transport: Transport,
    there: There,
    readers: Iterable[Reader],
    descriptions: Descriptions,
    pen: Pen,
) -> None:
    """Describe every table and column that each connection sees.

    Raises:
        MetabaseError: Metabase refuses one.
    """
    for reader in readers:
        number = there.symbols.databases.get(reader.role)
        if number is None:
            continue  # a dry run before the first
        path = f"/api/database/{number}/metadata?include_hidden=true"
        for table in transport.get(path)["tables"]:
            if table["schema"] in SCHEMAS:
                _describe(transport, table, descriptions, pen)


def _describe(
    transport: Transport, table: Raw, descriptions: Descriptions, pen: Pen
) -> None:
    place = (table["schema"], table["name"])
    said = descriptions.get((*place, None))
    name = ".".join(place)
    if said and said != table.get("description"):
        path = f"/api/table/{table['id']}"
        pen.write(
            "description",
            name,
            "set",
            lambda: transport.put(path, {"description": said}),
        )
    for column in table.get("fields") or []:
        said = descriptions.get((*place, column["name"]))
        changed = _column_changes(column, said)
        if changed:
            _put(transport, f"{name}.{column['name']}", column["id"], changed, pen)


def _put(transport: Transport, name: str, number: int, changed: Raw, pen: Pen) -> None:
    path = f"/api/field/{number}"
    pen.write("description", name, "set", lambda: transport.put(path, changed))


def _column_changes(column: Raw, said: str | None) -> Raw:
    changed: Raw = {}
    if said and said != column.get("description"):
        changed["description"] = said
    kind = semantic_type(column["name"], str(column.get("base_type")))
    # A key that Metabase has found joins tables; that is worth more than a category.
    if kind and column.get("semantic_type") not in {kind, "type/PK", "type/FK"}:
        changed["semantic_type"] = kind
    return changed


def semantic_type(name: str, base_type: str) -> str | None:
    """Return what Metabase calls this kind of value, going by the column's name."""
    kind = SEMANTIC_TYPES.get(name) or next(
        (
            SEMANTIC_TYPES[ending]
            for ending in sorted(SEMANTIC_TYPES, key=len, reverse=True)
            if ending.startswith("_") and name.endswith(ending)
        ),
        None,
    )
    is_text = base_type in {"type/Text", "type/*"}
    return None if is_text and kind in NUMBERS else kind
