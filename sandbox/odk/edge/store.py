"""A store of files like S3: signed addresses, good for a minute, no other credentials.

A request that carries an Authorization header beside the signature is refused, as S3
refuses it: a client that follows the redirect must leave its own behind.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qs

from sandbox.http_server.exchange import Answer, Request, json_answer
from sandbox.http_server.server import StandIn
from sandbox.odk.views.attachments import GOOD_FOR, File

XML = "application/xml"


class FileStore(StandIn):
    """The store, on a port of its own.

    Args:
        clock: Tells the moment that the form server believes it is, UTC.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(0)
        self._clock = clock
        self._signed: dict[str, tuple[File, datetime]] = {}

    @property
    def now(self) -> datetime:
        """Return the moment the server believes it is, UTC."""
        return self._clock()

    def put(self, file: File, now: datetime) -> str:
        """Make a file fetchable, and return its address."""
        signature = secrets.token_hex(32)
        self._signed[signature] = (file, now + GOOD_FOR)
        query = f"X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature={signature}"
        return f"{self.url}/central/blob-{len(self._signed)}?{query}"

    def controlled(self, request: Request) -> Answer:
        """Return a 404: the store has no controls."""
        return json_answer({"detail": f"No {request.path} here."}, 404)

    def served(self, request: Request) -> tuple[Answer, list[str]]:
        """Return the file whose signature the address carries."""
        return self._served(request), []

    def _served(self, request: Request) -> Answer:
        if "authorization" in request.headers:
            return _error(400, "InvalidArgument", "Only one auth mechanism allowed")
        found = parse_qs(request.query_string).get("X-Amz-Signature", [""])[0]
        if found not in self._signed:
            return _error(403, "SignatureDoesNotMatch", "The signature is not known")
        file, good_until = self._signed[found]
        if self.now > good_until:
            return _error(403, "AccessDenied", "Request has expired")
        answer = Answer(200, file.content, file.media_type)
        return answer.with_headers(Content_Disposition=file.disposition)


def _error(status: int, code: str, message: str) -> Answer:
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Answer(status, body.encode(), XML)
