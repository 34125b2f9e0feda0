"""The OData metadata document: tables, their columns and types."""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from sandbox.http_server.exchange import Answer, RefusedError
from sandbox.odk.call import Call
from sandbox.odk.exchange import XML_TYPE
from sandbox.odk.tables.selected import SYSTEM
from sandbox.odk.xforms.fields import Field, sanitised

EDMX = "http://docs.oasis-open.org/odata/ns/edmx"
EDM = "http://docs.oasis-open.org/odata/ns/edm"
OF_SUBMISSION = "org.opendatakit.submission"
TYPES = {
    "int": "Edm.Int64",
    "decimal": "Edm.Decimal",
    "geopoint": "Edm.GeographyPoint",
    "geotrace": "Edm.GeographyLineString",
    "geoshape": "Edm.GeographyPolygon",
    "date": "Edm.Date",
    "dateTime": "Edm.DateTimeOffset",
}
SYSTEM_TYPES = {
    "submissionDate": "Edm.DateTimeOffset",
    "updatedAt": "Edm.DateTimeOffset",
    "deletedAt": "Edm.DateTimeOffset",
    "attachmentsPresent": "Edm.Int64",
    "attachmentsExpected": "Edm.Int64",
    "edits": "Edm.Int64",
    "status": f"{OF_SUBMISSION}.Status",
    "reviewState": f"{OF_SUBMISSION}.ReviewState",
}
ENUMS = {
    "Status": ("notDecrypted", "missingEncryptedFormData"),
    "ReviewState": ("hasIssues", "edited", "rejected", "approved"),
}
ONLY_XML = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<error code="406.1">\n'
    b"  <message>Requested format not acceptable; this resource allows: "
    b"application&#x2F;xml,atom.</message>\n"
    b"  <details>[object Object]</details>\n</error>"
)


def metadata(call: Call, project: str, form_id: str) -> Answer:
    """Return tables and types of the form's current version."""
    state = call.published(project, form_id)
    if call.request.params.get("$format") == "json":
        raise RefusedError(Answer(406, ONLY_XML, "text/xml; charset=utf-8"))
    root = ET.Element(f"{{{EDMX}}}Edmx", Version="4.0")
    services = ET.SubElement(root, f"{{{EDMX}}}DataServices")
    _system_schema(services)
    name = sanitised(form_id)
    _form_schema(services, name, state.current.schema.roots)
    ET.register_namespace("edmx", EDMX)
    ET.register_namespace("", EDM)
    body = ET.tostring(root, encoding="unicode")
    return Answer(
        200, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode(), XML_TYPE
    )


def _system_schema(services: ET.Element) -> None:
    schema = _element(services, "Schema", Namespace=OF_SUBMISSION)
    block = _element(schema, "ComplexType", Name="metadata")
    for name in SYSTEM:
        _element(
            block, "Property", Name=name, Type=SYSTEM_TYPES.get(name, "Edm.String")
        )
    for name, members in ENUMS.items():
        enum = _element(schema, "EnumType", Name=name)
        for member in members:
            _element(enum, "Member", Name=member)


def _form_schema(services: ET.Element, name: str, roots: Sequence[Field]) -> None:
    base = f"org.opendatakit.user.{name}"
    schema = _element(services, "Schema", Namespace=base)
    main = _entity(schema, "Submissions")
    _element(main, "Property", Name="__system", Type=f"{OF_SUBMISSION}.metadata")
    _columns(main, base, roots)
    tables = ["Submissions"]
    for field in _structures(roots):
        dotted = field.shown_path.replace("/", ".")
        if field.kind == "repeat":
            table = f"Submissions.{dotted}"
            around = (one for one in reversed(tables) if table.startswith(f"{one}."))
            parent = f"__{next(around).replace('.', '-')}-id"
            block = _entity(schema, table)
            _element(block, "Property", Name=parent, Type="Edm.String")
            tables.append(table)
        else:
            block = _element(schema, "ComplexType", Name=dotted)
        _columns(block, base, field.children)
    container = _element(schema, "EntityContainer", Name=name)
    for table in tables:
        _element(container, "EntitySet", Name=table, EntityType=f"{base}.{table}")


def _entity(schema: ET.Element, name: str) -> ET.Element:
    entity = _element(schema, "EntityType", Name=name)
    _element(_element(entity, "Key"), "PropertyRef", Name="__id")
    _element(entity, "Property", Name="__id", Type="Edm.String")
    return entity


def _columns(block: ET.Element, base: str, fields: Sequence[Field]) -> None:
    for field in fields:
        dotted = field.shown_path.replace("/", ".")
        if field.kind == "repeat":
            kind = f"Collection({base}.Submissions.{dotted})"
            _element(block, "NavigationProperty", Name=field.shown_name, Type=kind)
            continue
        is_group = field.kind == "structure"
        kind = f"{base}.{dotted}" if is_group else TYPES.get(field.kind, "Edm.String")
        _element(block, "Property", Name=field.shown_name, Type=kind)


def _structures(fields: Sequence[Field]) -> Iterator[Field]:
    for field in fields:
        if field.children:
            yield field
            yield from _structures(field.children)


def _element(parent: ET.Element, name: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{EDM}}}{name}", attributes)
