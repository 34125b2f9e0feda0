"""What people do on the server, at the moment that it believes it is.

Nothing can be back-dated: Central writes its own time to everything.
"""

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.odk.service import Service, known_form
from sandbox.odk.stored.model import (
    CentralForm,
    Definition,
    FormDataError,
    Happening,
    Instance,
    Kind,
    ReviewState,
)
from sandbox.odk.stored.state import FormState, state_at
from sandbox.odk.stored.submission import Submission
from sandbox.odk.xforms.definitions import xform_xml


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sends.

    Attributes:
        answers: Text by path; of a repeat, a list of such.
        version: Version string of the form, None for the current one.
        by: Display name of the sender, None for the admin.
        files: Names of the files that come along.
        upload_lasts: How long a submission stays invisible though its
            `submissionDate` is already set: others overtake it.
    """

    answers: Mapping[str, Any]
    version: str | None = None
    by: str | None = None
    files: tuple[str, ...] = ()
    upload_lasts: timedelta = timedelta(0)


class Acts:
    """What people do on a server.

    Every method raises FormDataError where a real server would refuse, or where what
    is still to come in the form's life would become impossible.

    Args:
        service: The server.
        lock: Held by whoever reads or changes it.
    """

    def __init__(self, service: Service, lock: threading.RLock) -> None:
        self._service = service
        self._lock = lock

    def submit(self, form_id: str, sent: Sent) -> str:
        """Send a submission; return its root id."""
        state = self._state(form_id)
        root_id = self._new_id(state.form)
        instance = Instance(
            instance_id=root_id,
            version=sent.version or state.current.version,
            answers={**_given(sent.answers), "meta/instanceID": root_id},
            device_id=sent.answers.get("deviceid"),
        )
        lasts = sent.upload_lasts
        happening = self._happening(
            "add",
            root_id,
            instance=instance,
            by=sent.by or self._admin,
            files=sent.files,
            visible_at=self._now + lasts if lasts else None,
        )
        self._let_happen(form_id, happening)
        return root_id

    def edit(self, form_id: str, root_id: str, sent: Sent) -> str:
        """Change the answers of a submission that are sent; return the new instance id.

        An answer of None takes one out.
        """
        state = self._state(form_id)
        before = _found(state, root_id).current.instance
        new_id = self._new_id(state.form)
        meta = {"meta/instanceID": new_id, "meta/deprecatedID": before.instance_id}
        instance = Instance(
            instance_id=new_id,
            version=sent.version or state.current.version,
            answers=_given({**before.answers, **sent.answers, **meta}),
            device_id=before.device_id,
            deprecated_id=before.instance_id,
        )
        by = sent.by or self._admin
        happening = self._happening(
            "edit", root_id, instance=instance, by=by, files=sent.files
        )
        self._let_happen(form_id, happening)
        return new_id

    def review(self, form_id: str, root_id: str, review: ReviewState | None) -> None:
        """Set the review state of a submission; None is `received` again."""
        happening = self._happening("review", root_id, review=review)
        self._let_happen(form_id, happening)

    def delete(self, form_id: str, root_id: str) -> None:
        """Put a submission in the trash, for thirty days."""
        self._let_happen(form_id, self._happening("delete", root_id))

    def restore(self, form_id: str, root_id: str) -> None:
        """Take a submission out of the trash; no timestamp tells."""
        self._let_happen(form_id, self._happening("restore", root_id))

    def purge(self, form_id: str, root_id: str) -> None:
        """Delete for good what is in the trash; nothing tells."""
        self._let_happen(form_id, self._happening("purge", root_id))

    def attach(
        self, form_id: str, root_id: str, name: str, content: bytes | None = None
    ) -> None:
        """Send a file that the answers announce; no timestamp tells.

        Args:
            form_id: The xmlFormId.
            root_id: The submission's.
            name: As the answer names it.
            content: Its bytes, made up when left out.
        """
        happening = self._happening("attach", root_id, files=(name,))
        self._let_happen(form_id, happening)
        if content is not None:
            self._service.files[root_id, name] = content

    def clear(self, form_id: str, root_id: str, name: str) -> None:
        """Take a file off a submission that announces it still; no timestamp tells."""
        self._let_happen(form_id, self._happening("clear", root_id, files=(name,)))

    def publish(self, form_id: str, version: str, content: Mapping[str, Any]) -> None:
        """Publish a new version of a form.

        Args:
            form_id: The xmlFormId.
            version: A version string that the form never had.
            content: Survey, choices and translations as KoboToolbox shows them.
        """
        with self._lock:
            form = known_form(self._service.forms, form_id)
            xml = xform_xml(form_id, form.name, version, content)
            self._service.publish(form_id, Definition(version, self._now, xml))

    def close_form(self, form_id: str) -> None:
        """Let a form take no submissions any more; what it has stays readable."""
        with self._lock:
            known_form(self._service.forms, form_id)
            self._service.closed[form_id] = self._now

    def delete_form(self, form_id: str) -> None:
        """Put a form in the trash, with all its data."""
        with self._lock:
            known_form(self._service.forms, form_id)
            self._service.deleted[form_id] = self._now

    @property
    def _now(self) -> datetime:
        return self._service.now

    @property
    def _admin(self) -> str:
        return self._service.admin.email

    def _happening(self, kind: Kind, root_id: str, **more: Any) -> Happening:  # noqa: ANN401 - as Happening has them
        return Happening(self._now, kind, root_id, **{"by": self._admin, **more})

    def _let_happen(self, form_id: str, happening: Happening) -> None:
        with self._lock:
            known_form(self._service.forms, form_id)
            self._service.let_happen(form_id, happening)

    def _state(self, form_id: str) -> FormState:
        form = known_form(self._service.forms, form_id)
        return state_at(form, self._now)

    def _new_id(self, form: CentralForm) -> str:
        """Return an id; a phone draws it, here the same act gives the same."""
        name = f"{form.form_id}/{len(form.happenings)}"
        return f"uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def _given(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {path: answer for path, answer in answers.items() if answer is not None}


def _found(state: FormState, root_id: str) -> Submission:
    if root_id not in state.by_root:
        raise FormDataError(f"Form {state.form.form_id} has no submission {root_id}.")
    return state.by_root[root_id]
