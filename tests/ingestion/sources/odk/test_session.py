"""Logging in, again when a session has ended, and out; no network."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from ingestion.errors import SourceRejectedError, SourceUnavailableError
from ingestion.sources.http import Patience, PatientClient
from ingestion.sources.odk import SessionAuth
from tests.ingestion.sources.odk.pretend import (
    CONNECTION,
    FORM_PATH,
    HOST,
    SECRET,
    Answer,
    Central,
    refused,
)

TWICE = Patience(attempts=2, attempts_unreached=2, attempts_after_error=2)


def logged_in(answer: Answer) -> tuple[SessionAuth, httpx.Client, PatientClient]:
    session = SessionAuth(CONNECTION, "Central")
    transport = httpx.MockTransport(answer)
    client = httpx.Client(base_url=HOST, auth=session, transport=transport)
    patient = PatientClient("Central", client, TWICE, sleep=lambda _: None)
    return session, client, patient


def test_one_session_serves_many_requests_and_is_ended() -> None:
    central = Central()
    session, client, patient = logged_in(central)

    patient.get(FORM_PATH)
    patient.get(FORM_PATH)
    session.log_out(client)
    session.log_out(client)

    assert [(r.method, r.url.path) for r in central.asked] == [
        ("POST", "/v1/sessions"),
        ("GET", FORM_PATH),
        ("GET", FORM_PATH),
        ("DELETE", "/v1/sessions/current"),
    ]
    assert central.valid_sessions == set()


def test_a_session_that_ends_in_the_middle_is_renewed_once() -> None:
    central = Central()
    _, _, patient = logged_in(central)
    patient.get(FORM_PATH)
    central.valid_sessions.clear()

    assert patient.get(FORM_PATH) == central.answers[FORM_PATH]
    assert central.session_number == 2


class Crowd(Central):
    """Answers no request for the form before all threads have sent theirs."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size
        self.is_together = True
        self._barrier = threading.Barrier(size, action=self._let_in)
        self._two_logins = threading.Barrier(2)

    def _let_in(self) -> None:
        self.is_together = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        refused_to_all = super().__call__(request)
        if request.method == "GET" and self.is_together:
            self._barrier.wait(30)
        if request.method == "POST":  # a second login, if there is one, gets its time
            with contextlib.suppress(threading.BrokenBarrierError):
                self._two_logins.wait(0.2)
        return refused_to_all

    def ask(self, patient: PatientClient) -> list[object]:
        with ThreadPoolExecutor(self.size) as pool:
            asked = [pool.submit(patient.get, FORM_PATH) for _ in range(self.size)]
            return [one.result(30) for one in asked]


def test_one_thread_logs_in_for_all() -> None:
    crowd = Crowd(4)
    _, _, patient = logged_in(crowd)

    assert crowd.ask(patient) == [crowd.answers[FORM_PATH]] * 4
    assert crowd.session_number == 1


def test_a_session_that_ends_under_several_requests_is_renewed_once() -> None:
    crowd = Crowd(4)
    crowd.is_together = False
    _, _, patient = logged_in(crowd)
    patient.get(FORM_PATH)
    crowd.valid_sessions.clear()
    crowd.is_together = True

    assert crowd.ask(patient) == [crowd.answers[FORM_PATH]] * 4
    assert crowd.session_number == 2


@pytest.mark.parametrize("trouble", [httpx.Response(401), httpx.ReadTimeout("slow")])
def test_a_login_that_fails_leaves_no_thread_waiting(
    trouble: httpx.Response | Exception,
) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        if isinstance(trouble, Exception):
            raise trouble
        return trouble

    _, _, patient = logged_in(answer)

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(patient.get, FORM_PATH) for _ in range(4)]
        errors = [one.exception(30) for one in asked]

    kinds = (SourceRejectedError, SourceUnavailableError)
    assert all(isinstance(error, kinds) for error in errors)


def test_a_server_that_ends_every_session_is_not_asked_forever() -> None:
    central = Central()

    def answer(request: httpx.Request) -> httpx.Response:
        central.valid_sessions.clear()
        return central(request)

    _, _, patient = logged_in(answer)

    with pytest.raises(SourceRejectedError):
        patient.get(FORM_PATH)
    with pytest.raises(SourceRejectedError):
        patient.get(FORM_PATH)
    assert central.session_number == 2


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        (refused(401, 401.2), "does not accept the e-mail and password"),
        (refused(400), "does not accept the e-mail and password"),
        (refused(401, 401.5), "single sign-on only"),
        (refused(404), "single sign-on only"),
        (httpx.Response(404, html="<h1>Not here</h1>"), "not answer as ODK Central"),
        (httpx.Response(404, json={"detail": "Gone."}), "not answer as ODK Central"),
        (httpx.Response(403, html="<h1>No entry</h1>"), "not answer as ODK Central"),
        (httpx.Response(200, html="<h1>Welcome</h1>"), "not answer as ODK Central"),
    ],
    ids=str,
)
def test_a_refused_login_is_one_sentence_without_the_password(
    refusal: httpx.Response, reason: str
) -> None:
    _, _, patient = logged_in(lambda _: refusal)

    with pytest.raises(SourceRejectedError, match=reason) as error:
        patient.get(FORM_PATH)

    assert "AIRFLOW_CONN_ODK_TEST" in str(error.value)
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    "trouble",
    [
        httpx.Response(503),
        httpx.Response(502, html="<h1>Bad gateway</h1>"),
        httpx.Response(500),
        httpx.Response(200, content=b'{"tok'),
        httpx.Response(200, json=[]),
        httpx.ReadTimeout("slow"),
    ],
    ids=str,
)
def test_a_login_that_may_mend_itself_is_tried_again(
    trouble: httpx.Response | Exception,
) -> None:
    central = Central()
    troubles = [trouble]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and troubles:
            found = troubles.pop()
            if isinstance(found, Exception):
                raise found
            return found
        return central(request)

    _, _, patient = logged_in(answer)

    assert patient.get(FORM_PATH) == central.answers[FORM_PATH]


def test_a_login_waits_no_longer_than_any_other_request() -> None:
    central = Central()
    _, _, patient = logged_in(central)

    patient.get(FORM_PATH)

    login, request = central.asked
    assert login.extensions["timeout"] == request.extensions["timeout"]


def test_a_logout_that_fails_is_no_failure() -> None:
    central = Central()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE":
            raise httpx.ConnectError("gone")
        return central(request)

    session, client, patient = logged_in(answer)
    patient.get(FORM_PATH)

    session.log_out(client)
    session.log_out(client)


def test_nobody_logs_in_again_after_the_logout() -> None:
    central = Central()
    session, client, patient = logged_in(central)
    patient.get(FORM_PATH)
    session.log_out(client)

    with pytest.raises(SourceUnavailableError, match="has ended"):
        patient.get(FORM_PATH)
    assert central.valid_sessions == set()


def test_no_login_means_no_logout() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(503)

    session, client, patient = logged_in(answer)
    with pytest.raises(SourceUnavailableError, match="is busy"):
        patient.get(FORM_PATH)

    session.log_out(client)

    assert asked == ["POST", "POST"]
