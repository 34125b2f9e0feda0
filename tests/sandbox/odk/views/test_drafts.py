"""Files of a form and its drafts over HTTP, by the rules that Central's source has."""

import hashlib
from dataclasses import replace
from typing import Any

import httpx
import pytest

from sandbox.odk import OdkServer
from sandbox.odk.for_tests.samples import Connect, OdkClient, Serve, sample_form

CSV = b"family_code\nMX-01-0001\n"


@pytest.fixture
def listed(serve: Serve) -> OdkServer:
    """Serve the sample form with a question that reads families.csv."""
    form = sample_form()
    row: dict[str, Any] = {
        "type": "select_one_from_file",
        "file": "families.csv",
        "name": "family",
        "$xpath": "family",
        "label": ["Family", "Familia"],
    }
    versions = tuple(
        replace(one, content={**one.content, "survey": [*one.content["survey"], row]})
        for one in form.versions
    )
    return serve(replace(form, versions=versions))


@pytest.fixture
def form(listed: OdkServer) -> str:
    return f"/v1/projects/1/forms/{next(iter(listed.service.forms))}"


@pytest.fixture
def admin(listed: OdkServer, connect: Connect) -> OdkClient:
    return connect(listed, "admin")


def fill(admin: OdkClient, form: str, name: str = "families.csv") -> httpx.Response:
    return admin.post(
        f"{form}/draft/attachments/{name}",
        content=CSV,
        headers={"Content-Type": "text/csv"},
    )


def publish(admin: OdkClient, form: str, version: str | None = None) -> httpx.Response:
    params = {"version": version} if version else {}
    return admin.post(f"{form}/draft/publish", params=params)


def test_a_form_has_a_slot_for_each_file_that_it_reads(
    admin: OdkClient, form: str
) -> None:
    (slot,) = admin.get(f"{form}/attachments").json()

    assert slot["name"] == "families.csv"
    assert (slot["exists"], slot["blobExists"], slot["hash"]) == (False, False, None)


def test_a_file_is_part_of_the_form_once_its_draft_is_published(
    admin: OdkClient, form: str
) -> None:
    assert admin.get(f"{form}/draft").status_code == 404
    assert admin.post(f"{form}/draft").status_code == 200
    assert fill(admin, form).status_code == 200
    assert admin.get(f"{form}/attachments").json()[0]["exists"] is False

    assert publish(admin, form, "9").status_code == 200

    (slot,) = admin.get(f"{form}/attachments").json()
    assert slot["hash"] == hashlib.md5(CSV, usedforsecurity=False).hexdigest()
    assert admin.get(f"{form}/attachments/families.csv").content == CSV
    assert admin.get(f"{form}/versions").json()[0]["version"] == "9"
    assert b'version="9"' in admin.get(f"{form}.xml").content
    assert admin.get(f"{form}/draft").status_code == 404


def test_a_version_name_is_taken_once(admin: OdkClient, form: str) -> None:
    admin.post(f"{form}/draft")

    answer = publish(admin, form)

    assert answer.status_code == 409
    assert answer.json()["code"] == 409.6


def test_a_draft_begins_with_the_files_of_the_form(admin: OdkClient, form: str) -> None:
    admin.post(f"{form}/draft")
    fill(admin, form)
    publish(admin, form, "9")

    admin.post(f"{form}/draft")

    assert admin.get(f"{form}/draft/attachments").json()[0]["exists"] is True


def test_there_is_no_file_without_a_slot_nor_a_slot_without_a_draft(
    admin: OdkClient, form: str
) -> None:
    assert fill(admin, form).status_code == 404
    admin.post(f"{form}/draft")
    assert fill(admin, form, "sites.csv").status_code == 404
    assert admin.delete(f"{form}/draft").status_code == 200
    assert fill(admin, form).status_code == 404


def test_a_viewer_reads_files_and_changes_nothing(
    listed: OdkServer, connect: Connect, admin: OdkClient, form: str
) -> None:
    viewer = connect(listed)

    assert viewer.get(f"{form}/attachments").status_code == 200
    assert viewer.post(f"{form}/draft").status_code == 403
    admin.post(f"{form}/draft")
    assert viewer.get(f"{form}/draft").status_code == 403
    assert fill(viewer, form).status_code == 403
    assert publish(viewer, form, "9").status_code == 403
