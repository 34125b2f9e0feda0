"""A stand-in behind a socket on the loopback address."""

import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self

from sandbox.http_server.control import PREFIX, RequestLog
from sandbox.http_server.exchange import Answer, Request
from sandbox.http_server.proxy import refused_by_proxy

HOST = "127.0.0.1"
CHUNK_BYTES = 16 * 1024


class StandIn(ABC):
    """A server, serving from `with` to its end, or `start` to `stop`.

    Attributes:
        requests: What was served, oldest first; not what the controls were asked.
        headers: What every answer carries beside its own headers.
    """

    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, port: int) -> None:
        self.requests: RequestLog = []
        self._lock = threading.RLock()
        self._http = _HttpServer((HOST, port), self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,))

    @property
    @abstractmethod
    def now(self) -> datetime:
        """Return the moment the server believes it is, UTC."""

    @abstractmethod
    def controlled(self, request: Request) -> Answer:
        """Return the answer to a request below `/sandbox/`."""

    @abstractmethod
    def served(self, request: Request) -> tuple[Answer, list[str]]:
        """Return the answer to any other request, and the faults it met."""

    @property
    def port(self) -> int:
        """Return the port."""
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        """Return the base URL, without a slash at its end."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> Self:
        """Serve in a thread of its own."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving, end open connections, free the port."""
        self._http.shutdown()
        self._thread.join()
        self._http.end_connections()
        self._http.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def clear_requests(self) -> None:
        """Forget which requests were served."""
        with self._lock:
            self.requests.clear()

    def answer(self, request: Request) -> Answer:
        """Return the answer to a request, and note that it was served."""
        with self._lock:
            if request.path.startswith(PREFIX):
                return self.controlled(request)
            answer, faults = self.served(request)
            self.requests.append(
                {
                    "method": request.method,
                    "path": request.target,
                    "status": answer.status,
                    "faults": faults,
                }
            )
            return answer


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, address: tuple[str, int], owner: StandIn) -> None:
        self.owner = owner
        self.stopping = threading.Event()
        self._connections: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the base class says so
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as above
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as above
        """Leave a client that went away alone."""

    def end_connections(self) -> None:
        """End those that clients keep open, so that no thread waits for them."""
        self.stopping.set()
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it ended by itself


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _HttpServer

    def do_GET(self) -> None:
        request = self._request()
        answer = refused_by_proxy(self.requestline)
        if answer:
            self.close_connection = True
        else:
            answer = self.server.owner.answer(request)
        if answer.delay_seconds:
            self.server.stopping.wait(answer.delay_seconds)
        self._send(answer)

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815 - as above

    def _request(self) -> Request:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        host = headers.get("host") or f"{HOST}:{self.server.server_address[1]}"
        return Request(
            self.command,
            path,
            query,
            headers,
            self.rfile.read(length),
            f"http://{host}",
        )

    def _send(self, answer: Answer) -> None:
        self._send_head(answer)
        if answer.sent_bytes is not None:
            self.close_connection = True
        if self.command != "HEAD":
            self._send_body(answer, answer.body[: answer.sent_bytes])

    def _send_head(self, answer: Answer) -> None:
        self.send_response_only(answer.status, HTTPStatus(answer.status).phrase)
        owner = self.server.owner
        self.send_header("Date", format_datetime(owner.now, usegmt=True))
        if answer.content_type:
            self.send_header("Content-Type", answer.content_type)
        for name, value in {**answer.headers, **owner.headers}.items():
            self.send_header(name, value)
        if answer.is_chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif answer.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()

    def _send_body(self, answer: Answer, body: bytes) -> None:
        if not answer.is_chunked:
            self.wfile.write(body)
            return
        for start in range(0, len(body), CHUNK_BYTES):
            chunk = body[start : start + CHUNK_BYTES]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        if len(body) == len(answer.body):  # nothing else tells that this was all
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Print nothing: `/sandbox/requests` tells what was served."""
