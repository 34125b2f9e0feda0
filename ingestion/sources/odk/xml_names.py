"""Names in XML, and as Central's OData spells them."""

import re

XFORMS = "{http://www.w3.org/2002/xforms}"
XHTML = "{http://www.w3.org/1999/xhtml}"
JAVAROSA = "{http://openrosa.org/javarosa}"
META = "meta"  # the block of identifiers in every submission; it holds no answers


def local_name(tag: str) -> str:
    """Return a tag without its namespace."""
    return tag.rpartition("}")[2]


def odata_name(name: str) -> str:
    """Return what OData calls the question `name`: letters, digits and underscores."""
    started = re.sub(r"^([^A-Za-z_])", r"_\1", name)
    return re.sub(r"[^A-Za-z0-9_]+", "_", started)


def odata_path(path: str) -> str:
    """Return a slash-separated path with every name in it as OData has it."""
    return "/".join(odata_name(name) for name in path.split("/"))
