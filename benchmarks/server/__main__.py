"""`python -m benchmarks.server <folder>`: serve the journals until stdin closes.

It ends with whoever started it, however that ends. The first line it prints is its URL.
"""

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from benchmarks.journals.files import JournalFiles
from benchmarks.server.answers import Answers, NotHereError

HOST = "127.0.0.1"
CONTROL = "/benchmark/"


class Server(ThreadingHTTPServer):
    """Answers on a free port of the loopback address.

    Attributes:
        answers: What is asked for.
        sent: Bytes of bodies sent so far.
    """

    daemon_threads = True

    def __init__(self, files: JournalFiles) -> None:
        super().__init__((HOST, 0), Handler)
        self.url = f"http://{HOST}:{self.server_port}"
        self.answers = Answers(files, self.url)
        self.sent = 0


class Handler(BaseHTTPRequestHandler):
    """One connection, kept alive from request to request."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer as the form server does."""
        place = urlsplit(self.path)
        params = dict(parse_qsl(place.query))
        try:
            body = self.server.answers.answer(place.path, params)
        except NotHereError:
            self._send(404, b'{"detail":"Not found."}')
            return
        self.server.sent += len(body)
        self._send(200, body)

    def do_POST(self) -> None:
        """Do what the benchmark asks: edit, take edits back, or count bytes."""
        order = urlsplit(self.path)
        params = dict(parse_qsl(order.query))
        answers = self.server.answers
        match order.path.removeprefix(CONTROL):
            case "edit":
                done = answers.edit(float(params["share"]), int(params["seed"]))
            case "restore":
                done = answers.restore()
            case _:
                done = self.server.sent
        self._send(200, str(done).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing: a log line costs more than a page."""

    def _send(self, status: int, body: bytes) -> None:
        # One write: head and body apart would wait for each other's acknowledgement.
        head = (
            f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self.wfile.write(head.encode() + body)


def main() -> None:
    """Serve until standard input ends."""
    with Server(JournalFiles(Path(sys.argv[1]))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()
