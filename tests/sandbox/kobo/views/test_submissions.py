import time
from typing import Any

import pytest

from sandbox.kobo.for_tests.file_store import FileStore
from sandbox.kobo.for_tests.samples import (
    Connect,
    SampleClient,
    Serve,
    sample_form,
    sample_record,
)
from sandbox.pilot.model import Event


def test_a_page_has_a_hundred_rows_unless_more_are_asked_for(
    serve: Serve, connect: Connect
) -> None:
    server = serve(sample_form(rows=150))
    kobo = connect(server)

    answer = kobo.get(kobo.data).json()

    assert len(answer["results"]) == 100
    assert answer["count"] == 150
    assert answer["next"] == f"{server.url}{kobo.data}?limit=100&start=100"


def test_a_limit_above_a_thousand_is_cut_to_it_without_a_word(
    serve: Serve, connect: Connect
) -> None:
    kobo = connect(serve(sample_form(rows=1050)))

    answer = kobo.get(kobo.data, params={"limit": 30000}).json()

    assert len(answer["results"]) == 1000
    assert answer["next"].endswith("?limit=1000&start=1000")
    assert len(kobo.get(answer["next"]).json()["results"]) == 50


def test_a_thousand_rows_take_well_under_a_second(
    serve: Serve, connect: Connect
) -> None:
    kobo = connect(serve(sample_form(rows=1050)))
    kobo.get(kobo.data)  # the first request makes the state

    started = time.monotonic()
    kobo.ids(limit=1000)
    kobo.ids(limit=1000, fields='["_id","_uuid"]', query='{"_id":{"$gt":3}}')

    assert time.monotonic() - started < 0.5


@pytest.mark.parametrize("params", [{"offset": 5}, {"page": 2, "page_size": 5}])
def test_offset_and_page_move_the_links_but_not_the_rows(
    kobo: SampleClient, params: dict[str, int]
) -> None:
    answer = kobo.get(kobo.data, params={"limit": 5, **params}).json()

    assert [row["_id"] for row in answer["results"]] == [1, 2, 3, 4, 5]
    assert "start=10" in answer["next"]


def test_the_status_reads_as_none_when_it_is_not_among_the_fields(
    serve: Serve, connect: Connect
) -> None:
    approved = Event(sample_form().events[-1].at, "review", 2, review="approved")
    kobo = connect(serve(sample_form(approved)))

    def status(fields: str) -> dict[str, Any]:
        params = {"fields": fields, "query": '{"_id":2}'}
        (row,) = kobo.get(kobo.data, params=params).json()["results"]
        found: dict[str, Any] = row["_validation_status"]
        return found

    assert status('["_id"]') == {}
    assert status('["_validation_status"]')["uid"] == "validation_status_approved"


def test_fields_always_bring_the_identity(kobo: SampleClient) -> None:
    params = {"fields": '["hh/size"]', "limit": "1"}

    (row,) = kobo.get(kobo.data, params=params).json()["results"]

    assert set(row) == {
        "hh/size",
        "_id",
        "_uuid",
        "meta/rootUuid",
        "_validation_status",
    }


def test_answers_compare_as_text_and_ids_as_numbers(kobo: SampleClient) -> None:
    assert kobo.ids(query='{"hh/size":{"$gt":"10"}}') == [
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        11,
        12,
    ]
    assert kobo.ids(query='{"_id":{"$gt":10}}') == [11, 12]
    assert kobo.ids(query='{"_id":{"$in":["1","2"]}}') == []


def test_rows_sort_by_several_keys(kobo: SampleClient) -> None:
    assert kobo.ids(sort='{"country":1,"_id":-1}', limit=5) == [12, 9, 6, 3, 11]


def test_an_operator_mongodb_does_not_know_is_a_400_inside_a_field(
    kobo: SampleClient,
) -> None:
    nested = kobo.get(kobo.data, params={"query": '{"_id":{"$foo":1}}'})
    top = kobo.get(kobo.data, params={"query": '{"$foo":1}'})

    assert (nested.status_code, nested.json()) == (400, ["Unsupported query"])
    assert (top.status_code, top.json()["count"]) == (200, 0)


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"query": "[1]"}, "query"),
        ({"sort": "-_id"}, "sort"),
        ({"fields": "_id"}, "fields"),
        ({"start": "-1"}, "start"),
        ({"limit": "0"}, "limit"),
        ({"count": "1"}, "count"),
    ],
)
def test_a_bad_parameter_is_named_with_a_string(
    kobo: SampleClient, params: dict[str, str], field: str
) -> None:
    answer = kobo.get(kobo.data, params=params)

    assert answer.status_code == 400
    assert isinstance(answer.json()[field], str)


def test_a_row_is_found_by_id_and_by_root_uuid(kobo: SampleClient) -> None:
    row = kobo.get(f"{kobo.data}3/").json()
    root = row["meta/rootUuid"].removeprefix("uuid:")

    assert kobo.get(f"{kobo.data}{root}/").json() == row
    assert kobo.get(f"{kobo.data}3.json").json() == row


def test_links_to_attachments_lead_to_this_server(
    serve: Serve, connect: Connect
) -> None:
    path = f"{SampleClient.data}99/attachments/att1/"
    photo = {
        "download_url": f"https://elsewhere.example{path}",
        "download_small_url": f"https://elsewhere.example{path}small/",
        "mimetype": "image/png",
        "filename": "owner/attachments/a.png",
        "uid": "att1",
        "question_xpath": "photo",
    }
    note = {**photo, "mimetype": "text/plain", "uid": "att2", "question_xpath": "note"}
    record = {**sample_record(99), "_attachments": [photo, note]}
    added = Event(sample_form().events[-1].at, "add", 99, record)
    server = serve(sample_form(added))
    kobo = connect(server)

    (shown, _) = kobo.get(f"{kobo.data}99/").json()["_attachments"]
    whole, small = (
        kobo.get(shown["download_url"]),
        kobo.get(shown["download_small_url"]),
    )

    assert shown["download_url"] == f"{server.url}{path}"
    assert whole.headers["content-type"] == "image/png"
    assert whole.content == small.content
    assert whole.content.startswith(b"\x89PNG")
    assert kobo.get(f"{kobo.data}99/attachments/?xpath=note").text == photo["filename"]
    assert kobo.get(f"{kobo.data}99/attachments/att2/small/").status_code == 404
    assert connect(server, None).get(shown["download_url"]).status_code == 404


def test_a_server_with_remote_storage_sends_on_whoever_may_see_the_file(
    serve: Serve, connect: Connect
) -> None:
    photo = {
        "mimetype": "image/png",
        "filename": "owner/attachments/a.png",
        "uid": "att1",
        "question_xpath": "photo",
    }
    record = {**sample_record(99), "_attachments": [photo]}
    added = Event(sample_form().events[-1].at, "add", 99, record)
    server = serve(sample_form(added))
    server.service.files.contents["att1"] = b"a photo"
    path = f"{SampleClient.data}99/attachments/att1/"
    kobo = connect(server)
    assert kobo.get(path).content == b"a photo"

    with FileStore() as store:
        server.service.files.send_on = store.address
        sent_on = kobo.get(path)
        address = sent_on.headers["location"]
        plain = connect(server, None)
        unsigned = address.partition("?")[0]
        answers = [
            plain.get(address).status_code,
            plain.get(unsigned).status_code,
            kobo.get(address).status_code,
        ]

        assert sent_on.status_code == 307
        assert plain.get(address).content == b"a photo"
        assert plain.get(path).status_code == 404

    assert answers == [200, 403, 400]  # with a token besides, it refuses


def test_reading_the_list_is_itself_history(kobo: SampleClient) -> None:
    def views() -> list[Any]:
        answer = kobo.get(f"{kobo.asset}history/", params={"q": "action:view-data"})
        return [row["username"] for row in answer.json()["results"]]

    kobo.get(kobo.data)
    kobo.get(f"{kobo.data}1/")  # one row is not logged
    kobo.get(kobo.data, params={"limit": "0"})  # nor is a refusal

    assert views() == ["owner"]


def test_a_form_no_version_of_which_is_deployed_has_no_data(
    serve: Serve, connect: Connect
) -> None:
    form = sample_form()
    kobo = connect(serve(form, clock=form.versions[0].deployed_at.replace(year=2020)))

    answer = kobo.get(kobo.data)

    assert answer.status_code == 400
    assert answer.json() == {"detail": "The specified asset has not been deployed"}
    assert kobo.get(kobo.asset).json()["deployment_status"] == "draft"


def test_answers_no_version_of_the_form_knows_are_served_as_they_are(
    serve: Serve, connect: Connect
) -> None:
    odd = sample_record(50, answers={"hh/size": "many", "unknown": "élan ☺"})
    at = sample_form().events[-1].at
    kobo = connect(serve(sample_form(Event(at, "add", 50, odd))))

    row = kobo.get(f"{kobo.data}50/").json()

    assert (row["hh/size"], row["unknown"]) == ("many", "élan ☺")
