"""How the client waits, tries again and gives up; no network and no real waiting."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest

from ingestion.errors import SourceRejectedError, SourceUnavailableError
from ingestion.sources.http import HttpRefusalError, Patience, PatientClient

Answer = Callable[[httpx.Request], httpx.Response]
BUDGET = 100.0


class Waiting:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def monotonic(self) -> float:
        return sum(self.pauses)


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


def client(answer: Answer, waiting: Waiting) -> PatientClient:
    return PatientClient(
        "Kobo",
        httpx.Client(
            base_url="https://kobo.example",
            headers={"Authorization": "Token secret"},
            transport=httpx.MockTransport(answer),
        ),
        Patience(budget_seconds=BUDGET),
        sleep=waiting.sleep,
        monotonic=waiting.monotonic,
        jitter=lambda: 0.0,
    )


def in_turn(*answers: httpx.Response | Exception) -> Answer:
    """Return a server that gives these answers in turn, the last one forever."""
    left = list(answers)

    def answer(_: httpx.Request) -> httpx.Response:
        found = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(found, Exception):
            raise found
        return found

    return answer


GOOD = httpx.Response(200, json={"count": 1})


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.Response(429),
        httpx.Response(500),
        httpx.Response(502),
        httpx.Response(503),
        httpx.Response(504),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("refused"),
        httpx.RemoteProtocolError("cut"),
        httpx.DecodingError("not packed as it says"),
        httpx.Response(200, content=b'{"count": 1, "resul'),
    ],
    ids=str,
)
def test_what_may_mend_itself_is_tried_again(
    trouble: httpx.Response | Exception, waiting: Waiting
) -> None:
    assert client(in_turn(trouble, GOOD), waiting).get("/") == {"count": 1}
    assert waiting.pauses == [0.5]


def test_pauses_double_and_then_the_client_gives_up(waiting: Waiting) -> None:
    with pytest.raises(SourceUnavailableError, match=r"is busy .*503.* tried 6 times"):
        client(in_turn(httpx.Response(503)), waiting).get("/")

    assert waiting.pauses == [0.5, 1, 2, 4, 8]


def test_an_error_of_the_server_itself_is_tried_a_few_times_only(
    waiting: Waiting,
) -> None:
    with pytest.raises(SourceUnavailableError, match="tried 3 times"):
        client(in_turn(httpx.Response(500)), waiting).get("/")


def test_the_server_says_how_long_to_wait(waiting: Waiting) -> None:
    busy = httpx.Response(429, headers={"Retry-After": "17"})

    client(in_turn(busy, GOOD), waiting).get("/")

    assert waiting.pauses == [17]


def test_the_server_may_say_until_when_to_wait(waiting: Waiting) -> None:
    moments = {
        "Date": "Wed, 01 Jul 2026 09:00:00 GMT",
        "Retry-After": "Wed, 01 Jul 2026 09:00:30 GMT",
    }

    client(in_turn(httpx.Response(503, headers=moments), GOOD), waiting).get("/")

    assert waiting.pauses == [30]


def test_a_wait_beyond_the_runs_budget_is_not_begun(waiting: Waiting) -> None:
    busy = httpx.Response(429, headers={"Retry-After": "3600"})

    with pytest.raises(SourceUnavailableError, match="longer than a run may"):
        client(in_turn(busy), waiting).get("/")
    assert waiting.pauses == []


def test_threads_share_the_budget_of_their_run(waiting: Waiting) -> None:
    together = threading.Barrier(4)
    busy = httpx.Response(429, headers={"Retry-After": "40"})
    asked: dict[int, int] = {}

    def answer(_: httpx.Request) -> httpx.Response:
        thread = threading.get_ident()
        asked[thread] = asked.get(thread, 0) + 1
        if asked[thread] == 1:
            together.wait(30)
            return busy
        return GOOD

    patient = client(answer, waiting)
    patient._monotonic = lambda: 0.0  # noqa: SLF001 - the pauses alone are counted
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(patient.get, "/") for _ in range(4)]
        errors = [one.exception(30) for one in sent]

    assert waiting.pauses == [40, 40]  # of a budget of 100
    assert len([one for one in errors if one is None]) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410])
def test_a_refusal_is_not_tried_again(status: int, waiting: Waiting) -> None:
    with pytest.raises(HttpRefusalError) as refusal:
        client(in_turn(httpx.Response(status)), waiting).get("/")

    assert refusal.value.status == status
    assert waiting.pauses == []


def test_the_token_is_not_carried_to_another_host(waiting: Waiting) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(301, headers={"Location": "https://elsewhere.example/"})

    with pytest.raises(SourceRejectedError, match="sends us on to another address"):
        client(answer, waiting).get("/")
    assert asked == ["kobo.example"]


def test_where_we_are_sent_may_be_no_address(waiting: Waiting) -> None:
    answer = httpx.Response(302, headers={"Location": "mailto:desk@kobo.example"})

    with pytest.raises(HttpRefusalError, match="sends us on to another") as refusal:
        client(in_turn(answer), waiting).get("/")
    assert refusal.value.kind == "wrong_address"
    assert waiting.pauses == []


def test_a_plain_page_that_says_it_is_packed_is_one_sentence(waiting: Waiting) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        labelled = {"Content-Encoding": "gzip"}
        return httpx.Response(200, headers=labelled, stream=httpx.ByteStream(b"plain"))

    with pytest.raises(SourceUnavailableError, match=r"unpacked, tried 6 times: try"):
        client(answer, waiting).get("/")


def test_a_web_page_is_not_taken_for_data(waiting: Waiting) -> None:
    page = httpx.Response(200, html="<h1>Log in</h1>")

    with pytest.raises(SourceRejectedError, match="a web page instead of data"):
        client(in_turn(page), waiting).get("/")


def test_no_message_repeats_the_token(waiting: Waiting) -> None:
    for answer in (httpx.Response(401), httpx.Response(503)):
        with pytest.raises(Exception, match="Kobo") as error:
            client(in_turn(answer), waiting).get("/")
        assert "secret" not in str(error.value)


def test_text_is_read_with_the_same_patience(waiting: Waiting) -> None:
    answer = in_turn(httpx.Response(503), httpx.Response(200, text="<año/>"))

    assert client(answer, waiting).get_text("/") == "<año/>"
    assert waiting.pauses == [0.5]


def test_text_cut_within_a_character_is_asked_for_again(waiting: Waiting) -> None:
    answer = in_turn(
        httpx.Response(200, content="<año/>".encode()[:3]),
        httpx.Response(200, text="<año/>"),
    )

    assert client(answer, waiting).get_text("/") == "<año/>"


def test_the_servers_time_is_that_of_its_last_answer_that_told(
    waiting: Waiting,
) -> None:
    dated = {"Date": "Wed, 01 Jul 2026 09:00:00 GMT"}
    patient = client(
        in_turn(httpx.Response(200, json={}, headers=dated), GOOD), waiting
    )
    assert patient.server_time is None

    patient.get("/")
    patient.get("/")

    assert patient.server_time == datetime(2026, 7, 1, 9, tzinfo=UTC)


def test_a_long_list_that_comes_well_uses_up_no_patience(waiting: Waiting) -> None:
    answers = iter([*[GOOD] * 30, httpx.Response(503), GOOD])

    def answer(_: httpx.Request) -> httpx.Response:
        waiting.pauses.append(BUDGET / 10)  # every page takes its time
        return next(answers)

    patient = client(answer, waiting)
    for _ in range(31):
        assert patient.get("/") == {"count": 1}
