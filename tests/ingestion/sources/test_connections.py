import pytest

from ingestion.errors import ConnectionMissingError
from ingestion.sources.connections import LOGIN, find_connection

NAME = "AIRFLOW_CONN_KOBO_MAIN"


@pytest.mark.parametrize(
    ("value", "host"),
    [
        (
            '{"conn_type": "http", "host": "http://127.0.0.1:8123", "password": "t/k"}',
            "http://127.0.0.1:8123",
        ),
        (
            '{"schema": "https", "host": "kf.example", "port": 81, "password": "t/k"}',
            "https://kf.example:81",
        ),
        (
            '{"conn_type": "generic", "host": "kf.example/", "password": "t/k"}',
            "https://kf.example",
        ),
        ("https://:t%2Fk@kf.example", "https://kf.example"),
        ("http://user:t%2Fk@127.0.0.1:8123/", "http://127.0.0.1:8123"),
        ("http://:t%2Fk@kf.example:81/https", "https://kf.example:81"),
        ("http://:t%2Fk@https%3A%2F%2Fkf.example", "https://kf.example"),
    ],
)
def test_both_forms_of_airflow_are_understood(value: str, host: str) -> None:
    connection = find_connection("kobo_main", {NAME: value})

    assert (connection.host, connection.password) == (host, "t/k")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", f"set {NAME}"),
        ('{"host": "secret"', "begins like JSON but is not"),
        ('{"host": "kf.example"}', "has no password"),
        ("https://:secret@", "has no host"),
        ('{"host": "https://u:secret@kf.example", "password": "x"}', "holds a login"),
        ('{"host": "kf.example:port", "password": "secret"}', "host or the port"),
        ("https://:secret@kf.example:99999", "host or the port"),
        ('{"host": "kf.example", "password": "secret\u00e9"}', "no API token"),
        ('{"host": "ftp://kf.example", "password": "secret"}', "must begin with http"),
    ],
)
def test_what_is_missing_is_said_without_the_secret(value: str, reason: str) -> None:
    with pytest.raises(ConnectionMissingError) as error:
        find_connection("kobo_main", {NAME: value})

    assert reason in str(error.value)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    "value",
    [
        '{"host": "odk.example", "login": "a@b.example", "password": " t/k é "}',
        "https://a%40b.example:%20t%2Fk%20%C3%A9%20@odk.example",
    ],
)
def test_an_account_has_a_login_and_any_password(value: str) -> None:
    connection = find_connection("kobo_main", {NAME: value}, needs=LOGIN)

    assert connection.login == "a@b.example"
    assert connection.password == " t/k é "  # noqa: S105 - made up
    assert connection.host == "https://odk.example"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", '"login" \\(the account\'s e-mail\\)'),
        ('{"host": "odk.example", "password": "secret"}', "has no login"),
        ("https://:secret@odk.example", "has no login"),
        ('{"host": "odk.example", "login": "secret@b.example"}', "has no password"),
        ('{"login": "secret@b.example", "password": "secret"}', "has no host"),
    ],
)
def test_what_an_account_lacks_is_said_without_the_secret(
    value: str, reason: str
) -> None:
    with pytest.raises(ConnectionMissingError, match=reason) as error:
        find_connection("kobo_main", {NAME: value}, needs=LOGIN)

    assert NAME in str(error.value)
    assert "secret" not in str(error.value)


def test_a_connection_shows_no_token() -> None:
    connection = find_connection("kobo_main", {NAME: "https://:secret@kf.example"})

    assert "secret" not in repr(connection)


def test_spaces_around_a_token_are_left_out() -> None:
    value = '{"host": "kf.example", "password": " secret\\n"}'

    assert find_connection("kobo_main", {NAME: value}).password == "secret"  # noqa: S105 - a made-up token
