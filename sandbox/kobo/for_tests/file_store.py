"""A remote storage that a form server sends its clients on to, on the loopback address.

Like the storage of the large providers it opens a file to whoever has its signed
address, and refuses a request that carries credentials besides.
"""

import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

HOST = "127.0.0.1"


class FileStore:
    """Hands out files from `with` to its end.

    Attributes:
        heard: The headers of every request, names in lower case.
        statuses: What each was answered with.
    """

    def __init__(self) -> None:
        self.heard: list[dict[str, str]] = []
        self.statuses: list[int] = []
        self._files: dict[str, tuple[bytes, str]] = {}
        self._http = _HttpServer((HOST, 0), self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,))

    def address(self, content: bytes, media_type: str) -> str:
        """Take a file in and return an address that opens it."""
        signature = secrets.token_hex(16)
        self._files[signature] = (content, media_type)
        port = self._http.server_address[1]
        return f"http://{HOST}:{port}/blob?X-Amz-Signature={signature}"

    def file_at(self, target: str, headers: dict[str, str]) -> tuple[int, bytes, str]:
        """Return status, content and media type for one request."""
        self.heard.append(headers)
        signature = parse_qs(urlsplit(target).query).get("X-Amz-Signature", [""])[0]
        found = (200, *self._files.get(signature, (b"", "")))
        if "authorization" in headers:
            found = (400, b"Only one auth mechanism allowed", "application/xml")
        elif signature not in self._files:
            found = (403, b"AccessDenied", "application/xml")
        self.statuses.append(found[0])
        return found

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _HttpServer(ThreadingHTTPServer):
    def __init__(self, address: tuple[str, int], owner: FileStore) -> None:
        self.owner = owner
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _HttpServer

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, content, media_type = self.server.owner.file_at(self.path, headers)
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Print nothing."""
