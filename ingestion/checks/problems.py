"""One thing that is wrong, and how it is told apart from the others."""

from dataclasses import asdict, dataclass

from ingestion.errors import IngestionError
from warehouse.errors import WarehouseError

# Whatever is wrong in these ways is so for every form on the same server.
OF_THE_SERVER = frozenset(
    {"connection_missing", "source_unavailable", "wrong_address", "wrong_token"}
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a person should mend.

    Attributes:
        kind: One word for programs: that of an error of `ingestion.errors` or
            `warehouse.errors`, or `unmapped_questions`, `unclassified_questions`,
            `exposed_questions` or `sites_without_cohort`.
        message: What is wrong, where, what to do.
    """

    kind: str
    message: str

    @classmethod
    def of(cls, error: IngestionError | WarehouseError) -> "Problem":
        """Return the problem that an error tells of."""
        return cls(error.kind, str(error))

    def as_dict(self) -> dict[str, str]:
        """Return the problem as values that JSON knows."""
        return asdict(self)

    @property
    def is_of_the_server(self) -> bool:
        """Return whether every form on the same server has it."""
        return self.kind in OF_THE_SERVER
