"""What can go wrong on the way to raw.

The class says whether trying again can help; the message says what is wrong, where,
and what to do. No message carries a token, a password or an answer of a family.
"""


class IngestionError(Exception):
    """Something stopped the ingestion; the message says what to do."""


class RegistryError(IngestionError):
    """The registry or a field map is wrong. Correct the file; retrying cannot help."""


class ConnectionMissingError(IngestionError):
    """A server's address or token is not configured. Retrying cannot help."""


class SourceError(IngestionError):
    """The form server could not be read; the message says which and why."""


class SourceUnavailableError(SourceError):
    """The server did not answer or is busy. Retrying later may help."""


class SourceRejectedError(SourceError):
    """The server refused our request. Retrying cannot help; a person must act."""


class FileTooLargeError(SourceRejectedError):
    """A file is larger than its form allows.

    Attributes:
        size: Its bytes, as announced or as far as it was read.
    """

    def __init__(self, message: str, size: int) -> None:
        super().__init__(message)
        self.size = size


class FileTypeError(SourceRejectedError):
    """A file is of a type that its form does not allow.

    Attributes:
        media_type: What it is, None where nobody tells.
    """

    def __init__(self, message: str, media_type: str | None) -> None:
        super().__init__(message)
        self.media_type = media_type


class SourceIncompleteError(SourceError):
    """The server's list is not complete, so no deletion in it can be believed."""


class DeletionGuardError(IngestionError):
    """More submissions are gone than a run may believe by itself; a person decides."""


class AttachmentStoreError(IngestionError):
    """Attachments cannot be kept where the setting says. A person must act."""


class FormBusyError(IngestionError):
    """Another run is landing the same form. Retrying when it has ended helps."""


class ServerBusyError(IngestionError):
    """Enough other runs are reading from the server. Retrying later helps."""


class WarehouseRefusedError(IngestionError):
    """The database refused a row; the message has its code but none of its values."""
