"""One try at a file: the way to it, and what of it is taken.

A server may keep its files elsewhere and send us there, with a signature in the address
that opens the file to whoever has it. So the address is in no message and in no log,
and whoever we are sent to gets nothing that the server gave us or we gave the server.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from http import HTTPStatus
from ssl import SSLContext
from typing import IO

import httpx

from ingestion.errors import FileTooLargeError, FileTypeError, SourceRejectedError
from ingestion.sources.base import DownloadLimits
from ingestion.sources.quiet_log import addresses_kept_out_of_log

MOST_REDIRECTS = 2
CHUNK_BYTES = 64 * 1024
# As for a page: storage may be as slow as the server before it.
TIMEOUT = httpx.Timeout(150.0, connect=10.0)
# What a form server's client asks for by default, JSON, some refuse for a file; and a
# file that comes packed could grow beyond its announced size.
HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity"}
SAY_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream"})


class RedirectRefusedError(SourceRejectedError):
    """The server sends us where no file is fetched from.

    Attributes:
        status: The HTTP status it sent us there with.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def bare_client(transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """Return a client that knows no token and no cookie and follows nothing.

    Args:
        transport: Instead of the network.
    """
    return httpx.Client(
        transport=transport,
        verify=_public_certificates(),
        timeout=TIMEOUT,
        follow_redirects=False,
    )


@contextmanager
def followed(
    client: httpx.Client, path: str, elsewhere: Callable[[], httpx.Client]
) -> Iterator[httpx.Response]:
    """Yield the answer to GET `path`, or that of where the server sends us on to.

    Raises:
        RedirectRefusedError: Too often, or to no address for a file.
        httpx.TransportError: The connection failed, here or in the block.
    """
    with addresses_kept_out_of_log(), ExitStack() as opened:
        response = _opened(opened, client, path)
        for _ in range(MOST_REDIRECTS):
            if not response.is_redirect:
                break
            address = _next_address(response)
            stranger = opened.enter_context(elsewhere())
            response = _opened(opened, stranger, address)
        if response.is_redirect:
            raise RedirectRefusedError(
                "sends us on too often: report it to whoever runs the server.",
                response.status_code,
            )
        yield response


def receive(
    response: httpx.Response,
    limits: DownloadLimits,
    announced: str | None,
    target: IO[bytes],
) -> str | None:
    """Write the file that `response` brings to `target` and return its media type.

    Args:
        response: A good answer, not read yet.
        limits: What is taken.
        announced: The media type that is believed where the answer tells none.
        target: Emptied first: an earlier try may have been cut off.

    Raises:
        FileTooLargeError: Before all of it was read.
        FileTypeError: Before any of it was read.
    """
    media_type = _media_type(response, announced)
    require_type(media_type, limits)
    told = response.headers.get("Content-Length", "")
    _require_size(int(told) if told.isdecimal() else 0, limits)
    target.seek(0)
    target.truncate()
    size = 0
    for chunk in response.iter_bytes(CHUNK_BYTES):
        size += len(chunk)
        _require_size(size, limits)
        target.write(chunk)
    return media_type


def require_type(media_type: str | None, limits: DownloadLimits) -> None:
    """Refuse a type that the limits do not allow.

    Raises:
        FileTypeError: They do not.
    """
    if not limits.allow_type(media_type):
        raise FileTypeError(
            f"A file of type {media_type or 'unknown'} is not taken: the form's "
            f"attachments are limited to {', '.join(limits.types)}.",
            media_type,
        )


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield what is left of `file`."""
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


def _opened(
    opened: ExitStack, client: httpx.Client, address: httpx.URL | str
) -> httpx.Response:
    try:
        return opened.enter_context(client.stream("GET", address, headers=HEADERS))
    except httpx.InvalidURL:
        # Where the answer sends us on to is read by httpx as well, and not all of it.
        raise _to_no_address(HTTPStatus.FOUND) from None


def _require_size(size: int, limits: DownloadLimits) -> None:
    if size > limits.max_bytes:
        raise FileTooLargeError(
            f"The file is larger than the {limits.max_bytes:,} bytes that the form's "
            "attachments are limited to.",
            size,
        )


def _media_type(response: httpx.Response, announced: str | None) -> str | None:
    told = str(response.headers.get("Content-Type", ""))
    told = told.partition(";")[0].strip().lower()
    if "html" in told and "html" not in (announced or ""):
        raise SourceRejectedError(
            "A web page came instead of the file: check that the account may see the "
            "form's submissions."
        )
    return (announced or told or None) if told in SAY_NOTHING else told


def _next_address(response: httpx.Response) -> httpx.URL:
    """Return where we are sent to.

    Raises:
        RedirectRefusedError: It is no address that a file may be fetched from.
    """
    status = response.status_code
    try:
        address = response.url.join(response.headers["Location"])
    except (KeyError, httpx.InvalidURL):
        raise _to_no_address(status) from None
    if address.scheme not in ("http", "https"):
        raise RedirectRefusedError(
            f"sends us on to an address of scheme {address.scheme!r}, and files are "
            "fetched by http or https only: report it to whoever runs the server.",
            status,
        )
    if not address.host:
        raise _to_no_address(status)
    if response.url.scheme == "https" and address.scheme == "http":
        raise RedirectRefusedError(
            f"sends us on from https to http at {address.host}, where others could "
            "read the file on its way: report it to whoever runs the server.",
            status,
        )
    if address.userinfo:
        raise RedirectRefusedError(
            f"sends us on to an address at {address.host} with a login in it, which "
            "is not used: report it to whoever runs the server.",
            status,
        )
    return address


def _to_no_address(status: int) -> RedirectRefusedError:
    return RedirectRefusedError(
        "sends us on to no address: report it to whoever runs the server.", status
    )


@cache
def _public_certificates() -> SSLContext:
    # To load them takes longer than to fetch a photo.
    return httpx.create_ssl_context()
