"""Files of a project over HTTP, by the rules that KoboToolbox's source has."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

import httpx
import pytest

from sandbox.kobo import KoboServer
from sandbox.kobo.for_tests.samples import REDEPLOYED, UID, Connect, SampleClient

CONTENT = b"site_code\nMX-01\n"


def body(name: str = "sites.csv", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    encoded = base64.b64encode(CONTENT).decode()
    return {
        "description": "Sites",
        "file_type": "form_media",
        "metadata": f'{{"filename": "{name}"}}',
        "base64Encoded": f"data:text/csv;base64,{encoded}",
        **more,
    }


def files(kobo: SampleClient, **params: str) -> dict[str, Any]:
    found: dict[str, Any] = kobo.get(f"{kobo.asset}files/", params=params).json()
    return found


def add(kobo: SampleClient, **sent: Any) -> httpx.Response:  # noqa: ANN401 - JSON
    return kobo.post(f"{kobo.asset}files/", json=body(**sent))


def deploy(kobo: SampleClient, **sent: Any) -> httpx.Response:  # noqa: ANN401 - JSON
    return kobo.patch(f"{kobo.asset}deployment/", json=sent)


def test_a_file_is_listed_with_the_hash_of_its_content(kobo: SampleClient) -> None:
    answer = add(kobo)

    assert answer.status_code == 201
    (row,) = files(kobo, file_type="form_media")["results"]
    assert row == answer.json()
    digest = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()
    assert row["metadata"] == {
        "hash": f"md5:{digest}",
        "filename": "sites.csv",
        "mimetype": "text/csv",
    }
    assert kobo.get(row["content"]).content == CONTENT
    assert kobo.get(kobo.asset).json()["files"] == [row]
    assert files(kobo, file_type="map_layer")["count"] == 0


def test_a_name_is_taken_until_its_file_is_deleted(kobo: SampleClient) -> None:
    uid = add(kobo).json()["uid"]

    again = add(kobo)
    assert again.status_code == 400
    assert again.json() == {"base64Encoded": ["File already exists"]}
    assert kobo.delete(f"{kobo.asset}files/{uid}/").status_code == 204
    assert kobo.delete(f"{kobo.asset}files/{uid}/").status_code == 404
    assert add(kobo).status_code == 201


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"description": ""}, "description"),
        ({"file_type": "csv"}, "file_type"),
        ({"metadata": "{"}, "metadata"),
        ({"metadata": "{}"}, "metadata"),
        ({"metadata": {"name": "a.csv"}}, "metadata"),
        ({"base64Encoded": "c2l0ZXM="}, "base64Encoded"),
        ({"name": "sites.txt"}, "base64Encoded"),
    ],
)
def test_what_a_real_server_refuses_is_refused(
    kobo: SampleClient, wrong: dict[str, Any], told: str
) -> None:
    answer = add(kobo, **wrong)

    assert answer.status_code == 400
    assert list(answer.json()) == [told]
    assert files(kobo)["count"] == 0


def test_only_who_may_edit_the_form_changes_files_or_deploys(
    server: KoboServer, connect: Connect
) -> None:
    uid = add(connect(server)).json()["uid"]
    for account, status in (("viewer", 403), ("outsider", 404)):
        kobo = connect(server, account)
        path = f"{kobo.asset}files/"
        assert kobo.post(path, json=body("other.csv")).status_code == status
        assert kobo.delete(f"{path}{uid}/").status_code == status
        assert deploy(kobo, version_id="v").status_code == status

    assert files(connect(server, "viewer"))["count"] == 1


def test_phones_get_what_was_there_when_the_project_was_deployed(
    server: KoboServer, kobo: SampleClient
) -> None:
    version = kobo.get(kobo.asset).json()["version_id"]
    add(kobo)
    assert server.service.media.on_phones == {}
    server.set_clock(REDEPLOYED + timedelta(days=1))

    assert deploy(kobo, active=True).status_code == 200
    assert server.service.media.on_phones == {}
    assert deploy(kobo, version_id=version).status_code == 200

    assert server.service.media.on_phones == {UID: {"sites.csv": CONTENT}}
    after = kobo.get(kobo.asset).json()
    assert after["version_id"] == after["deployed_version_id"] == version
    assert after["date_deployed"][:10] == f"{server.now:%Y-%m-%d}"


def test_only_the_newest_version_can_be_deployed(kobo: SampleClient) -> None:
    assert deploy(kobo, version_id="vOld").status_code == 500


def test_a_project_that_was_changed_has_a_version_that_is_not_deployed(
    server: KoboServer, kobo: SampleClient
) -> None:
    server.service.media.undeployed.add(UID)

    asset = kobo.get(kobo.asset).json()

    assert asset["version_id"] != asset["deployed_version_id"]
