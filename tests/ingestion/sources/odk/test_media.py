from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from ingestion.errors import SourceRejectedError, SourceUnavailableError
from ingestion.sources.connections import Connection
from ingestion.sources.http import PatientClient
from ingestion.sources.media import MediaFile
from ingestion.sources.odk import OdkMedia, OdkSource, SessionAuth
from ingestion.sources.odk.media import form_name_of
from ingestion.sources.writing import WritingClient
from sandbox.odk import OdkServer
from sandbox.odk.stored.media import Draft
from sandbox.pilot.model import Form, FormVersion
from tests.ingestion.conftest import SHORT
from tests.ingestion.small_forms import day

UID = "journal"
VERSION = "2021010401"
FAMILIES = MediaFile("families.csv", b"family_code\nMX-01-0001\n", 1)
OTHERS = MediaFile("families.csv", b"family_code\nMX-01-0002\n", 1)
LAST_MONTH = MediaFile("last_month.csv", b"family_code,inc_total\n", 0)
NAMES = ["families.csv", "last_month.csv"]
CONTENT: dict[str, Any] = {
    "schema": "1",
    "survey": [
        {
            "type": "select_one_from_file",
            "file": "families.csv",
            "name": "family_code",
            "$xpath": "family_code",
            "label": ["Family"],
            "parameters": "value=family_code label=family_label",
        },
        {
            "type": "calculate",
            "name": "inc_prev",
            "$xpath": "inc_prev",
            "calculation": (
                "pulldata('last_month','inc_total','family_code',${family_code})"
            ),
        },
    ],
    "choices": [],
    "settings": {"version": VERSION},
    "translated": ["label"],
    "translations": [None],
}
Keeper = Callable[..., OdkMedia]


@pytest.fixture
def server() -> Iterator[OdkServer]:
    form = Form(
        UID, "journal", "Journal", (FormVersion("v1", VERSION, day(0), CONTENT),), ()
    )
    with OdkServer([form], clock=day(1)) as server:
        yield server


def session(server: OdkServer, account: str) -> httpx.Client:
    who = server.accounts[account]
    connection = Connection("odk_main", server.url, who.password, who.email)
    return httpx.Client(base_url=server.url, auth=SessionAuth(connection, "Central"))


@pytest.fixture
def keeper(server: OdkServer) -> Iterator[Keeper]:
    """Open the keeper of the lists of a form, as an account of the server."""
    clients: list[httpx.Client] = []

    def open_as(account: str = "admin", form_id: str = UID) -> OdkMedia:
        clients.append(session(server, account))
        client = WritingClient("Central", clients[-1], SHORT)
        return OdkMedia(client, 1, form_id, "odk_main")

    yield open_as
    for client in clients:
        client.close()


def versions(server: OdkServer) -> list[str]:
    return [one.version for one in server.service.state(UID).definitions]


def phones(server: OdkServer) -> dict[str, bytes]:
    return dict(server.service.media.of(UID, versions(server)[-1]))


def test_lists_reach_phones_with_a_version_that_asks_the_same(
    server: OdkServer, keeper: Keeper
) -> None:
    keeper().replace([FAMILIES, LAST_MONTH])

    assert versions(server) == [VERSION, f"{VERSION}.lists1"]
    assert phones(server) == {
        "families.csv": FAMILIES.content,
        "last_month.csv": LAST_MONTH.content,
    }
    old, new = server.service.state(UID).definitions
    assert old.schema == new.schema
    assert keeper().digests(NAMES) == {
        "families.csv": FAMILIES.digest,
        "last_month.csv": LAST_MONTH.digest,
    }


def test_a_list_that_did_not_change_goes_along(
    server: OdkServer, keeper: Keeper
) -> None:
    keeper().replace([FAMILIES, LAST_MONTH])
    server.set_clock(day(2))
    keeper().replace([OTHERS])

    assert versions(server)[-1] == f"{VERSION}.lists2"
    assert phones(server) == {
        "families.csv": OTHERS.content,
        "last_month.csv": LAST_MONTH.content,
    }


def test_a_version_of_lists_has_the_name_that_field_maps_know(
    server: OdkServer, keeper: Keeper
) -> None:
    keeper().replace([FAMILIES])

    with session(server, "viewer") as client:
        source = OdkSource(PatientClient("Central", client, SHORT), 1, UID, "odk_main")
        found = [(one.version_id, one.name) for one in source.versions(())]

    assert found == [(VERSION, VERSION), (f"{VERSION}.lists1", VERSION)]


@pytest.mark.parametrize(
    ("version", "name"),
    [("7", "7"), ("7.lists12", "7"), ("7.lists", "7.lists"), ("", "")],
)
def test_only_the_ending_of_lists_is_left_out(version: str, name: str) -> None:
    assert form_name_of(version) == name


def test_a_draft_that_a_person_works_on_is_left_alone(
    server: OdkServer, keeper: Keeper
) -> None:
    current = server.service.state(UID).current
    other = replace(current, xml=current.xml.replace(b"Family", b"The family"))
    server.service.media.drafts[UID] = Draft(other)

    with pytest.raises(SourceRejectedError, match="somebody works on"):
        keeper().digests(NAMES)
    with pytest.raises(SourceRejectedError, match="somebody works on"):
        keeper().replace([FAMILIES])

    assert server.service.media.drafts[UID].definition == other
    assert versions(server) == [VERSION]


def test_a_run_that_was_cut_off_before_it_published_is_done_by_the_next(
    server: OdkServer, keeper: Keeper
) -> None:
    server.set_faults({"kind": "server_error", "path": "/draft/publish"})
    with pytest.raises(SourceUnavailableError):
        keeper().replace([FAMILIES])
    assert keeper().digests(NAMES) == {}

    keeper().replace([FAMILIES])

    assert phones(server) == {"families.csv": FAMILIES.content}
    assert UID not in server.service.media.drafts


def test_a_list_that_the_form_does_not_read_is_named(keeper: Keeper) -> None:
    with pytest.raises(SourceRejectedError, match=r"asks for no sites\.csv"):
        keeper().digests(["sites.csv", *NAMES])


def test_an_entity_list_is_not_written_over(server: OdkServer, keeper: Keeper) -> None:
    server.service.media.linked[UID] = {"families.csv"}

    with pytest.raises(SourceRejectedError, match="entity list"):
        keeper().digests(NAMES)


def test_an_account_that_may_only_look_is_told_which_role_it_needs(
    server: OdkServer, keeper: Keeper
) -> None:
    with pytest.raises(SourceRejectedError, match="Project Manager") as caught:
        keeper("viewer").replace([FAMILIES])

    assert caught.value.kind == "missing_permission"
    assert str(caught.value).count(". ") == 0
    assert versions(server) == [VERSION]
    assert UID not in server.service.media.drafts


def test_a_form_that_is_not_there_is_named(keeper: Keeper) -> None:
    with pytest.raises(SourceRejectedError, match="'nowhere'") as caught:
        keeper(form_id="nowhere").digests(NAMES)

    assert caught.value.kind == "missing_form"


def test_a_server_that_tells_no_content_of_files_gets_no_version_every_night(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = keeper()
    asked = media._ask  # noqa: SLF001 - an older server is what is missing

    def of_before(method: str, path: str = "", **content: Any) -> Any:  # noqa: ANN401
        found = asked(method, path, **content)
        if path == "/attachments":
            return [{"name": one["name"], "exists": True} for one in found]
        return found

    monkeypatch.setattr(media, "_ask", of_before)

    with pytest.raises(SourceRejectedError, match="upgrade ODK Central"):
        media.digests(NAMES)
