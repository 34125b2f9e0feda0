"""Running a command as a person does, in this process."""

import json
from typing import Any, Protocol

from typer.testing import CliRunner

from ingestion.command_line.app import app


class SetConnection(Protocol):
    """Changes host or token of the test server's connection."""

    def __call__(self, host: str | None = None, token: str | None = None) -> None: ...


def run(*arguments: str, columns: int = 80) -> tuple[int, str, str]:
    """Return exit code, output and errors of a command."""
    result = CliRunner(env={"COLUMNS": str(columns)}).invoke(app, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def objects(out: str) -> list[dict[str, Any]]:
    """Return the JSON objects of an output, one per line."""
    return [json.loads(line) for line in out.splitlines()]
