"""The stand-in on a socket of the loopback address."""

import secrets
import socket
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from sandbox.kobo.access.accounts import Account, standard_accounts
from sandbox.kobo.edge import routes
from sandbox.kobo.edge.control import PREFIX, RequestLog, control
from sandbox.kobo.edge.harm import do_harm
from sandbox.kobo.edge.proxy import refused_by_proxy
from sandbox.kobo.exchange import Answer, Request
from sandbox.kobo.faults.damage import Damage
from sandbox.kobo.faults.rules import RULES, instead_of_answering, spoiled
from sandbox.kobo.service import Service
from sandbox.pilot.model import Form

HOST = "127.0.0.1"


class KoboServer:
    """A KoboToolbox stand-in, serving from `with` to its end, or `start` to `stop`.

    Args:
        forms: The projects, with all that ever happens in them.
        clock: The moment the server believes it is, UTC.
        port: 0 takes a free one.
        token: The owner's token; generated when left out.
        accounts: Instead of owner, viewer, partial and outsider.

    Raises:
        FormDataError: A form could not exist on a real server.
    """

    def __init__(
        self,
        forms: Iterable[Form],
        *,
        clock: datetime,
        port: int = 0,
        token: str | None = None,
        accounts: Iterable[Account] | None = None,
    ) -> None:
        self.token = token or secrets.token_hex(20)
        people = tuple(accounts or standard_accounts(self.token))
        self.accounts = {account.username: account for account in people}
        self.service = Service(forms, people, clock)
        self.token = self.service.owner.token
        self.requests: RequestLog = []
        self._lock = threading.Lock()
        self._http = _HttpServer((HOST, port), self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,))

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

    def set_clock(self, moment: datetime) -> None:
        """Make the server believe it is `moment`, UTC."""
        with self._lock:
            self.service.set_clock(moment)

    def set_faults(self, *rules: Mapping[str, Any]) -> None:
        """Misbehave as told (`sandbox.kobo.faults.rules`); without rules, behave."""
        checked = RULES.validate_python(rules)
        with self._lock:
            self.service.faults.replace(checked)
            self.service.damage = Damage()

    def clear_requests(self) -> None:
        """Forget which requests were served."""
        with self._lock:
            self.requests.clear()

    def answer(self, request: Request) -> Answer:
        """Return the answer to a request, and note that it was served."""
        with self._lock:
            if request.path.startswith(PREFIX):
                return control(self.service, self.requests, request)
            rules = self.service.faults.fired_by(request)
            do_harm(self.service, request, rules)
            found = instead_of_answering(rules)
            found = found or spoiled(routes.answer(self.service, request), rules)
            self.requests.append(
                {
                    "method": request.method,
                    "path": request.target,
                    "status": found.status,
                    "faults": [rule.kind for rule in rules],
                }
            )
            return found


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, address: tuple[str, int], owner: KoboServer) -> None:
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
        self.send_response_only(answer.status, HTTPStatus(answer.status).phrase)
        now = self.server.owner.service.now
        self.send_header("Date", format_datetime(now, usegmt=True))
        if answer.content_type:
            self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Language", "en")
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if answer.sent_bytes is not None:
            self.wfile.write(answer.body[: answer.sent_bytes])
            self.close_connection = True
        elif self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """Print nothing: `/sandbox/requests` tells what was served."""
