"""Publish the lists of one form: compare with what phones get now, send what differs.

Nothing is kept of what was sent: the server itself tells what it has, so a run that was
cut off, or a list that somebody changed by hand, is seen by the next run.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Engine

from ingestion.errors import MediaNotReadyError, RegistryError
from ingestion.landing import find_form
from ingestion.landing.bookkeeping.form_locks import hold_media
from ingestion.landing.bookkeeping.server_slots import hold_server
from ingestion.landing.progress import ProgressCallback, no_progress
from ingestion.landing.ready_warehouse import ready_warehouse
from ingestion.landing.source_of_form import media_of_form
from ingestion.media.families import ask_warehouse
from ingestion.media.lists import lists_of_form
from ingestion.registry import Form, Registry, load_registry
from ingestion.sources.media import FormMedia
from warehouse.logs import bound_contextvars

LOG = logging.getLogger(__name__)
OpenMedia = Callable[[Form], AbstractContextManager[FormMedia]]


@dataclass(frozen=True, slots=True)
class MediaReport:
    """What was done to the lists of one form.

    Attributes:
        form: Its name in the registry.
        form_id: Its id in the warehouse.
        sent: Lists that differed, each with its rows.
        unchanged: Lists that the server had already.
        is_dry_run: Whether nothing was sent in truth.
    """

    form: str
    form_id: str
    sent: dict[str, int]
    unchanged: list[str]
    is_dry_run: bool

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return asdict(self)


def forms_with_media(registry: Registry | None = None) -> list[str]:
    """Return the names of the forms whose lists we keep."""
    return [form.name for form in (registry or load_registry()).forms if form.media]


def publish_media(  # noqa: PLR0913 - what a test or a DAG may want to decide
    form_name: str,
    *,
    registry: Registry | None = None,
    engine: Engine | None = None,
    open_media: OpenMedia = media_of_form,
    dry_run: bool = False,
    allow_empty: bool = False,
    progress: ProgressCallback = no_progress,
) -> MediaReport:
    """Bring the lists of one form on its server up to date with the warehouse.

    Args:
        form_name: The form's name or role.
        registry: None loads it (see `load_registry`).
        engine: On the warehouse. None takes `WAREHOUSE_URL`.
        open_media: Opens the server's keeper of a form's lists.
        dry_run: Only compare.
        allow_empty: Send a list of families though there is none in all the marts.
        progress: Told what is being done.

    Raises:
        RegistryError: The registry switches on no lists for the form.
        MediaNotReadyError: The warehouse cannot tell what is in them, or would empty
            every list of families.
        SourceError: The server does not answer or refuses.
        FormBusyError, ServerBusyError: Others are at work.
    """
    registry = registry or load_registry()
    form = find_form(form_name, registry)
    if form.media is None:
        raise RegistryError(
            f"Form {form.name!r} has no lists to publish: say under `media` in its "
            "entry which it reads."
        )
    with (
        bound_contextvars(form=form.name, form_id=form.form_id),
        ready_warehouse(engine) as warehouse,
    ):
        known = ask_warehouse(warehouse, with_names=form.media.names)
        files = lists_of_form(form, registry.sites, known)
        if not (known.families or allow_empty):
            raise _no_families(form)
        with (
            hold_media(warehouse, form),
            hold_server(warehouse, form, progress, gives_way=True),
            open_media(form) as media,
        ):
            there = media.digests([file.name for file in files])
            differing = [file for file in files if there.get(file.name) != file.digest]
            if differing and not dry_run:
                media.replace(differing)
        LOG.info("%d of %d lists differed.", len(differing), len(files))
    sent = {file.name: file.row_count for file in differing}
    return MediaReport(
        form=form.name,
        form_id=form.form_id,
        sent=sent,
        unchanged=[file.name for file in files if file.name not in sent],
        is_dry_run=dry_run,
    )


def _no_families(form: Form) -> MediaNotReadyError:
    """Return why phones are not sent an empty list: nobody could keep a journal."""
    return MediaNotReadyError(
        f"The marts hold no family at all, so nothing was sent to form {form.name!r}: "
        "land and build first, or add --allow-empty where no family takes part any "
        "more, or none yet."
    )
