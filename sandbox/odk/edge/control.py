"""`POST /sandbox/events`: what people do on the server, told from outside.

The body is a JSON object: `kind`, `form` (the xmlFormId) and what the kind needs.

    submit        answers; perhaps version, by, files, upload_seconds
    edit          id (the root id), answers; perhaps version, files
    review        id, review (approved, rejected, hasIssues, or null)
    delete, restore, purge          id
    attach, clear                   id, name
    publish       version, content (as KoboToolbox shows a form's)
    close_form, delete_form

The answer is {"id": ...}: of a submission its root id, of an edit the new instance's.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sandbox.http_server.control import PREFIX, Control
from sandbox.http_server.exchange import refused
from sandbox.odk.acts import Acts, Sent
from sandbox.odk.stored.model import FormDataError, ReviewState
from sandbox.odk.xforms.definitions import DefinitionError

EVENTS = f"{PREFIX}events"
NEEDED = {
    "edit": ("id",),
    "review": ("id",),
    "delete": ("id",),
    "restore": ("id",),
    "purge": ("id",),
    "attach": ("id", "name"),
    "clear": ("id", "name"),
    "publish": ("version", "content"),
}


class Told(BaseModel):
    """Something that somebody does."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal[
        "submit",
        "edit",
        "review",
        "delete",
        "restore",
        "purge",
        "attach",
        "clear",
        "publish",
        "close_form",
        "delete_form",
    ]
    form: str
    id: str = ""
    answers: dict[str, Any] = {}
    review: ReviewState | None = None
    version: str = ""
    by: str = ""
    files: tuple[str, ...] = ()
    upload_seconds: float = Field(default=0, ge=0)
    name: str = ""
    content: dict[str, Any] = {}

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> "Told":
        for field in NEEDED.get(self.kind, ()):
            if not getattr(self, field):
                raise ValueError(f"{self.kind} needs {field}")
        return self


def event_control(acts: Acts) -> dict[str, Control]:
    """Return the controls that only this stand-in has."""

    def control(body: bytes) -> object:
        told = Told.model_validate_json(body)
        try:
            return {"id": DOINGS[told.kind](acts, told)}
        except (FormDataError, DefinitionError) as error:
            raise refused(409, {"detail": str(error)}) from None

    return {EVENTS: control}


def _sent(told: Told) -> Sent:
    return Sent(
        answers=told.answers,
        version=told.version or None,
        by=told.by or None,
        files=told.files,
        upload_lasts=timedelta(seconds=told.upload_seconds),
    )


DOINGS: dict[str, Callable[[Acts, Told], str | None]] = {
    "submit": lambda acts, told: acts.submit(told.form, _sent(told)),
    "edit": lambda acts, told: acts.edit(told.form, told.id, _sent(told)),
    "review": lambda acts, told: acts.review(told.form, told.id, told.review),
    "delete": lambda acts, told: acts.delete(told.form, told.id),
    "restore": lambda acts, told: acts.restore(told.form, told.id),
    "purge": lambda acts, told: acts.purge(told.form, told.id),
    "attach": lambda acts, told: acts.attach(told.form, told.id, told.name),
    "clear": lambda acts, told: acts.clear(told.form, told.id, told.name),
    "publish": lambda acts, told: acts.publish(told.form, told.version, told.content),
    "close_form": lambda acts, told: acts.close_form(told.form),
    "delete_form": lambda acts, told: acts.delete_form(told.form),
}
