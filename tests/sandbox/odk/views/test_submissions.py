import csv
import io
import zipfile

import pytest

from sandbox.odk import OdkServer
from sandbox.odk.acts import Sent
from sandbox.odk.for_tests.samples import (
    FORM_ID,
    Connect,
    OdkClient,
    Serve,
    root,
    sample_form,
)

EXTENDED = {"X-Extended-Metadata": "true"}


@pytest.fixture
def edited(server: OdkServer) -> str:
    """Edit the third submission with the second version; return the new id."""
    return server.acts.edit(FORM_ID, root(3), Sent({"home/size": "tres"}))


def test_text_in_a_number_is_null_in_the_row_and_stands_in_the_xml(
    odk: OdkClient,
    edited: str,  # noqa: ARG001 - as it then is
) -> None:
    xml = odk.get(f"{odk.form}/submissions/{root(3)}.xml").text

    assert odk.row(3)["home"]["size"] is None
    assert "<size>tres</size>" in xml


def test_every_version_of_a_submission_is_kept(odk: OdkClient, edited: str) -> None:
    path = f"{odk.form}/submissions/{root(3)}/versions"

    newest, oldest = odk.get(path, headers=EXTENDED).json()

    assert (newest["instanceId"], newest["current"]) == (edited, True)
    assert (oldest["instanceId"], oldest["current"]) == (root(3), False)
    assert [one["formVersion"] for one in (newest, oldest)] == ["2", "1"]
    assert "formVersion" not in odk.get(path).json()[0]
    assert "<size>3</size>" in odk.get(f"{path}/{root(3)}.xml").text
    assert "<size>tres</size>" in odk.get(f"{path}/{edited}.xml").text
    assert odk.get(f"{path}/{root(4)}").status_code == 404


def test_the_id_of_an_edit_leads_to_the_submission(odk: OdkClient, edited: str) -> None:
    answer = odk.get(f"{odk.form}/submissions/{edited}")

    assert answer.status_code == 301
    where = f"{root(3).replace(':', '%3A')}/versions/{edited}"
    assert answer.headers["Location"].endswith(where)
    assert odk.get(answer.headers["Location"]).json()["instanceId"] == edited
    row = odk.get(f"{odk.form}/submissions/{root(3)}").json()
    assert row["currentVersion"]["instanceId"] == edited


def test_what_happened_to_a_submission_is_told_newest_first(
    server: OdkServer,
    odk: OdkClient,
    edited: str,  # noqa: ARG001 - as it then is
) -> None:
    server.acts.review(FORM_ID, root(3), "approved")
    server.acts.delete(FORM_ID, root(3))
    server.acts.restore(FORM_ID, root(3))

    entries = odk.get(f"{odk.form}/submissions/{root(3)}/audits").json()

    assert [one["action"].removeprefix("submission.") for one in entries] == [
        "restore",
        "delete",
        "update",
        "update.version",
        "create",
    ]
    assert entries[2]["details"]["reviewState"] == "approved"


def test_the_trash_has_a_list_of_its_own(server: OdkServer, odk: OdkClient) -> None:
    server.acts.delete(FORM_ID, root(3))

    (trashed,) = odk.get(f"{odk.form}/submissions?deleted=true").json()
    live = odk.get(f"{odk.form}/submissions?limit=2&offset=1").json()

    assert (trashed["instanceId"], bool(trashed["deletedAt"])) == (root(3), True)
    assert [one["instanceId"] for one in live] == [root(11), root(10)]


def test_an_admin_deletes_and_restores(server: OdkServer, connect: Connect) -> None:
    admin = connect(server, "admin")
    path = f"{admin.form}/submissions/{root(3)}"

    assert admin.delete(path).json() == {"success": True}
    assert admin.get(path).status_code == 404
    assert admin.post(f"{path}/restore").json() == {"success": True}
    assert admin.get(path).status_code == 200


def test_the_table_keeps_the_text_and_if_asked_what_was_dropped(
    serve: Serve, connect: Connect
) -> None:
    answers = {"odd-name.x": "said", "home/size": "tres", "home/place": "1.50 2"}
    odk = connect(serve(sample_form(row_12=answers)))
    path = f"{odk.form}/submissions.csv"

    plain = next(csv.DictReader(io.StringIO(odk.get(path).text)))
    full = odk.get(path, params={"deletedFields": "true"}).text
    whole = next(csv.DictReader(io.StringIO(full)))

    assert (plain["home-size"], plain["home-place-Latitude"]) == ("tres", "1.50")
    assert (plain["KEY"], "odd-name.x" in plain) == (root(12), False)
    assert whole["odd-name.x"] == "said"


def test_the_archive_has_a_table_for_each_repeat(odk: OdkClient) -> None:
    answer = odk.get(f"{odk.form}/submissions.csv.zip")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == [f"{FORM_ID}.csv", f"{FORM_ID}-source.csv"]
        items = archive.read(f"{FORM_ID}-source.csv").decode().splitlines()
    assert items[0] == "kind,amount,PARENT_KEY,KEY"
    assert items[1] == f"work,12.50,{root(12)},{root(12)}/money/source[1]"


def test_what_the_stand_in_lacks_it_says(server: OdkServer, connect: Connect) -> None:
    admin = connect(server, "admin")

    answer = admin.get(f"{admin.form}/submissions/{root(3)}/diffs")

    assert answer.status_code == 501
    assert "does not cover" in answer.json()["message"]
