"""The JSON Schema of specs: what an editor offers and underlines while one types."""

import json
from pathlib import Path

from dashboards.spec import Dashboard

SCHEMA_PATH = Path(__file__).with_name("spec.schema.json")


def schema_text() -> str:
    """Return the schema as the file holds it."""
    schema = Dashboard.model_json_schema()
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
