"""From a registered form to the adapter that reads it."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any

import httpx

from ingestion.errors import RegistryError
from ingestion.registry import Form
from ingestion.registry.entries import FilesServer, KoboServer, OdkServer
from ingestion.sources.base import FormSource
from ingestion.sources.connections import LOGIN, Connection, find_connection
from ingestion.sources.files import FilesSource
from ingestion.sources.http import TIMEOUT, PatientClient
from ingestion.sources.kobo import KoboMedia, KoboSource
from ingestion.sources.media import FormMedia
from ingestion.sources.odk import OdkMedia, OdkSource, SessionAuth
from ingestion.sources.odk import read_answers as read_odk_answers
from ingestion.sources.odk.source import PATIENCE as ODK_PATIENCE
from ingestion.sources.writing import WritingClient

AnswersOf = Callable[[Mapping[str, Any]], Mapping[str, Any]]
OpenSource = Callable[[Form], AbstractContextManager[FormSource]]

FILES_ROOT_VARIABLE = "JOURNAL_FILES_ROOT"


def _as_sent(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    return payload


# How a kind of server writes answers -> by slash-separated path.
ANSWERS_OF: dict[str, AnswersOf] = {
    "kobo": _as_sent,
    "odk": read_odk_answers,
    "files": _as_sent,
}


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
    elif isinstance(form.server, OdkServer):
        with _odk_source(form, form.server) as source:
            yield source
    else:
        with _kobo_source(form, form.server) as source:
            yield source


@contextmanager
def media_of_form(form: Form) -> Iterator[FormMedia]:
    """Yield the server's keeper of the lists of `form`, open while the block runs.

    Raises:
        ConnectionMissingError: The connection is not configured.
        RegistryError: Its server keeps no lists.
    """
    server = form.server
    if isinstance(server, FilesServer):
        raise RegistryError(
            f"Form {form.name!r} comes from a folder of files, which keeps no lists: "
            "remove `media` from its entry."
        )
    name = server.media_connection or server.connection
    if isinstance(server, OdkServer):
        connection = find_connection(name, needs=LOGIN)
        with _odk_client(form, connection) as (called, client):
            yield OdkMedia(
                WritingClient(called, client, ODK_PATIENCE),
                server.project,
                form.source_key,
                connection.name,
            )
    else:
        connection = find_connection(name)
        with _kobo_client(form, connection) as (called, client):
            yield KoboMedia(
                WritingClient(called, client), form.source_key, connection.name
            )


@contextmanager
def _kobo_source(form: Form, server: KoboServer) -> Iterator[FormSource]:
    connection = find_connection(server.connection)
    with _kobo_client(form, connection) as (name, client):
        yield KoboSource(
            PatientClient(name, client),
            form.source_key,
            connection.name,
            with_attachments=form.attachments is not None,
        )


@contextmanager
def _odk_source(form: Form, server: OdkServer) -> Iterator[FormSource]:
    connection = find_connection(server.connection, needs=LOGIN)
    with _odk_client(form, connection) as (name, client):
        yield OdkSource(
            PatientClient(name, client, ODK_PATIENCE),
            server.project,
            form.source_key,
            connection.name,
        )


@contextmanager
def _kobo_client(
    form: Form, connection: Connection
) -> Iterator[tuple[str, httpx.Client]]:
    """Yield the server's name in messages, and a client that carries the token."""
    with httpx.Client(
        base_url=connection.host,
        headers={
            "Authorization": f"Token {connection.password}",
            "Accept": "application/json",
        },
        timeout=TIMEOUT,
        follow_redirects=False,
    ) as client:
        yield f"Kobo server {form.server_name!r} at {connection.host}", client


@contextmanager
def _odk_client(
    form: Form, connection: Connection
) -> Iterator[tuple[str, httpx.Client]]:
    """Yield the server's name in messages, and a client that logs in and out."""
    name = f"ODK Central {form.server_name!r} at {connection.host}"
    session = SessionAuth(connection, name)
    with httpx.Client(
        base_url=connection.host,
        auth=session,
        # The session is in a header; a cookie beside it would be a second one.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        timeout=TIMEOUT,
        follow_redirects=False,
    ) as client:
        try:
            yield name, client
        finally:
            session.log_out(client)


def files_folder(server: FilesServer) -> Path:
    """Return the folder in which the files of a server lie."""
    return Path(os.environ.get(FILES_ROOT_VARIABLE) or ".") / server.path


def record_id_of(form: Form) -> tuple[str, ...]:
    """Return the columns that together identify a row of `form`.

    Raises:
        RegistryError: Its field map names none.
    """
    if not form.field_map.record_id:
        raise RegistryError(
            f"The field map of form {form.name!r} names no record_id: add the column "
            "that identifies a row, or the list of columns that do so together."
        )
    return form.field_map.record_id


def _files_source(form: Form, server: FilesServer) -> FilesSource:
    return FilesSource.of_form(
        files_folder(server),
        form.source_key,
        record_id_of(form),
        form.field_map.received_at,
        sheet=form.sheet,
        known=form.field_map.known_paths(None),
        expected=[question.paths for question in form.field_map.questions(None)],
    )
