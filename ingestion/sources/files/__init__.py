"""CSV files and workbooks that people drop into a folder.

A row is a submission: its identifier is one column or several, which the field map
names, and it is versioned like any other, so a changed cell and a removed row are both
seen. A table holds no repeats: what a form asks several times needs a form server.
"""

from ingestion.sources.files.drops import ENDINGS, REPLACED, Place, is_ignored, place_of
from ingestion.sources.files.source import FilesSource, Found

__all__ = [
    "ENDINGS",
    "REPLACED",
    "FilesSource",
    "Found",
    "Place",
    "is_ignored",
    "place_of",
]
