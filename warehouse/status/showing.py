"""Print the status: a table for people, objects for programs."""

import json
from collections.abc import Sequence

import typer

from warehouse.status.line import Line


def say(lines: Sequence[Line], *, as_json: bool) -> None:
    """Print every line."""
    width = max((len(line.part) for line in lines), default=0)
    for line in lines:
        if as_json:
            typer.echo(json.dumps(line.as_dict(), ensure_ascii=False))
        else:
            typer.echo(f"{line.state:<6} {line.part:<{width}}  {line.said}")
