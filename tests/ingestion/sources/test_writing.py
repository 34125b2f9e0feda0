from collections.abc import Callable

import httpx
import pytest

from ingestion.errors import SourceUnavailableError
from ingestion.sources.http import HttpRefusalError
from ingestion.sources.writing import WritingClient
from tests.ingestion.conftest import SHORT

Handler = Callable[[httpx.Request], httpx.Response]


class Server:
    """Answers with what it was given, one after the other."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self) -> WritingClient:
        transport = httpx.MockTransport(self)
        return WritingClient(
            "the server",
            httpx.Client(base_url="https://kobo.example", transport=transport),
            SHORT,
            sleep=lambda _: None,
        )


def test_a_change_is_sent_with_its_content_and_its_answer_read() -> None:
    server = Server(httpx.Response(201, json={"uid": "af1"}))

    answer = server.client().send("POST", "/files/", json={"a": 1})

    assert answer == {"uid": "af1"}
    assert [(one.method, one.content) for one in server.asked] == [("POST", b'{"a":1}')]


def test_an_answer_of_nothing_is_none() -> None:
    assert Server(httpx.Response(204)).client().send("DELETE", "/files/1/") is None


@pytest.mark.parametrize(
    "not_done",
    [httpx.Response(503), httpx.Response(429), httpx.ConnectError("nobody")],
)
def test_what_was_not_done_is_sent_again(not_done: httpx.Response | Exception) -> None:
    server = Server(not_done, httpx.Response(201, json={}))

    server.client().send("POST", "/files/")

    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "unknown",
    [
        httpx.Response(500),
        httpx.Response(502),
        httpx.Response(504),
        httpx.ReadTimeout("late"),
        httpx.RemoteProtocolError("cut"),
    ],
)
def test_what_may_have_been_done_is_not_done_twice(
    unknown: httpx.Response | Exception,
) -> None:
    server = Server(unknown, httpx.Response(201, json={}))

    with pytest.raises(SourceUnavailableError):
        server.client().send("POST", "/files/")

    assert len(server.asked) == 1


def test_a_refusal_is_told_with_its_status() -> None:
    server = Server(httpx.Response(403, json={"detail": "No."}))

    with pytest.raises(HttpRefusalError, match=r"403: No") as caught:
        server.client().send("PATCH", "/deployment/", json={})

    assert caught.value.status == 403
