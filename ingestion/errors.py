"""What can go wrong on the way to raw.

The class says whether trying again can help; the message says what is wrong, where,
and what to do. No message carries a token, a password or an answer of a family.
"""


class IngestionError(Exception):
    """Something stopped the ingestion; the message says what to do.

    Attributes:
        kind: One word per class for programs; it stays when a message is reworded.
    """

    kind: str = "ingestion_failed"


class RegistryError(IngestionError):
    """The registry or a field map is wrong. Correct the file; retrying cannot help."""

    kind = "registry_wrong"


class ConnectionMissingError(IngestionError):
    """A server's address or token is not configured. Retrying cannot help."""

    kind = "connection_missing"


class SourceError(IngestionError):
    """The form server could not be read; the message says which and why."""

    kind = "source_failed"


class SourceUnavailableError(SourceError):
    """The server did not answer or is busy. Retrying later may help."""

    kind = "source_unavailable"


class SourceRejectedError(SourceError):
    """The server refused our request. Retrying cannot help; a person must act.

    Args:
        message: What is wrong, where, what to do.
        kind: What was refused, where that is known: `wrong_address`, `wrong_token`,
            `missing_permission`, `missing_form` or `not_deployed`.
    """

    kind = "source_rejected"

    def __init__(self, message: str, kind: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind or self.kind


class FileTooLargeError(SourceRejectedError):
    """A file is larger than its form allows.

    Attributes:
        size: Its bytes, as announced or as far as it was read.
    """

    kind = "file_too_large"

    def __init__(self, message: str, size: int) -> None:
        super().__init__(message)
        self.size = size


class FileTypeError(SourceRejectedError):
    """A file is of a type that its form does not allow.

    Attributes:
        media_type: What it is, None where nobody tells.
    """

    kind = "file_type"

    def __init__(self, message: str, media_type: str | None) -> None:
        super().__init__(message)
        self.media_type = media_type


class SourceIncompleteError(SourceError):
    """The server's list is not complete, so no deletion in it can be believed."""

    kind = "source_incomplete"


class DeletionGuardError(IngestionError):
    """More submissions are gone than a run may believe by itself; a person decides."""

    kind = "deletions_wait"


class NothingWaitsError(IngestionError):
    """A person was asked to decide something that does not wait for one."""

    kind = "nothing_waits"


class AttachmentStoreError(IngestionError):
    """Attachments cannot be kept where the setting says. A person must act."""

    kind = "attachment_store"


class MediaNotReadyError(IngestionError):
    """The warehouse cannot tell what the lists of a form hold. A person must act."""

    kind = "media_not_ready"


class FormBusyError(IngestionError):
    """Another run does the same to the form. Retrying when it has ended helps."""

    kind = "form_busy"


class ServerBusyError(IngestionError):
    """Enough other runs are reading from the server. Retrying later helps."""

    kind = "server_busy"


class WarehouseRefusedError(IngestionError):
    """The database refused a row; the message has its code but none of its values."""

    kind = "warehouse_refused"


class ErasureKeyError(IngestionError):
    """Erased families would land again, for the key to know them by is lost."""

    kind = "erasure_key_lost"
