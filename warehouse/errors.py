"""What can go wrong with the warehouse, in sentences that say what to do."""

from collections.abc import Sequence


class WarehouseError(Exception):
    """Something is wrong with the warehouse; the message says what to do.

    Attributes:
        kind: One word per class for programs; it stays when a message is reworded.
    """

    kind: str = "warehouse_failed"


class WarehouseUnavailableError(WarehouseError):
    """The database did not answer. Trying again later may help."""

    kind = "warehouse_unavailable"


class WarehouseSettingError(WarehouseError):
    """`WAREHOUSE_URL` is missing or unusable. Trying again will not help."""

    kind = "warehouse_setting"


class DbtBuildError(WarehouseError):
    """`dbt build` failed; the message names the first models or tests that did.

    Attributes:
        nodes: Names of all that failed.
    """

    kind = "dbt_build_failed"

    def __init__(self, message: str, nodes: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.nodes = tuple(nodes)


class ReleaseError(WarehouseError):
    """A release cannot be frozen as asked, or is not any more as it was frozen."""

    kind = "release_refused"


class MigrationError(WarehouseError):
    """The tables are of a version that this code cannot bring to its own."""

    kind = "migration_failed"


class BackupError(WarehouseError):
    """A backup could not be written or restored; what was there is as it was."""

    kind = "backup_failed"


class TextReviewError(WarehouseError):
    """A text cannot be approved or withheld as asked."""

    kind = "text_review_refused"


class CookbookError(WarehouseError):
    """A query of the cookbook does not say what it should, or gives something else."""

    kind = "cookbook_differs"


class SemanticError(WarehouseError):
    """A question in the words of the semantic models could not be answered."""

    kind = "semantic_failed"


class PricesError(WarehouseError):
    """Prices could not be refreshed; no seed was changed."""

    kind = "prices_failed"


class PricesUnavailableError(PricesError):
    """The publisher did not answer. Trying again later may help."""

    kind = "prices_unavailable"


class PricesRejectedError(PricesError):
    """The publisher refused a series or answered none. Trying again will not help."""

    kind = "prices_rejected"


class PricesMovedError(PricesError):
    """The publisher says otherwise than the seeds. A person refreshes and reviews."""

    kind = "prices_moved"


class ErasureError(WarehouseError):
    """A family cannot be erased as asked; nothing was removed."""

    kind = "erasure_refused"


class WarehouseBusyError(WarehouseError):
    """Something else is at work in the warehouse. Trying again later helps."""

    kind = "warehouse_busy"


class ExportError(WarehouseError):
    """An export would tell of single families, or cannot be written."""

    kind = "export_refused"


class AccessError(WarehouseError):
    """Access cannot be brought to what the registry says, or an entry is wrong."""

    kind = "access_refused"


class AuditError(WarehouseError):
    """The server's log cannot be read as asked."""

    kind = "audit_failed"
