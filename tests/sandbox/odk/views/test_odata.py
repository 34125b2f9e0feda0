import base64

import pytest

from sandbox.odk import OdkServer
from sandbox.odk.acts import Sent
from sandbox.odk.for_tests.samples import (
    FORM_ID,
    Connect,
    OdkClient,
    Serve,
    number_of,
    root,
)


def token(instance_id: str) -> str:
    text = f'{{"instanceId":"{instance_id}"}}'
    return "01" + base64.b64encode(text.encode()).decode()


def test_without_a_limit_everything_comes_newest_first(odk: OdkClient) -> None:
    page = odk.page()

    assert [number_of(row["__id"]) for row in page["value"]] == list(range(12, 0, -1))
    assert "@odata.nextLink" not in page


def test_pages_follow_each_other_and_count_everything(odk: OdkClient) -> None:
    pages = list(odk.followed(top=5, count="true"))

    numbers = [number_of(row["__id"]) for page in pages for row in page["value"]]
    assert numbers == list(range(12, 0, -1))
    assert [page["@odata.count"] for page in pages] == [12, 12, 12]


def test_the_next_page_names_the_servers_own_domain_and_repeats_the_question(
    serve: Serve, connect: Connect
) -> None:
    odk = connect(serve(domain="https://odk.example.org"))

    page = odk.page(top=2, expand="*", filter="__system/updatedAt eq null", skip=1)

    link = page["@odata.nextLink"]
    assert link.startswith(f"https://odk.example.org{odk.table}?%24top=2&%24expand=*")
    assert "%24filter=__system%2FupdatedAt+eq+null" in link
    assert "skip=" not in link
    assert page["@odata.context"].startswith("https://odk.example.org/v1/")


def test_new_arrivals_do_not_shift_later_pages(
    server: OdkServer, odk: OdkClient
) -> None:
    first = odk.page(top=5)
    server.acts.submit(FORM_ID, Sent({}))
    path = first["@odata.nextLink"].removeprefix(server.url)

    rows = odk.get(path).json()["value"]

    assert [number_of(row["__id"]) for row in rows] == [7, 6, 5, 4, 3]


def test_after_a_deleted_row_pages_go_on_and_after_a_purged_one_they_end(
    server: OdkServer, odk: OdkClient
) -> None:
    server.acts.delete(FORM_ID, root(8))
    assert odk.numbers(top=2, skiptoken=token(root(8))) == [7, 6]

    server.acts.purge(FORM_ID, root(8))
    answer = odk.ask(top=2, skiptoken=token(root(8)))
    assert (answer.status_code, answer.json()["value"]) == (200, [])
    assert "@odata.nextLink" not in answer.json()


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ({"top": "-1"}, 500, None),
        ({"skip": "-1"}, 500, None),
        ({"top": "many"}, 400, 400.11),
        ({"expand": "money"}, 501, 501.6),
        ({"expand": "*", "select": "__id"}, 501, 501.11),
        ({"orderby": "__id", "skiptoken": token("x")}, 501, 501.1),
        ({"skiptoken": "zzz"}, 400, 400.35),
        ({"skiptoken": "01zzz"}, 400, 400.35),
        ({"skiptoken": "01é"}, 400, 400.35),
    ],
)
def test_what_the_real_server_refuses_is_refused(
    odk: OdkClient, options: dict[str, str], status: int, code: float | None
) -> None:
    answer = odk.ask(**options)

    assert (answer.status_code, answer.json().get("code")) == (status, code)


def test_a_count_alone_needs_no_rows(odk: OdkClient) -> None:
    page = odk.page(top=0, count="true")

    assert (page["value"], page["@odata.count"]) == ([], 12)
    assert "@odata.nextLink" not in page


def test_the_link_after_an_ordered_page_leads_nowhere(
    server: OdkServer, odk: OdkClient
) -> None:
    page = odk.page(top=2, orderby="__system/submissionDate asc")

    link = page["@odata.nextLink"].removeprefix(server.url)

    assert odk.get(link).json()["code"] == 501.1


def test_items_of_a_repeat_have_pages_of_their_own(odk: OdkClient) -> None:
    first = odk.page(".money.source", top=3, count="true")
    path = first["@odata.nextLink"].partition("/v1/")[2]

    second = odk.get(f"/v1/{path}").json()["value"]

    assert first["@odata.count"] == 24
    parents = [number_of(row["__Submissions-id"]) for row in first["value"] + second]
    assert parents == [12, 12, 11, 11, 10, 10]
    assert odk.ask(".money.none").json()["code"] == 404.1
    unknown = "01" + base64.b64encode(b'{"repeatId":"none"}').decode()
    assert odk.ask(".money.source", skiptoken=unknown).json()["code"] == 400.34


def test_items_of_one_submission_have_pages_too(odk: OdkClient) -> None:
    path = f"('{root(3)}')/money/source"
    first = odk.page(path, top=1, count="true")
    link = first["@odata.nextLink"].partition("/v1/")[2]

    (second,) = odk.get(f"/v1/{link}").json()["value"]

    assert (first["value"][0]["kind"], second["kind"]) == ("work", "gift")
    assert first["@odata.count"] == 2


def test_a_tag_does_not_change_with_what_it_ignores(
    server: OdkServer, odk: OdkClient
) -> None:
    tag = odk.ask().headers["ETag"]
    known = {"If-None-Match": tag}

    assert odk.get(odk.table, headers=known).status_code == 304
    server.acts.review(FORM_ID, root(1), "approved")
    assert odk.get(odk.table, headers=known).status_code == 200


def test_the_service_names_a_table_for_each_repeat(odk: OdkClient) -> None:
    document = odk.get(f"{odk.form}.svc").json()
    metadata = odk.get(f"{odk.form}.svc/$metadata")

    names = [one["name"] for one in document["value"]]
    assert names == ["Submissions", "Submissions.money.source"]
    assert '<Property Name="size" Type="Edm.Int64"' in metadata.text
    assert metadata.headers["Content-Type"].startswith("application/xml")
    assert odk.get(f"{odk.form}.svc/$metadata?$format=json").status_code == 406


def test_a_long_address_is_too_long_for_the_proxy(odk: OdkClient) -> None:
    wanted = " or ".join(f"__id eq '{root(number)}'" for number in range(200))

    assert odk.ask(filter=wanted).status_code == 414


def test_rows_come_in_chunks_of_no_announced_length(odk: OdkClient) -> None:
    headers = odk.ask().headers

    assert headers["Transfer-Encoding"] == "chunked"
    assert "Content-Length" not in headers
