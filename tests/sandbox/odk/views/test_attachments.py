from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from sandbox.odk import OdkServer
from sandbox.odk.for_tests.samples import (
    FORM_ID,
    NO_TLS,
    Connect,
    OdkClient,
    Serve,
    root,
    sample_form,
)

NAME = "foto año.png"
FILE = f"{OdkClient.form}/submissions/{root(3)}/attachments/{quote(NAME)}"


def with_photo(serve: Serve, **setting: Any) -> OdkServer:  # noqa: ANN401 - as serve takes it
    server = serve(sample_form(row_3={"photo": NAME}), **setting)
    server.acts.attach(FORM_ID, root(3), NAME, b"bytes of a photo")
    return server


def test_an_announced_file_is_listed_before_it_is_there(
    serve: Serve, connect: Connect
) -> None:
    server = serve(sample_form(row_3={"photo": NAME}))
    odk = connect(server)
    path = FILE.rpartition("/")[0]

    assert odk.get(path).json() == [{"name": NAME, "exists": False}]
    assert odk.get(FILE).status_code == 404
    server.acts.attach(FORM_ID, root(3), NAME)
    assert odk.get(path).json() == [{"name": NAME, "exists": True}]
    assert odk.get(FILE).content.startswith(b"\x89PNG")


def test_a_file_comes_with_its_name_and_its_digest(
    serve: Serve, connect: Connect
) -> None:
    answer = connect(with_photo(serve)).get(FILE)

    assert answer.content == b"bytes of a photo"
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["ETag"] == '"895a7fe236c4ea25e726ed7ae5982ed2"'
    assert answer.headers["Content-Disposition"] == (
        "inline; filename=\"foto a-o.png\"; filename*=UTF-8''foto%20a%C3%B1o.png"
    )


def test_files_of_a_deleted_submission_are_out_of_reach(
    serve: Serve, connect: Connect
) -> None:
    server = with_photo(serve)
    server.acts.delete(FORM_ID, root(3))

    assert connect(server).get(FILE).status_code == 404


def test_a_store_takes_its_own_signature_and_no_other_credentials(
    serve: Serve, connect: Connect
) -> None:
    odk = connect(with_photo(serve, has_store=True))
    moved = odk.get(FILE)
    where = moved.headers["Location"]

    assert moved.status_code == 307
    assert httpx.URL(where).port != odk.base_url.port
    assert odk.get(where).status_code == 400, "the token went along"
    with httpx.Client(verify=NO_TLS) as stranger:
        assert stranger.get(where).content == b"bytes of a photo"
        assert stranger.get(where[:-1] + "x").status_code == 403


def test_a_client_that_follows_as_it_should_gets_the_file(
    serve: Serve, connect: Connect
) -> None:
    odk = connect(with_photo(serve, has_store=True))

    answer = odk.get(FILE, follow_redirects=True)

    assert answer.content == b"bytes of a photo"


@pytest.mark.parametrize(("seconds", "status"), [(60, 200), (61, 403)])
def test_an_address_in_the_store_is_good_for_a_minute(
    serve: Serve, connect: Connect, seconds: int, status: int
) -> None:
    server = with_photo(serve, has_store=True)
    where = connect(server).get(FILE).headers["Location"]

    server.set_clock(server.now + timedelta(seconds=seconds))

    with httpx.Client(verify=NO_TLS) as stranger:
        assert stranger.get(where).status_code == status
