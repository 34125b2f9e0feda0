"""What commands print: sentences for people, one JSON object per line for programs."""

import json
from typing import Any

import typer
from rich.console import Console

console = Console()
errors = Console(stderr=True)


def say(sentence: str) -> None:
    """Print a sentence in full, however narrow the terminal is."""
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)


def say_error(sentence: str) -> None:
    """Print what went wrong, where errors go."""
    errors.print(sentence, style="red", highlight=False, markup=False, soft_wrap=True)


def say_json(value: dict[str, Any]) -> None:
    """Print one object on one line."""
    typer.echo(json.dumps(value, default=str, ensure_ascii=False))
