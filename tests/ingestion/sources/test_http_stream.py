"""How a file is fetched: whole or anew, within limits, and as a stranger elsewhere."""

import logging
from collections.abc import Callable, Iterator

import httpx
import pytest

from ingestion.errors import (
    FileTooLargeError,
    FileTypeError,
    SourceRejectedError,
    SourceUnavailableError,
)
from ingestion.sources.base import DownloadLimits
from ingestion.sources.downloads import bare_client
from ingestion.sources.http import HttpRefusalError, Patience, PatientClient
from sandbox.kobo.for_tests.file_store import FileStore

Answer = Callable[[httpx.Request], httpx.Response]
PICTURES = DownloadLimits(max_bytes=10, types=("image/*",))
AMPLE = DownloadLimits(max_bytes=1_000_000, types=("image/*",))
SECRET = "X-Amz-Signature=open-sesame"  # noqa: S105 - of no real storage


class Cut(httpx.SyncByteStream):
    """A body that ends before its end, after more than one chunk."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"x" * 200_000
        raise httpx.RemoteProtocolError("peer closed connection")


def client(
    answer: Answer, elsewhere: Answer | None = None, base: str = "https://kobo.example"
) -> PatientClient:
    strangers = httpx.MockTransport(elsewhere or answer)
    return PatientClient(
        "Kobo",
        httpx.Client(
            base_url=base,
            headers={"Authorization": "Token secret", "Accept": "application/json"},
            cookies={"session": "secret"},
            transport=httpx.MockTransport(answer),
        ),
        Patience(),
        sleep=lambda _: None,
        monotonic=lambda: 0.0,
        elsewhere=lambda: bare_client(strangers),
    )


def in_turn(*answers: httpx.Response) -> Answer:
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def photo(
    content: bytes = b"0123456789", media_type: str = "image/png"
) -> httpx.Response:
    headers = {"Content-Type": media_type}
    return httpx.Response(200, content=content, headers=headers)


def sent_on(address: str, status: int = 307) -> httpx.Response:
    headers = {"Location": address, "Set-Cookie": "from-kobo=secret"}
    return httpx.Response(status, headers=headers)


def fetched(
    patient: PatientClient,
    limits: DownloadLimits = PICTURES,
    media_type: str | None = None,
    path: str = "/file/",
) -> tuple[str | None, int, bytes]:
    with patient.stream(path, limits, media_type) as download:
        return download.media_type, download.size, b"".join(download.chunks)


def test_a_file_comes_with_its_type_and_size() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return photo()

    assert fetched(client(answer)) == ("image/png", 10, b"0123456789")
    assert asked[0].headers["authorization"] == "Token secret"
    assert asked[0].headers["accept"] == "*/*"


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.Response(503),
        httpx.Response(500),
        httpx.Response(200, headers={"Content-Type": "image/png"}, stream=Cut()),
    ],
    ids=["busy", "broken", "cut"],
)
def test_what_ends_early_is_fetched_anew_from_its_beginning(
    trouble: httpx.Response,
) -> None:
    patient = client(in_turn(trouble, photo(b"abc")))

    assert fetched(patient, AMPLE) == ("image/png", 3, b"abc")


def test_a_file_that_is_always_cut_is_given_up() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        headers = {"Content-Type": "image/png"}
        return httpx.Response(200, headers=headers, stream=Cut())

    with pytest.raises(SourceUnavailableError, match="cut the connection, tried 6"):
        fetched(client(answer), AMPLE)


def test_a_size_that_is_announced_is_refused_before_it_is_read() -> None:
    answer = httpx.Response(
        200,
        headers={"Content-Type": "image/png", "Content-Length": "11"},
        stream=Cut(),  # would be tried again, were it read
    )

    with pytest.raises(FileTooLargeError) as refusal:
        fetched(client(in_turn(answer)))
    assert refusal.value.size == 11


def test_a_size_that_is_not_announced_is_refused_while_it_is_read() -> None:
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(1_000):
            read.append(number)
            yield b"x" * 100_000

    headers = {"Content-Type": "image/png"}
    answer = httpx.Response(200, headers=headers, content=endless())

    with pytest.raises(FileTooLargeError):
        fetched(client(in_turn(answer)))
    assert len(read) < 3


@pytest.mark.parametrize(
    ("told", "announced", "outcome"),
    [
        ("image/jpeg; charset=x", None, "image/jpeg"),
        ("application/octet-stream", "image/png", "image/png"),
        ("application/octet-stream", None, "refused"),
        ("video/mp4", "image/png", "refused"),
    ],
)
def test_the_type_that_the_answer_tells_counts(
    told: str, announced: str | None, outcome: str
) -> None:
    patient = client(lambda _: photo(media_type=told))

    if outcome == "refused":
        with pytest.raises(FileTypeError) as refusal:
            fetched(patient, media_type=announced)
        assert refusal.value.media_type == told.partition(";")[0]
    else:
        assert fetched(patient, media_type=announced)[0] == outcome


def test_a_web_page_is_not_taken_for_a_file_whatever_types_are_allowed() -> None:
    patient = client(lambda _: httpx.Response(200, html="<h1>Log in</h1>"))

    with pytest.raises(SourceRejectedError, match="web page") as refusal:
        fetched(patient, DownloadLimits(1_000, ("*/*",)))
    assert not isinstance(refusal.value, FileTypeError)


def test_a_refusal_carries_its_status_and_is_not_tried_again() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(404)

    with pytest.raises(HttpRefusalError) as refusal:
        fetched(client(answer))
    assert (refusal.value.status, len(asked)) == (404, 1)


@pytest.mark.parametrize(
    "address",
    [
        f"https://storage.example/blob?{SECRET}",
        f"https://kobo.example:8443/blob?{SECRET}",  # the same name, another port
        f"https://kobo.example/other?{SECRET}",
        f"/other?{SECRET}",
        f"//storage.example/blob?{SECRET}",
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_whoever_we_are_sent_on_to_sees_neither_token_nor_cookie(
    address: str, status: int
) -> None:
    seen: list[httpx.Request] = []

    def elsewhere(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return photo()

    patient = client(lambda _: sent_on(address, status), elsewhere)

    assert fetched(patient)[2] == b"0123456789"
    assert len(seen) == 1
    assert seen[0].url.query.decode() == SECRET
    assert {"authorization", "cookie", "referer"} & set(seen[0].headers) == set()
    assert "secret" not in str(seen[0].headers)


def test_a_second_redirect_carries_no_cookie_of_the_first() -> None:
    seen: list[httpx.Request] = []

    def elsewhere(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.url.path == "/blob":
            return sent_on("https://storage.example/blob2")
        return photo()

    patient = client(lambda _: sent_on("https://storage.example/blob"), elsewhere)

    assert fetched(patient)[2] == b"0123456789"
    assert [request.url.path for request in seen] == ["/blob", "/blob2"]
    assert "cookie" not in seen[1].headers


def test_redirects_in_a_circle_are_left() -> None:
    patient = client(lambda _: sent_on("https://kobo.example/file/"))

    with pytest.raises(HttpRefusalError, match="too often"):
        fetched(patient)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("file:///etc/passwd", "scheme 'file'"),
        ("ftp://storage.example/blob", "scheme 'ftp'"),
        ("s3://bucket/blob", "scheme 's3'"),
        ("unix:///run/docker.sock", "scheme 'unix'"),
        ("data:image/png;base64,AAAA", "no address"),
        ("http://storage.example/blob", "from https to http"),
        ("https://name:pass@storage.example/blob", "a login in it"),
        ("https://:99999999/", "no address"),
    ],
)
def test_no_other_way_is_taken_than_http_or_https(address: str, reason: str) -> None:
    seen: list[httpx.Request] = []

    def elsewhere(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return photo()

    with pytest.raises(HttpRefusalError, match=reason) as refusal:
        fetched(client(lambda _: sent_on(address), elsewhere))
    assert seen == []
    assert "pass@" not in str(refusal.value)


def test_a_storage_that_refuses_says_nothing_about_our_token() -> None:
    address = f"https://storage.example/blob?{SECRET}"
    patient = client(lambda _: sent_on(address), lambda _: httpx.Response(401))

    with pytest.raises(SourceRejectedError, match=r"storage\.example.*401") as refusal:
        fetched(patient)
    assert not isinstance(refusal.value, HttpRefusalError)
    assert SECRET not in str(refusal.value)


def test_a_busy_storage_is_asked_again_from_the_start() -> None:
    signed = iter(range(10))
    asked: list[str] = []

    def answer(_: httpx.Request) -> httpx.Response:
        return sent_on(f"https://storage.example/blob?nth={next(signed)}")

    def elsewhere(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.query.decode())
        return photo() if len(asked) == 2 else httpx.Response(503)

    assert fetched(client(answer, elsewhere))[1] == 10
    assert asked == ["nth=0", "nth=1"]  # signatures do not last


def test_no_log_tells_where_a_file_is(caplog: pytest.LogCaptureFixture) -> None:
    with FileStore() as store, FileStore() as second, caplog.at_level(logging.DEBUG):
        address = store.address(b"0123456789", "image/png")
        first = client(lambda _: sent_on(address), base="http://kobo.example")
        first._elsewhere = bare_client  # noqa: SLF001 - over the network
        plain = second.address(b"0123456789", "image/png")
        host, _, path = plain.rpartition("/")
        with httpx.Client(base_url=host) as direct:
            assert fetched(PatientClient("Kobo", direct), path=f"/{path}")[1] == 10
        assert fetched(first)[1] == 10

    assert "HTTP Request" in caplog.text
    assert "Signature" not in caplog.text
    assert "/blob" not in caplog.text
    assert {"authorization", "cookie"} & set(store.heard[0]) == set()


def test_the_log_is_left_as_it_was() -> None:
    with pytest.raises(HttpRefusalError):
        fetched(client(lambda _: httpx.Response(404)))

    assert logging.getLogger("httpx").filters == []
    assert logging.getLogger("httpcore.http11").filters == []
