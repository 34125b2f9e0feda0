"""What dbt says of an error, without the rows that the database repeats in it.

Postgres quotes what it could not read, and names keys and whole rows beside it. Both
are answers of families, and what dbt says ends in logs, in `ops.dbt_results` and in
mails of alerts.
"""

import json
import re
from pathlib import Path

MASK = '"..."'
# How an error of dbt begins, and how it ends where it is of a model or a test.
HEADING = re.compile(r"^\s*(?:\d\d:\d\d:\d\d\s+)?[\w ]+ Error\b[^\"]*$")
END = re.compile(r"^\s*compiled code at \S+\s*$")
# Of dbt's own reading of the project: no row has been looked at.
OF_PROJECT = re.compile(r"\b(?:Compilation|Parsing|Dependency|Recursion) Error\b")
# A name of something in the database tells what to mend, and of nobody.
NAME = re.compile(
    r"\b(?:aggregate|column|constraint|database|extension|function|index|language"
    r"|operator|relation|role|schema|sequence|table|trigger|type|view|index expression)"
    r' "[A-Za-z0-9_.$]+"'
)
# What a server quotes with, whatever language it speaks. An apostrophe is none.
QUOTATION = re.compile(r"[\"\u00ab\u00bb\u201c-\u201f\u2018\u201a\u201b]|(?<!\w)'")
AFTER_VALUE = re.compile(r" is out of range for type \w+$")


def without_values(message: str) -> str:
    """Return an error of dbt without values of rows.

    Of each error the line that says what is wrong stays, up to what it quotes and is no
    name in the database: a value may have quotation marks, and lines, of its own, and
    all that the server adds in further lines has values as well.

    Args:
        message: One error or several, each after a heading of dbt's.
    """
    kept: list[str] = []
    is_said = False
    for line in message.split("\n"):
        if not kept and OF_PROJECT.search(line):
            return message
        if END.match(line):
            kept.append(line)
            is_said = False
        elif not is_said and line.strip():
            kept.append(_masked(line))
            is_said = not (HEADING.match(line) or line.endswith(":"))
    return "\n".join(kept)


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


def _masked(line: str) -> str:
    names = [match.span() for match in NAME.finditer(line)]
    mark = next(
        (
            match.start()
            for match in QUOTATION.finditer(line)
            if not any(start <= match.start() < end for start, end in names)
        ),
        None,
    )
    if mark is None:
        return line
    after = AFTER_VALUE.search(line)
    return line[:mark] + MASK + (after.group() if after else "")
