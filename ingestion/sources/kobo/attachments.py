"""How KoboToolbox tells of a submission's files.

`_attachments` lists what has been uploaded; a file that a phone sends later appears
there later, and one that a person removes stays, marked as deleted. Older servers know
a file by a number, newer ones by a uid.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from ingestion.sources.base import Attachment


def read_attachments(payload: Mapping[str, Any]) -> list[Attachment]:
    """Return the files that a submission has; those without a key cannot be had."""
    found: dict[str, Attachment] = {}
    for file in _listed(payload):
        key = file.get("uid") or file.get("id")
        if key and not file.get("is_deleted"):
            found[str(key)] = _attachment(str(key), file)
    return list(found.values())


def count_files(record: Mapping[str, Any]) -> str:
    """Return how many files a submission has and how many were removed: `2-1`."""
    files = list(_listed(record))
    removed = sum(bool(file.get("is_deleted")) for file in files)
    return f"{len(files) - removed}-{removed}"


def file_path(asset_path: str, submission_id: str, attachment: Attachment) -> str:
    """Return the path of a file below a project's."""
    number, key = (quote(part, safe="") for part in (submission_id, attachment.key))
    return f"{asset_path}data/{number}/attachments/{key}/"


def _attachment(key: str, file: Mapping[str, Any]) -> Attachment:
    name = file.get("media_file_basename") or file.get("filename") or ""
    path, media_type = file.get("question_xpath"), file.get("mimetype")
    return Attachment(
        key=key,
        name=str(name).rpartition("/")[2],
        question_path=str(path) if path else None,
        media_type=str(media_type).lower() if media_type else None,
    )


def _listed(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    files = record.get("_attachments")
    if isinstance(files, list):
        yield from (file for file in files if isinstance(file, dict))
