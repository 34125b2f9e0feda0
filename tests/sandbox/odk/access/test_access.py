import base64
from datetime import timedelta

import httpx
import pytest

from sandbox.odk import OdkServer
from sandbox.odk.for_tests.samples import (
    NO_TLS,
    REDEPLOYED,
    Connect,
    OdkClient,
    Serve,
    log_in,
)

SEED = "what passwords of tests are made of"
HTTPS = {"X-Forwarded-Proto": "https"}


def basic(server: OdkServer, username: str = "viewer") -> dict[str, str]:
    account = server.accounts[username]
    pair = f"{account.email}:{account.password}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def problem(answer: httpx.Response) -> float:
    code: float = answer.json()["code"]
    assert int(code) == answer.status_code
    return code


def test_a_session_ends_a_day_after_it_began(server: OdkServer, odk: OdkClient) -> None:
    ends_at = odk.get("/v1/sessions/restore").json()["expiresAt"]
    assert ends_at == "2021-03-02T00:00:00.000Z"

    server.set_clock(REDEPLOYED + timedelta(hours=24) - timedelta(seconds=1))
    assert odk.ask(top=1).status_code == 200

    server.set_clock(REDEPLOYED + timedelta(hours=24))
    assert problem(odk.ask(top=1)) == 401.2


def test_a_closed_session_lets_nobody_in(odk: OdkClient) -> None:
    assert odk.delete("/v1/sessions/current").json() == {"success": True}

    assert problem(odk.ask(top=1)) == 401.2


@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_wrong_password_opens_no_session(
    server: OdkServer, connect: Connect, password: str
) -> None:
    body = {"email": server.accounts["viewer"].email, "password": password}

    answer = connect(server, None).post("/v1/sessions", json=body)

    assert problem(answer) == (401.2 if password else 400.2)


def test_basic_credentials_count_over_https_alone(
    server: OdkServer, connect: Connect
) -> None:
    client = connect(server, None)
    path = "/v1/users/current"

    refused = client.get(path, headers=basic(server))
    let_in = client.get(path, headers={**basic(server), **HTTPS})

    assert problem(refused) == 401.3
    assert let_in.json()["email"] == server.accounts["viewer"].email


def test_where_people_log_in_elsewhere_no_password_counts(
    serve: Serve, connect: Connect
) -> None:
    server = serve(is_sso=True)
    client = connect(server, None)
    account = server.accounts["viewer"]
    body = {"email": account.email, "password": account.password}

    assert problem(client.post("/v1/sessions", json=body)) == 404.1
    answer = client.get("/v1/projects", headers={**basic(server), **HTTPS})
    assert problem(answer) == 401.5


def test_no_answer_tells_how_to_log_in(server: OdkServer, connect: Connect) -> None:
    answer = connect(server, None).ask(top=1)

    assert problem(answer) == 401.2
    assert "WWW-Authenticate" not in answer.headers


def test_without_a_role_a_form_that_exists_is_told_from_one_that_does_not(
    server: OdkServer, connect: Connect
) -> None:
    outsider = connect(server, "outsider")

    assert outsider.get("/v1/projects").json() == []
    assert problem(outsider.ask(top=1)) == 403.1
    assert problem(outsider.get("/v1/projects/1/forms/none.svc/Submissions")) == 404.1
    assert problem(outsider.get("/v1/projects/2/forms")) == 404.1


def test_a_phone_cannot_read(server: OdkServer, connect: Connect) -> None:
    client = connect(server, None)
    path = f"/v1/key/{server.app_user_key}/projects/1/forms"

    assert problem(client.get(path)) == 403.1
    assert problem(client.get(path.replace(server.app_user_key, "x"))) == 401.2


def test_a_viewer_can_neither_delete_nor_see_the_audit_log(odk: OdkClient) -> None:
    number_one = odk.rows(top=1)[0]["__id"]

    answer = odk.delete(f"{odk.form}/submissions/{number_one}")

    assert problem(answer) == 403.1
    assert problem(odk.get("/v1/audits")) == 403.1


def test_a_server_in_another_process_has_the_passwords_of_the_same_secret(
    serve: Serve,
) -> None:
    one, other = (serve(secret=SEED) for _ in range(2))

    assert one.accounts == other.accounts
    assert one.accounts["admin"].password != one.accounts["viewer"].password
    assert serve().accounts != one.accounts


def test_passwords_and_tokens_are_in_no_text(server: OdkServer) -> None:
    with httpx.Client(base_url=server.url, verify=NO_TLS) as client:
        token = log_in(client, server, "viewer")

    account = server.accounts["viewer"]
    session = server.service.sessions.with_token(token, server.now)
    assert account.password not in repr(account)
    assert token not in repr(session)
    assert token not in repr(server.requests)
