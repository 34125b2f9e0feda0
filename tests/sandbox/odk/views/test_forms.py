from sandbox.odk import OdkServer
from sandbox.odk.for_tests.samples import FORM_ID, OdkClient, root

EXTENDED = {"X-Extended-Metadata": "true"}


def test_a_form_tells_how_many_submissions_it_has(
    server: OdkServer, odk: OdkClient
) -> None:
    server.acts.review(FORM_ID, root(1), "hasIssues")
    server.acts.review(FORM_ID, root(2), "approved")

    (form,) = odk.get("/v1/projects/1/forms", headers=EXTENDED).json()

    assert form["submissions"] == 12
    assert form["reviewStates"] == {"received": 10, "hasIssues": 1, "edited": 0}
    assert form["lastSubmission"] == "2021-02-01T00:00:12.000Z"
    assert "submissions" not in odk.get(odk.form).json()


def test_versions_are_listed_newest_first_with_their_hashes(odk: OdkClient) -> None:
    newest, oldest = odk.get(f"{odk.form}/versions").json()

    assert (newest["version"], oldest["version"]) == ("2", "1")
    assert newest["hash"] == odk.get(odk.form).json()["hash"] != oldest["hash"]
    assert oldest["publishedAt"] == "2021-01-01T00:00:00.000Z"


def test_each_version_tells_what_it_asks(odk: OdkClient) -> None:
    old = odk.get(f"{odk.form}/versions/1/fields?odata=true").json()
    new = odk.get(f"{odk.form}/fields").json()

    by_path = {one["path"]: one for one in old}
    assert by_path["/odd_name_x"]["name"] == "odd_name_x"
    assert by_path["/photo"]["binary"] is True
    assert by_path["/money/source"]["type"] == "repeat"
    assert "/odd-name.x" not in {one["path"] for one in new}
    assert odk.get(f"{odk.form}/versions/9/fields").json()["code"] == 404.1


def test_labels_are_in_the_xml_of_each_version_alone(odk: OdkClient) -> None:
    old = odk.get(f"{odk.form}/versions/1.xml")
    new = odk.get(f"{odk.form}.xml")

    assert old.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert ("Raro" in old.text, "Raro" in new.text) == (True, False)
    assert "Más" in new.text


def test_the_project_says_what_the_caller_may_do(odk: OdkClient) -> None:
    (project,) = odk.get("/v1/projects").json()

    assert "submission.read" in project["verbs"]
    assert "submission.delete" not in project["verbs"]
    assert odk.get("/v1/projects/1").json() == project
