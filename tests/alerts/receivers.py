"""What takes alerts in tests: a mail server and a web server of this machine."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

HOST = "127.0.0.1"


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks SMTP as far as `smtplib` asks for it, and keeps what it takes.

    Attributes:
        taken: Envelope's addresses and mail, oldest first.
        refusal: What it answers a sender with instead of 250, such as `451 later`.
        refused: The same for addresses of those who are to get a mail.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.refusal = ""
        self.refused: dict[str, str] = {}
        super().__init__((HOST, 0), _SmtpDialogue)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def mails(self) -> list[EmailMessage]:
        return [mail for _, mail in self.taken]


class _SmtpDialogue(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.addresses: list[str] = []
        self._say("220 ready")
        for line in self.rfile:
            words = line.decode().strip()
            if words.upper() == "QUIT":
                self._say("221 bye")
                return
            self._answer(words)

    def _answer(self, words: str) -> None:
        verb = words[:4].upper()
        if verb == "MAIL" and self.server.refusal:
            self._say(self.server.refusal)
        elif verb == "DATA":
            self._say("354 go on")
            self._take()
            self._say("250 taken")
        elif verb == "RCPT":
            self._say(self._answer_of_box(words.partition("<")[2].rstrip(">")))
        else:
            self._say("250 fine")

    def _answer_of_box(self, address: str) -> str:
        refusal = self.server.refused.get(address)
        if refusal is None:
            self.addresses.append(address)
        return refusal or "250 fine"

    def _take(self) -> None:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            said = line.replace(b"\r\n", b"\n")
            lines.append(said.removeprefix(b".") if said.startswith(b"..") else said)
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.server.taken.append((self.addresses, mail))

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class WebServer(ThreadingHTTPServer):
    """Takes what is posted.

    Attributes:
        taken: Path, headers and body, oldest first.
        status: What it answers.
    """

    daemon_threads = True

    def __init__(self) -> None:
        self.taken: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.status = 200
        super().__init__((HOST, 0), _Posted)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}"


class _Posted(BaseHTTPRequestHandler):
    server: WebServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status < 300:
            self.server.taken.append((self.path, dict(self.headers), json.loads(body)))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


Server = TypeVar("Server", MailServer, WebServer)


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
