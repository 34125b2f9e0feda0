"""What differs between versions of Metabase, each with the version that brought it."""

from dataclasses import dataclass

VERSIONS = {58: "v0.58.31", 60: "v0.60.4", 62: "v0.62.3", 65: "v0.65.4"}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One version.

    Attributes:
        major: Such as 58.
    """

    major: int

    @property
    def tag(self) -> str:
        """Return what it calls itself."""
        return VERSIONS.get(self.major, f"v0.{self.major}.0")

    @property
    def tags_are_listed(self) -> bool:
        """Whether template tags come back as a list."""
        return self.major >= 63  # noqa: PLR2004 - a version

    @property
    def fields_are_clauses(self) -> bool:
        """Whether the column of a field filter comes back with its options second."""
        return self.major >= 61  # noqa: PLR2004 - a version

    @property
    def drops_unknown_keys(self) -> bool:
        """Whether what a body's schema does not know disappears without a word."""
        return self.major >= 64  # noqa: PLR2004 - a version

    @property
    def missing_is_json(self) -> bool:
        """Whether a 404 of something that is not there has a JSON body."""
        return self.major >= 59  # noqa: PLR2004 - a version

    @property
    def edges_are_bare(self) -> bool:
        """Whether the permission graph leaves out `view-data`."""
        return self.major >= 61  # noqa: PLR2004 - a version
