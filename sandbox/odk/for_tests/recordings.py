"""Reading recorded exchanges of a real server."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

DOMAIN = "http://127.0.0.1:18383"
ADMIN = "admin@example.org"
VIEWER = "warehouse@example.org"


def at(text: str) -> datetime:
    """Return a moment of the hour in which everything was recorded, UTC."""
    return datetime.fromisoformat(f"2026-11-23T17:{text}+00:00").astimezone(UTC)


ASKED = at("50:20")  # nearly everything was asked when all had happened
NEVER = datetime(2100, 1, 1, tzinfo=UTC)


def recorded(folder: Path, name: str) -> dict[str, Any]:
    """Return one recorded exchange."""
    exchange: dict[str, Any] = json.loads((folder / f"{name}.json").read_text())
    return exchange


def body_of(folder: Path, name: str) -> Any:  # noqa: ANN401 - JSON
    """Return the JSON that was answered."""
    return recorded(folder, name)["response"]["body"]


def text_of(folder: Path, name: str) -> str:
    """Return the text that was answered."""
    text: str = recorded(folder, name)["response"]["body_text"]
    return text
