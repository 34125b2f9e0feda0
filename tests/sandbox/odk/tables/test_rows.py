import hashlib
from datetime import timedelta

from sandbox.odk.acts import Sent
from sandbox.odk.for_tests.samples import (
    FORM_ID,
    REDEPLOYED,
    Connect,
    OdkClient,
    Serve,
    root,
    sample_content,
    sample_form,
)

BEFORE = REDEPLOYED - timedelta(seconds=1)


def test_answers_nest_by_group_and_numbers_are_numbers(odk: OdkClient) -> None:
    row = odk.row(3, expand="*")

    assert row["home"] == {"size": 3, "place": None}
    assert row["country"] == "co"
    assert row["money"]["total"] == "3.0"
    assert row["money"]["source"][0]["amount"] == 3.5
    assert row["money"]["source"][1] == {
        "kind": "gift",
        "amount": None,
        "__id": row["money"]["source"][1]["__id"],
    }


def test_a_row_shows_what_the_current_version_asks_and_no_more(
    serve: Serve, connect: Connect
) -> None:
    server = serve(sample_form(row_1={"odd-name.x": "said"}), clock=BEFORE)
    odk = connect(server)
    old = odk.row(1)
    server.set_clock(REDEPLOYED)
    new = odk.row(1)

    assert (old["odd_name_x"], "extra" in old) == ("said", False)
    assert ("odd_name_x" in new, new["extra"]) == (False, None)
    xml = odk.get(f"{odk.form}/submissions/{root(1)}.xml").text
    assert "<odd-name.x>said</odd-name.x>" in xml


def test_without_expansion_a_repeat_is_a_link(odk: OdkClient) -> None:
    money = odk.row(3)["money"]

    assert "source" not in money
    link = money["source@odata.navigationLink"]
    assert link == f"Submissions('{root(3).replace(':', '%3A')}')/money/source"
    items = odk.get(f"{odk.form}.svc/{link}").json()["value"]
    assert [item["kind"] for item in items] == ["work", "gift"]


def test_a_repeat_without_items_has_neither_key(serve: Serve, connect: Connect) -> None:
    server = serve(sample_form(row_1={"money/source": None}))

    money = connect(server).row(1, expand="*")["money"]

    assert money == {"total": "1.0"}


def test_the_id_of_an_item_is_its_place_alone(serve: Serve, connect: Connect) -> None:
    server = serve()
    odk = connect(server)
    before = odk.row(3, expand="*")["money"]["source"]

    server.acts.edit(
        FORM_ID, root(3), Sent({"money/source": [{"money/source/kind": "gift"}]})
    )
    (left,) = odk.row(3, expand="*")["money"]["source"]

    text = f"Submissions#{root(3)}%%money#%%source#0"
    digest = hashlib.sha1(text.encode(), usedforsecurity=False)
    assert before[0]["__id"] == digest.hexdigest()
    assert (left["kind"], left["__id"]) == ("gift", before[0]["__id"])


def test_a_repeat_within_a_repeat_has_a_table_whose_rows_name_the_outer_item(
    serve: Serve, connect: Connect
) -> None:
    inner = [
        {"name": "day", "type": "begin_group"},
        {"name": "trip", "type": "begin_repeat"},
        {"name": "leg", "type": "begin_repeat"},
        {"name": "to", "type": "text"},
        {"type": "end_repeat"},
        {"type": "end_repeat"},
        {"type": "end_group"},
    ]
    server = serve()
    server.acts.publish(FORM_ID, "3", sample_content(*inner))
    trips = [{"day/trip/leg": [{"day/trip/leg/to": place}]} for place in ("A", "B")]
    root_id = server.acts.submit(FORM_ID, Sent({"day/trip": trips}))
    odk = connect(server)

    row = odk.page(f"('{root_id}')", expand="*")["value"][0]["day"]
    legs = odk.page(".day.trip.leg")["value"]

    second = row["trip"][1]
    assert [leg["__Submissions-day-trip-id"] for leg in legs] == [
        trip["__id"] for trip in row["trip"]
    ]
    assert second["leg"][0]["to"] == "B"
    link = f"{odk.form}.svc/{second['leg@odata.navigationLink']}"
    assert [leg["to"] for leg in odk.get(link).json()["value"]] == ["B"]
    metadata = odk.get(f"{odk.form}.svc/$metadata").text
    assert 'Name="__Submissions-day-trip-id"' in metadata


def test_a_selection_shows_parts_of_a_row(odk: OdkClient) -> None:
    (row,) = odk.rows(select="__id,home/size,__system/edits", top=1)

    assert row == {"home": {"size": 12}, "__id": root(12), "__system": {"edits": 0}}
    assert list(odk.rows(select="__id,__system", top=1)[0]) == ["__id", "__system"]
    assert odk.rows(select="*", top=1) == odk.rows(top=1)
    assert odk.ask(select="none").json()["code"] == 400.23
    assert odk.ask(select="money/source/kind").json()["code"] == 400.24


def test_a_selection_of_items_is_of_their_own_columns(odk: OdkClient) -> None:
    items = odk.page(".money.source", select="kind,__Submissions-id", top=1)["value"]

    assert items == [{"kind": "work", "__Submissions-id": root(12)}]
    assert odk.ask(".money.source", select="country").json()["code"] == 400.23


def test_places_are_shown_as_asked(serve: Serve, connect: Connect) -> None:
    odk = connect(serve(sample_form(row_1={"home/place": "1.5 -2 10 4.5"})))

    assert odk.row(1)["home"]["place"] == {
        "type": "Point",
        "coordinates": [-2, 1.5, 10],
        "properties": {"accuracy": 4.5},
    }
    assert odk.row(1, wkt="true")["home"]["place"] == "POINT (-2 1.5 10)"


def test_an_encrypted_form_shows_no_answers(serve: Serve, connect: Connect) -> None:
    odk = connect(serve(encrypted=[FORM_ID]))

    (row,) = odk.rows(top=1, expand="*")

    assert list(row) == ["__id", "__system"]
    assert row["__system"]["status"] == "notDecrypted"
    assert row["__system"]["formVersion"].startswith("1[encrypted:")
    assert odk.page(".money.source")["value"] == []
    assert "<country>" not in odk.get(f"{odk.form}/submissions/{root(1)}.xml").text
    assert odk.get(odk.form).json()["keyId"] == 1
