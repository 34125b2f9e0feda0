"""Tables and answers as files."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path


def write_table(path: Path, rows: Sequence[dict[str, str]]) -> None:
    """Write `rows` as CSV; the first row's keys are the header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows(rows)


def write_json(path: Path, content: object) -> None:
    """Write `content` as JSON that people can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
