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


class SourceIncompleteError(SourceError):
    """The server's list is not complete, so no deletion in it can be believed."""


class DeletionGuardError(IngestionError):
    """More submissions are gone than a run may believe by itself; a person decides."""


class FormBusyError(IngestionError):
    """Another run is landing the same form. Retrying when it has ended helps."""


class WarehouseRefusedError(IngestionError):
    """The database refused a row; the message has its code but none of its values."""
