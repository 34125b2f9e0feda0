"""Files of submissions: which are expected, which are there, their bytes.

With a store like S3, the server answers a download with the address of the file in the
store, which is good for a minute and takes no other credentials.
"""

import hashlib
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from sandbox.http_server.exchange import Answer
from sandbox.odk.call import Call
from sandbox.odk.exchange import TEXT_TYPE, json_answer, not_found
from sandbox.odk.views.paging import live

SHOWN_INLINE = ("image/png", "image/jpeg", "image/gif")
PNG_HEAD = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class File:
    """A file of a submission.

    Attributes:
        name: As the answer names it.
        content: Its bytes.
    """

    name: str
    content: bytes

    @property
    def media_type(self) -> str:
        """Return its type, by its name."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def disposition(self) -> str:
        """Return the Content-Disposition, in which a letter beyond ASCII is a dash."""
        how = "inline" if self.media_type in SHOWN_INLINE else "attachment"
        plain = "".join(one if one.isascii() else "-" for one in self.name)
        encoded = quote(self.name, safe="")
        return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{encoded}"


# Puts a file where it can be fetched without credentials, and returns the address.
Store = Callable[[File, datetime], str]
GOOD_FOR = timedelta(seconds=60)


def file_list(call: Call, project: str, form_id: str, root_id: str) -> Answer:
    """Return the files that the answers announce, and whether they arrived."""
    found = live(call.published(project, form_id), root_id)
    return json_answer(
        [
            {"name": name, "exists": name in found.present}
            for name in found.current.expected
        ]
    )


def download(store: Store | None) -> Callable[..., Answer]:
    """Return the view that gives out a file.

    Args:
        store: Where files lie, None when the server itself keeps them.
    """

    def view(call: Call, project: str, form_id: str, root_id: str, name: str) -> Answer:
        found = live(call.published(project, form_id), root_id)
        if name not in found.present or name not in found.current.expected:
            raise not_found()
        content = call.service.files.get((root_id, name)) or _made_up(root_id, name)
        file = File(name, content)
        if store is None:
            return _sent(file)
        where = store(file, call.service.now)
        text = f"Temporary Redirect. Redirecting to {where}"
        return Answer(307, text.encode(), TEXT_TYPE).with_headers(Location=where)

    return view


def _sent(file: File) -> Answer:
    digest = hashlib.md5(file.content, usedforsecurity=False).hexdigest()
    answer = Answer(200, file.content, file.media_type)
    return answer.with_headers(ETag=f'"{digest}"', Content_Disposition=file.disposition)


def _made_up(root_id: str, name: str) -> bytes:
    """Return the bytes of a file that nobody gave: the same for the same name."""
    return PNG_HEAD + f"{root_id}/{name}".encode()
