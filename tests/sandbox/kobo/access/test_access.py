from dataclasses import replace

import pytest

from sandbox.kobo import FormDataError, KoboServer
from sandbox.kobo.access.accounts import standard_accounts
from sandbox.kobo.for_tests.samples import Connect, SampleClient, Serve, sample_form


def test_without_a_token_there_are_no_projects_and_no_error(
    server: KoboServer, connect: Connect
) -> None:
    anonymous = connect(server, None)

    assert anonymous.get("/api/v2/assets/").json()["count"] == 0
    assert anonymous.get(anonymous.data).status_code == 404
    assert anonymous.get("/token/").status_code == 401


def test_a_wrong_token_is_a_401_and_bearer_counts_as_none(
    server: KoboServer, connect: Connect
) -> None:
    kobo = connect(server, None)

    def status(header: str) -> int:
        found: int = kobo.get(kobo.data, headers={"Authorization": header}).status_code
        return found

    assert status(f"Token {'0' * 40}") == 401
    assert status("Token") == 401
    assert status(f"Bearer {server.token}") == 404
    assert status(f"Token {server.token}") == 200


def test_basic_authentication_gives_the_token(
    server: KoboServer, connect: Connect
) -> None:
    kobo = connect(server, None)
    viewer = server.accounts["viewer"]

    answer = kobo.get("/token/", auth=("viewer", viewer.password))

    assert answer.json() == {"token": viewer.token}
    assert kobo.get("/token/", auth=("viewer", "guess")).status_code == 401


def test_a_viewer_reads_all_rows_but_no_history(
    server: KoboServer, connect: Connect
) -> None:
    viewer = connect(server, "viewer")

    assert viewer.get(viewer.data).json()["count"] == 12
    assert viewer.get(f"{viewer.asset}history/").status_code == 403
    assert viewer.get(f"{viewer.asset}history/actions/").status_code == 403


def test_row_level_permissions_narrow_the_list_without_a_word(
    server: KoboServer, connect: Connect
) -> None:
    partial = connect(server, "partial")

    answer = partial.get(partial.data)

    assert (answer.status_code, answer.json()["count"]) == (200, 8)
    assert {row["country"] for row in answer.json()["results"]} == {"mx"}
    assert partial.get(f"{partial.data}3/").status_code == 404
    detail = partial.get(partial.asset).json()
    assert detail["deployment__submission_count"] == 8
    assert [one["codename"] for one in detail["effective_permissions"]] == [
        "partial_submissions",
        "view_asset",
    ]


def test_who_sees_nothing_gets_404_where_others_get_403(
    server: KoboServer, connect: Connect
) -> None:
    outsider = connect(server, "outsider")

    for path in (
        "",
        "data/",
        "data/1/",
        "history/",
        "versions/",
        "content/",
        "counts/",
    ):
        assert outsider.get(f"{outsider.asset}{path}").status_code == 404, path


def test_below_a_missing_project_the_404_is_html(kobo: SampleClient) -> None:
    nested = kobo.get("/api/v2/assets/aNoSuchProject/data/")
    detail = kobo.get("/api/v2/assets/aNoSuchProject/")

    assert nested.headers["content-type"].startswith("text/html")
    assert detail.json() == {"detail": "Not found."}


def test_a_forgotten_slash_is_a_redirect(kobo: SampleClient) -> None:
    answer = kobo.get(kobo.data[:-1], params={"limit": 1})

    assert answer.status_code == 301
    assert answer.headers["location"] == f"{kobo.data}?limit=1"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "data/", 405),
        ("DELETE", "data/", 405),
        ("GET", "data/bulk/", 405),
        ("POST", "data/1/", 405),
        ("PATCH", "", 501),
        ("GET", "data/?format=xml", 501),
    ],
)
def test_what_the_stand_in_does_not_do_it_says(
    kobo: SampleClient, method: str, path: str, status: int
) -> None:
    assert kobo.request(method, f"{kobo.asset}{path}").status_code == status


def test_the_list_of_projects_pages_with_offset_too_and_searches(
    serve: Serve, connect: Connect
) -> None:
    other = replace(sample_form(rows=0), uid="aOther", name="Other form")
    kobo = connect(serve(sample_form(), other))

    def names(**params: str | int) -> list[str]:
        answer = kobo.get("/api/v2/assets/", params=params).json()
        return [row["name"] for row in answer["results"]]

    assert sorted(names()) == ["Other form", "Sample form"]
    assert names(offset=1, limit=1) == names(start=1, limit=1) == names()[1:]
    assert names(q="asset_type:survey AND NOT uid:aOther") == ["Sample form"]
    assert names(q="asset_type:block") == []
    assert names(q="other") == ["Other form"]
    assert kobo.get("/api/v2/assets/", params={"q": "a:b"}).status_code == 400


def test_ids_are_global_to_a_server(serve: Serve) -> None:
    with pytest.raises(FormDataError, match="ids are global"):
        serve(sample_form(), replace(sample_form(), uid="aOther"))


def test_a_token_of_another_shape_is_refused_and_none_is_printed() -> None:
    with pytest.raises(ValueError, match="40 hex digits"):
        standard_accounts("secret")

    for account in standard_accounts("a" * 40):
        assert account.token not in repr(account)
