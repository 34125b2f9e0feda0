"""The one interface every form server is adapted to."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

Json = Any  # whatever a JSON text may hold
# Types of questions that ask nothing and so answer nothing.
SILENT_TYPES = frozenset({"note"})
ReviewState = Literal["none", "approved", "not_approved", "on_hold"]


class Mark(NamedTuple):
    """One line of a sweep: enough to see that a submission is new or has changed.

    Attributes:
        submission_id: The server's identifier; it survives edits.
        edit_mark: Differs whenever the content was edited.
        review_mark: Differs whenever a reviewer decided something.
    """

    submission_id: str
    edit_mark: str
    review_mark: str = ""


class Submission(NamedTuple):
    """One submission as it stands now.

    Attributes:
        mark: What a sweep would have said of it.
        root_id: The server's identity of it that survives edits.
        form_version_id: The form version it was made with, where it says so.
        received_at: When the server received it. UTC.
        review_state: What a reviewer decided.
        reviewed_at: When, where the server tells. UTC.
        payload: Exactly what the server sent.
        content: The part of it that only an edit changes; hashed to see edits.
        was_edited: Whether it is another than the one that was first sent.
        edited_at: When it was edited last, where the submission tells. UTC.
        text: The payload as the server wrote it, where a source has it.
    """

    mark: Mark
    root_id: str | None
    form_version_id: str | None
    received_at: datetime
    review_state: ReviewState
    reviewed_at: datetime | None
    payload: Mapping[str, Any]
    content: Mapping[str, Any]
    was_edited: bool = False
    edited_at: datetime | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that cannot be landed, and why.

    Attributes:
        submission_id: Its identifier, where it has one.
        reason: What is wrong with it.
        record: The record as text.
    """

    submission_id: str | None
    reason: str
    record: str


class Page(Protocol):
    """Some submissions, each read when it is asked for or before."""

    def __len__(self) -> int:
        """Return how many there are."""
        ...

    def __iter__(self) -> Iterator[Submission | Rejected]:
        """Yield them; a page may be gone through more than once."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a question offers.

    Attributes:
        name: What a submission holds.
        labels: Language as the form names it, such as `English (en)` -> what people
            read; an unnamed language is empty text.
    """

    name: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QuestionDefinition:
    """One question of a form version, in the same words whatever server it is from.

    Attributes:
        path: Where answers stand: group names and its own, separated by slashes.
        type: As in an XLSForm: `text`, `integer`, `select_one`, `calculate`, ...
        repeat_path: The path of the repeat it is asked in, or None.
        labels: As those of a choice.
        list_name: The list its choices come from, or None.
        choices: Empty where it has none.
    """

    path: str
    type: str
    repeat_path: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    list_name: str | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class FormVersion:
    """One version of a form's definition.

    Attributes:
        version_id: What submissions carry.
        name: The form's own name of the version, where it has one.
        number: Counts from 1, oldest first.
        deployed_at: UTC.
        definition: Exactly what the server tells of it.
        questions: What it asks, in the form's order; groups and repeats are not among
            them, notes are.
    """

    version_id: str
    name: str | None
    number: int
    deployed_at: datetime | None
    definition: Mapping[str, Any]
    questions: tuple[QuestionDefinition, ...] = ()


@dataclass(frozen=True, slots=True)
class FormRef:
    """A form that the account sees on the server.

    Attributes:
        key: What the registry's `form` names it by.
        title: What people call it.
        is_deployed: Whether it can hold submissions.
    """

    key: str
    title: str
    is_deployed: bool


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a kind of server offers beyond its list of submissions.

    Attributes:
        changed_since: It lists what changed since a moment (`changed_since`).
        definitions: It knows its forms' questions (`versions`).
    """

    changed_since: bool = False
    definitions: bool = True


@dataclass(frozen=True, slots=True)
class Changes:
    """When, by the server's own record, submissions changed. Keys are root ids.

    Attributes:
        edited: The latest edit of the content.
        reviewed: When the latest review was taken back; one that stands tells its time
            itself (`Submission.reviewed_at`) and is not among these.
        deleted: The deletion.
    """

    edited: Mapping[str, datetime] = field(default_factory=dict)
    reviewed: Mapping[str, datetime] = field(default_factory=dict)
    deleted: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """What a check of the account found.

    Attributes:
        server_time: The server's own clock, where it tells. UTC.
        summary: One line for people.
    """

    server_time: datetime | None
    summary: str


class FormSource(Protocol):
    """A server that holds the submissions of one form.

    Every method raises `SourceUnavailableError` or `SourceRejectedError` when the
    server does not answer or refuses.
    """

    @property
    def capabilities(self) -> Capabilities:
        """Return what servers of this kind offer."""
        ...

    @property
    def listed_count(self) -> int | None:
        """Return how long the list being read is, once the server has told."""
        ...

    def forms(self) -> Iterator[FormRef]:
        """Yield every form that the account sees, on every page of their list."""
        ...

    def check(self) -> SourceStatus:
        """Make sure that the account may see every submission of the form."""
        ...

    def versions(self, known: Collection[str]) -> Iterator[FormVersion]:
        """Yield the form's versions that are not among the `known` ids."""
        ...

    def sweep(self) -> Iterator[list[Mark | Rejected]]:
        """Yield a mark of every submission there is, page by page.

        Raises:
            SourceIncompleteError: The list is not complete.
        """
        ...

    def everything(self) -> Iterator[Page]:
        """Yield every submission there is, page by page; as complete as a sweep."""
        ...

    def submissions(
        self, submission_ids: Iterator[str]
    ) -> Iterator[list[Submission | Rejected]]:
        """Yield these submissions, page by page."""
        ...

    def changed_since(self, since: datetime) -> Iterator[list[Submission | Rejected]]:
        """Yield what was sent, edited or reviewed since; it may leave some out.

        Only asked where the capabilities have it, to save requests: what it leaves out
        is asked for by its id.
        """
        ...

    def count(self) -> int:
        """Return how many submissions the server counts among those just listed."""
        ...

    def changes(self, root_ids: Collection[str], since: datetime | None) -> Changes:
        """Return when these changed after `since`, as far as the server tells."""
        ...


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to a submission.

    Attributes:
        key: What the server tells it by from the submission's other files.
        name: What the phone called it; may tell of a person, so no message repeats it.
        question_path: The question that it answers, where the server tells.
        media_type: Such as `image/jpeg`, where the server tells.
    """

    key: str
    name: str = field(repr=False)
    question_path: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """What of a file is taken.

    Attributes:
        max_bytes: No file is larger.
        types: Media types; `image/*` stands for every picture.
    """

    max_bytes: int
    types: tuple[str, ...]

    def allow_type(self, media_type: str | None) -> bool:
        """Return whether files of this type are taken; None stands for unknown."""
        return any(fnmatchcase(media_type or "", one) for one in self.types)


@dataclass(frozen=True, slots=True)
class Download:
    """A whole file, as it came.

    Attributes:
        media_type: What the server says it is, else what was announced.
        size: Bytes.
        chunks: Its content; can be read once.
    """

    media_type: str | None
    size: int
    chunks: Iterator[bytes]


@runtime_checkable
class AttachmentSource(Protocol):
    """A server that keeps files beside the submissions of one form.

    Every method raises `SourceUnavailableError` or `SourceRejectedError` when the
    server does not answer or refuses.
    """

    def lists_by_request(self, payload: Mapping[str, Any]) -> bool:
        """Return whether the server is asked for the list of a submission's files."""
        ...

    def attachments(
        self, submission_id: str, payload: Mapping[str, Any]
    ) -> list[Attachment]:
        """Return the files of a submission that the server has by now."""
        ...

    def download(
        self, submission_id: str, attachment: Attachment, limits: DownloadLimits
    ) -> AbstractContextManager[Download]:
        """Open a file; it can be read until the block ends.

        Raises:
            FileTooLargeError: It is larger than the limits allow.
            FileTypeError: It is of a type that the limits do not allow.
        """
        ...
