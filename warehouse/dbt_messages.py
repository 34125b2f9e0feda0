"""What dbt says of an error, without the rows that the database repeats in it.

Postgres quotes what it could not read, and names keys and whole rows beside it. Both
are answers of families, and what dbt says ends in logs, in `ops.dbt_results` and in
mails of alerts.
"""

import json
import re
from pathlib import Path

MASK = '"..."'
# What Postgres adds to its one line, each of it with values or the query that has them.
ADDED = re.compile(r"^\s*(DETAIL|HINT|CONTEXT|QUERY|WHERE|LINE \d+)\s*:")
# Where dbt goes on.
OF_DBT = re.compile(r"^\s*compiled code at \S+\s*$")
HEADING = re.compile(r"^\s*(?:\d\d:\d\d:\d\d\s+)?[\w ]+ Error\b[^\"]*$")
# A name of something in the database tells what to mend, and of nobody.
NAME = re.compile(
    r"\b(?:aggregate|column|constraint|database|extension|function|index|language"
    r"|operator|relation|role|schema|sequence|table|trigger|type|view|index expression)"
    r' "[A-Za-z0-9_.$]+"'
)


def without_values(message: str) -> str:
    """Return an error of dbt without values of rows.

    Each error keeps the line that says what is wrong. From its first quotation that is
    no name in the database to its last, it is masked: a value may have quotation marks,
    and lines, of its own.

    Args:
        message: One error or several, each after a heading of dbt's.
    """
    kept: list[str] = []
    said: list[str] = []
    is_added = False
    for line in message.split("\n"):
        if HEADING.match(line) or OF_DBT.match(line):
            kept += [*_masked(said), line]
            said, is_added = [], False
        elif is_added or ADDED.match(line):
            is_added = True
        else:
            said.append(line)
    return "\n".join([*kept, *_masked(said)])


def mask_results(target_dir: Path) -> None:
    """Take values out of the errors in dbt's file of results, where it wrote one."""
    path = target_dir / "run_results.json"
    if not path.exists():
        return
    content = json.loads(path.read_text(encoding="utf-8"))
    for result in content["results"]:
        if result.get("message"):
            result["message"] = without_values(result["message"])
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content), encoding="utf-8")
    partial.replace(path)


def _masked(lines: list[str]) -> list[str]:
    text = "\n".join(lines)
    names = [match.span() for match in NAME.finditer(text)]
    marks = [
        match.start()
        for match in re.finditer('"', text)
        if not any(start <= match.start() < end for start, end in names)
    ]
    if not marks:
        return lines
    # One mark alone: the value goes on to the end.
    end = marks[-1] + 1 if marks[1:] else len(text)
    return (text[: marks[0]] + MASK + text[end:]).split("\n")
