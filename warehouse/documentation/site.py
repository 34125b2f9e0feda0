"""The pages for people who query the warehouse: static, offline, one index."""

import csv
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from warehouse.documentation import cookbook
from warehouse.documentation.areas import AREAS
from warehouse.documentation.catalogue import SCHEMAS, TableEntry, catalogue
from warehouse.documentation.diagram import draw
from warehouse.documentation.metrics import LANGUAGES, conventions, metrics

TEMPLATES = Path(__file__).parent / "templates"
PAGES = ("index", "dictionary", "diagram", "metrics", "cookbook")
DBT_PAGE = "dbt.html"


def write_site(target: Path, out: Path) -> Path:
    """Write every page and return the index.

    Args:
        target: dbt's target folder, after `dbt docs generate --static`.
        out: The folder of the pages; made anew.
    """
    manifest = json.loads((target / "manifest.json").read_text())
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for name, page in pages(catalogue(manifest)).items():
        (out / name).write_text(page)
    shutil.copy(TEMPLATES / "style.css", out)
    dbt_page = target / "static_index.html"
    if dbt_page.exists():
        shutil.copy(dbt_page, out / DBT_PAGE)
    return out / "index.html"


def pages(tables: Sequence[TableEntry]) -> dict[str, str]:
    """Return each page's HTML by its file name."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["coded"] = _coded
    contents = {
        "tables": tables,
        "table_names": {table.full_name for table in tables},
        "schemas": SCHEMAS,
        "drawings": [draw(area, names, tables) for area, names in AREAS.items()],
        "metrics": metrics(),
        "conventions": conventions(),
        "languages": LANGUAGES,
        "recipes": cookbook.recipes(),
        "topics": cookbook.TOPICS,
        "rows_of": _rows,
        "dbt_page": DBT_PAGE,
    }
    return {
        f"{name}.html": templates.get_template(f"{name}.html.j2").render(contents)
        for name in PAGES
    }


def _coded(said: str) -> Markup:
    """Return the text with what stands between backticks shown as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(said))))  # noqa: S704 - escaped first


def _rows(recipe: cookbook.Recipe) -> list[list[str]]:
    return list(csv.reader(recipe.expected.splitlines()))
