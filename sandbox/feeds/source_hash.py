"""By what a change of the pilot or of the stand-in shows."""

import hashlib
from pathlib import Path

from sandbox.machine.home import REPOSITORY

# The pilot fills in the forms that the registry's programme uses.
PILOT = (REPOSITORY / "sandbox" / "pilot", REPOSITORY / "ingestion" / "forms")
KOBO = (REPOSITORY / "sandbox" / "kobo",)
ODK = (REPOSITORY / "sandbox" / "odk",)


def source_hash(*folders: Path) -> str:
    """Return a hash of every file of `folders`."""
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(file.read_bytes())
    return digest.hexdigest()
