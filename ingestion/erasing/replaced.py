"""Files that an import replaced and kept: which of them still have a family."""

import lzma
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from ingestion.landing.source_of_form import files_folder
from ingestion.registry import Registry
from ingestion.registry.entries import FilesServer
from ingestion.sources.files import REPLACED
from warehouse.erasure.identity import LIKE_A_CODE, normalised

WORKBOOK = b"PK\x03\x04"
# Broken as a file, as a workbook or within one; RuntimeError: under a password.
UNREADABLE = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    BadZipFile,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def replaced_files_naming(registry: Registry, code: str) -> Iterator[str]:
    """Yield the replaced files in which a family's code stands, however it is typed.

    They are nobody's to change unasked: what the finance office gave is proof of what
    it said. One that cannot be read is named too: nobody knows what is in it.
    """
    folders = {
        files_folder(form.server)
        for form in registry.forms
        if isinstance(form.server, FilesServer)
    }
    for folder in sorted(folders):
        kept = [*folder.glob(f"{REPLACED}/*"), *folder.glob(f"*/{REPLACED}/*")]
        for path in sorted(kept):
            if path.is_file() and _names(path, code):
                yield _told(path, code)


def _names(path: Path, code: str) -> bool:
    try:
        return any(_has(text, code) for text in _texts(path))
    except UNREADABLE:
        return True


def _has(text: str, code: str) -> bool:
    wanted = normalised(code)
    return any(normalised(found) == wanted for found in LIKE_A_CODE.findall(text))


def _texts(path: Path) -> Iterator[str]:
    content = path.read_bytes()
    if content.startswith(WORKBOOK):
        with ZipFile(path) as workbook:
            for name in workbook.namelist():
                yield workbook.read(name).decode("utf-8", "replace")
    else:
        encoding = "utf-16" if content.startswith(UTF_16_MARKS) else "utf-8"
        yield content.decode(encoding, "replace")


def _told(path: Path, code: str) -> str:
    """Return its path; what it is called may not name the family in a receipt."""
    return f"a file of {path.parent}" if _has(path.name, code) else str(path)
