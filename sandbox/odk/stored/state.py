"""What a form holds at a moment: what happened up to then, played in order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sandbox.odk.stored.model import (
    CentralForm,
    Definition,
    FormDataError,
    Happening,
    Instance,
)
from sandbox.odk.stored.submission import (
    ENCRYPTED_FILE,
    StoredInstance,
    Submission,
    announced,
)

TRASH_DAYS = timedelta(days=30)


@dataclass(frozen=True)
class FormState:
    """A form at a moment.

    Attributes:
        form: The form with its whole life.
        moment: UTC.
        definitions: Published by then, oldest first.
        submissions: Live ones and those in the trash, newest first.
    """

    form: CentralForm
    moment: datetime
    definitions: tuple[Definition, ...]
    submissions: tuple[Submission, ...]

    @property
    def is_published(self) -> bool:
        """Return whether any version had been published."""
        return bool(self.definitions)

    @property
    def current(self) -> Definition:
        """Return the version that is shown: the newest, else the first draft."""
        return self.definitions[-1] if self.definitions else self.form.definitions[0]

    @cached_property
    def live(self) -> tuple[Submission, ...]:
        """Return the submissions outside the trash, newest first."""
        return tuple(one for one in self.submissions if one.deleted_at is None)

    @cached_property
    def by_root(self) -> Mapping[str, Submission]:
        """Return the submissions by their root id."""
        return {one.root_id: one for one in self.submissions}

    @cached_property
    def by_instance(self) -> Mapping[str, Submission]:
        """Return the submissions by the id of each of their versions."""
        return {
            stored.instance.instance_id: one
            for one in self.submissions
            for stored in one.stored
        }


def state_at(form: CentralForm, moment: datetime) -> FormState:
    """Return the state of `form` at `moment`.

    Raises:
        FormDataError: Something happened that contradicts what was before.
    """
    played = _Played(form)
    for happening in form.happenings:
        if happening.at > moment:
            break
        played.play(happening)
    played.empty_trash(moment)
    visible = [one for one in played.kept.values() if one.visible_at <= moment]
    visible.sort(key=lambda one: one.order, reverse=True)
    definitions = tuple(one for one in form.definitions if one.published_at <= moment)
    return FormState(form, moment, definitions, tuple(visible))


def check_form(form: CentralForm) -> None:
    """Refuse a form whose life could not have happened.

    Raises:
        FormDataError: Names the form, what is wrong and where.
    """
    moments = [one.at for one in form.happenings]
    if moments != sorted(moments):
        raise FormDataError(f"What happened in {form.form_id} is not in order of time.")
    _check_definitions(form)
    if moments:
        state_at(form, moments[-1])


def _check_definitions(form: CentralForm) -> None:
    kinds: dict[str, str] = {}
    versions: set[str] = set()
    for definition in form.definitions:
        if definition.version in versions:
            raise FormDataError(
                f"Form {form.form_id} has two versions {definition.version}: "
                "Central takes a version string once (409.6)."
            )
        versions.add(definition.version)
        for path, kind in definition.schema.kinds.items():
            if kinds.setdefault(path, kind) != kind:
                raise FormDataError(
                    f"Form {form.form_id}, version {definition.version}: {path} was "
                    f"{kinds[path]} and becomes {kind}, which Central refuses (400.17)."
                )


class _Played:
    """The submissions of a form after some of what happened.

    Attributes:
        kept: Those that are not purged, by root id.
    """

    def __init__(self, form: CentralForm) -> None:
        self.kept: dict[str, Submission] = {}
        self._form = form
        self._count = 0
        self._players: dict[str, Callable[[Submission, Happening], None]] = {
            "edit": self._edit,
            "review": self._review,
            "delete": self._delete,
            "restore": self._restore,
            "purge": self._purge,
            "attach": self._attach,
            "clear": self._clear,
        }

    def play(self, happening: Happening) -> None:
        """Let one more thing happen."""
        self.empty_trash(happening.at, happening.root_id)
        if happening.kind == "add":
            self._add(happening)
            return
        submission = self.kept.get(happening.root_id)
        if submission is None:
            raise self._error(happening, "it is not there")
        self._players[happening.kind](submission, happening)
        submission.happened.append(happening)

    def empty_trash(self, moment: datetime, root_id: str | None = None) -> None:
        """Purge what has been in the trash too long; of one submission alone, if named.

        The real server does so at night.
        """
        looked_at = [root_id] if root_id else list(self.kept)
        for key in looked_at:
            submission = self.kept.get(key)
            if submission is None or submission.deleted_at is None:
                continue
            if submission.deleted_at + TRASH_DAYS <= moment:
                del self.kept[key]

    def _add(self, happening: Happening) -> None:
        if happening.root_id in self.kept:
            raise self._error(happening, "it is there already")
        stored = self._stored(happening)
        if stored.instance.instance_id != happening.root_id:
            raise self._error(happening, "its instanceID is not its root id")
        self._count += 1
        self.kept[happening.root_id] = Submission(
            number=self._count,
            root_id=happening.root_id,
            created_at=happening.at,
            visible_at=happening.visible_at or happening.at,
            stored=[stored],
            present=set(happening.files),
            happened=[happening],
        )

    def _edit(self, submission: Submission, happening: Happening) -> None:
        self._must_be_live(submission, happening)
        stored = self._stored(happening)
        before = submission.current.instance.instance_id
        if stored.instance.deprecated_id != before:
            raise self._error(happening, f"its deprecatedID is not {before}")
        submission.stored.append(stored)
        submission.present |= set(happening.files)
        submission.updated_at = happening.at
        submission.review = "edited"

    def _review(self, submission: Submission, happening: Happening) -> None:
        self._must_be_live(submission, happening)
        submission.updated_at = happening.at
        submission.review = happening.review

    def _delete(self, submission: Submission, happening: Happening) -> None:
        self._must_be_live(submission, happening)
        submission.deleted_at = happening.at

    def _restore(self, submission: Submission, happening: Happening) -> None:
        self._must_be_in_trash(submission, happening)
        submission.deleted_at = None

    def _purge(self, submission: Submission, happening: Happening) -> None:
        self._must_be_in_trash(submission, happening)
        del self.kept[submission.root_id]

    def _attach(self, submission: Submission, happening: Happening) -> None:
        self._must_be_live(submission, happening)
        expected = submission.current.expected
        if not set(happening.files) <= set(expected):
            raise self._error(happening, f"it announced no file but {expected}")
        submission.present |= set(happening.files)

    def _clear(self, submission: Submission, happening: Happening) -> None:
        self._must_be_live(submission, happening)
        if not set(happening.files) <= submission.present:
            raise self._error(happening, "no such file is there")
        submission.present -= set(happening.files)

    def _must_be_live(self, submission: Submission, happening: Happening) -> None:
        if submission.deleted_at is not None:
            raise self._error(happening, "it is in the trash")

    def _must_be_in_trash(self, submission: Submission, happening: Happening) -> None:
        if submission.deleted_at is None:
            raise self._error(happening, "it is not in the trash")

    def _stored(self, happening: Happening) -> StoredInstance:
        instance = happening.instance
        if instance is None:
            raise self._error(happening, "it has no answers")
        published_at = self._form.definition(instance.version).published_at
        if published_at > happening.at:
            raise self._error(happening, f"{instance.version} is not published yet")
        return StoredInstance(
            instance, happening.at, happening.by, self._expected(instance)
        )

    def _expected(self, instance: Instance) -> tuple[str, ...]:
        schema = self._form.definition(instance.version).schema
        if self._form.is_encrypted:
            return (ENCRYPTED_FILE,)
        if not schema.binary_fields:
            return ()
        return tuple(announced(schema.roots, instance.answers))

    def _error(self, happening: Happening, reason: str) -> FormDataError:
        return FormDataError(
            f"Form {self._form.form_id}: {happening.kind} of {happening.root_id} at "
            f"{happening.at.isoformat()} is impossible: {reason}."
        )
