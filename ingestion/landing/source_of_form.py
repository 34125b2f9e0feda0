"""From a registered form to the adapter that reads it."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from ingestion.errors import RegistryError
from ingestion.registry import Form
from ingestion.registry.entries import FilesServer
from ingestion.sources.base import FormSource
from ingestion.sources.connections import find_connection
from ingestion.sources.files import FilesSource
from ingestion.sources.http import TIMEOUT, PatientClient
from ingestion.sources.kobo import KoboSource

AnswersOf = Callable[[Mapping[str, Any]], Mapping[str, Any]]

FILES_ROOT_VARIABLE = "JOURNAL_FILES_ROOT"


def _as_sent(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    return payload


# How a kind of server writes answers -> by slash-separated path.
ANSWERS_OF: dict[str, AnswersOf] = {"kobo": _as_sent, "files": _as_sent}


def answers_of(kind: str) -> AnswersOf:
    """Return the function from a payload of this kind of server to answers by path."""
    return ANSWERS_OF[kind]


@contextmanager
def source_of_form(form: Form) -> Iterator[FormSource]:
    """Yield an adapter for `form`, open as long as the block runs.

    Raises:
        ConnectionMissingError: Its server's connection is not configured.
    """
    if isinstance(form.server, FilesServer):
        yield _files_source(form, form.server)
        return
    connection = find_connection(form.server.connection)
    with httpx.Client(
        base_url=connection.host,
        headers={
            "Authorization": f"Token {connection.token}",
            "Accept": "application/json",
        },
        timeout=TIMEOUT,
        follow_redirects=False,
    ) as client:
        name = f"Kobo server {form.server_name!r} at {connection.host}"
        yield KoboSource(PatientClient(name, client), form.form_id, connection.name)


def _files_source(form: Form, server: FilesServer) -> FilesSource:
    if form.field_map.record_id is None:
        raise RegistryError(
            f"The field map of form {form.name!r} names no record_id: add the column "
            "that identifies a row."
        )
    root = Path(os.environ.get(FILES_ROOT_VARIABLE) or ".")
    return FilesSource(
        root / server.path / f"{form.form_id}.csv",
        form.field_map.record_id,
        form.field_map.received_at,
    )
