"""The lists that a form reads beside its questions, and the server that keeps them.

A form offers families from a list, and looks up what it must know of one: CSV files
that belong to the form on its server and go to every phone with it.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

MEDIA_TYPE = "text/csv"


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One list as it should be.

    Attributes:
        name: As the form calls it, such as `families.csv`.
        content: CSV in UTF-8 with a line of names; may name families, so it is in no
            representation and no message.
        row_count: Without the line of names.
    """

    name: str
    content: bytes = field(repr=False)
    row_count: int

    @property
    def digest(self) -> str:
        """Return the content's MD5 in hex, as both kinds of servers tell it."""
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


class FormMedia(Protocol):
    """A server that keeps lists for the phones that fill in one form.

    Every method raises `SourceUnavailableError` or `SourceRejectedError` when the
    server does not answer or refuses.
    """

    def digests(self, names: Collection[str]) -> Mapping[str, str]:
        """Return the MD5 of those of these lists that phones get now.

        One that is there and goes to no phone yet is left out, as if it were not.

        Raises:
            SourceRejectedError: The account may not change the form, or the form is in
                no state to be sent out again.
        """
        ...

    def replace(self, files: Collection[MediaFile]) -> None:
        """Put these lists in the place of those with their names, for every phone.

        The form itself stays as it is. A call that is cut off leaves a state from
        which the same call does it all.
        """
        ...
