from collections.abc import Callable, Iterator

import httpx
import pytest

from ingestion.errors import SourceRejectedError
from ingestion.sources.kobo import KoboMedia
from ingestion.sources.media import MediaFile
from ingestion.sources.writing import WritingClient
from sandbox.kobo import KoboServer
from tests.ingestion.conftest import SHORT
from tests.ingestion.small_forms import UID, Life, day

FAMILIES = MediaFile("families.csv", "family_code\nMX-01-0001 Peña\n".encode(), 1)
OTHERS = MediaFile("families.csv", b"family_code\nMX-01-0002\n", 1)
SITES = MediaFile("sites.csv", b"site_code\nMX-01\n", 1)
NAMES = ["families.csv", "sites.csv"]
Keeper = Callable[..., KoboMedia]


@pytest.fixture
def server() -> Iterator[KoboServer]:
    with KoboServer([Life().form()], clock=day(60)) as server:
        yield server


@pytest.fixture
def keeper(server: KoboServer) -> Iterator[Keeper]:
    """Open the keeper of the lists of a form, as an account of the server."""
    clients: list[httpx.Client] = []

    def open_as(account: str = "owner", uid: str = UID) -> KoboMedia:
        token = server.accounts[account].token
        headers = {"Authorization": f"Token {token}", "Accept": "application/json"}
        clients.append(httpx.Client(base_url=server.url, headers=headers))
        return KoboMedia(WritingClient("Kobo", clients[-1], SHORT), uid, "kobo_main")

    yield open_as
    for client in clients:
        client.close()


def phones(server: KoboServer) -> dict[str, bytes]:
    return server.service.media.on_phones.get(UID, {})


def test_lists_reach_phones_and_are_then_known(
    server: KoboServer, keeper: Keeper
) -> None:
    keeper().replace([FAMILIES, SITES])

    assert phones(server) == {
        "families.csv": FAMILIES.content,
        "sites.csv": SITES.content,
    }
    assert keeper().digests(NAMES) == {
        "families.csv": FAMILIES.digest,
        "sites.csv": SITES.digest,
    }


def test_a_list_takes_the_place_of_the_one_with_its_name(
    server: KoboServer, keeper: Keeper
) -> None:
    keeper().replace([FAMILIES, SITES])
    server.set_clock(day(61))
    keeper().replace([OTHERS])

    assert phones(server) == {
        "families.csv": OTHERS.content,
        "sites.csv": SITES.content,
    }
    assert len(list(server.service.media.of(UID))) == 2


def test_to_deploy_again_makes_no_new_version(
    server: KoboServer, keeper: Keeper
) -> None:
    path = f"/api/v2/assets/{UID}/versions/"
    headers = {"Authorization": f"Token {server.token}"}
    before = httpx.get(f"{server.url}{path}", headers=headers).json()

    keeper().replace([FAMILIES])

    assert httpx.get(f"{server.url}{path}", headers=headers).json() == before


def test_other_peoples_files_stay(server: KoboServer, keeper: Keeper) -> None:
    keeper().replace([MediaFile("villages.csv", b"a\n", 0)])
    keeper().replace([FAMILIES])

    assert set(phones(server)) == {"villages.csv", "families.csv"}


def test_a_list_that_was_sent_and_not_deployed_counts_as_not_there(
    server: KoboServer, keeper: Keeper
) -> None:
    server.set_faults({"kind": "server_error", "path": "/deployment/"})
    with pytest.raises(Exception, match="500"):
        keeper().replace([FAMILIES])

    assert [one.name for one in server.service.media.of(UID)] == ["families.csv"]
    assert keeper().digests(NAMES) == {}


def test_a_project_with_changes_that_nobody_deployed_is_left_alone(
    server: KoboServer, keeper: Keeper
) -> None:
    server.service.media.undeployed.add(UID)

    with pytest.raises(SourceRejectedError, match="nobody has deployed"):
        keeper().digests(NAMES)

    assert phones(server) == {}


def test_a_change_that_begins_meanwhile_is_not_deployed(
    server: KoboServer, keeper: Keeper
) -> None:
    media = keeper()
    media.digests(NAMES)
    server.service.media.undeployed.add(UID)

    with pytest.raises(SourceRejectedError, match="nobody has deployed"):
        media.replace([FAMILIES])

    assert phones(server) == {}


def test_an_account_that_may_only_look_is_told_which_permission_it_needs(
    server: KoboServer, keeper: Keeper
) -> None:
    for act in (
        lambda: keeper("viewer").digests(NAMES),
        lambda: keeper("viewer").replace([FAMILIES]),
    ):
        with pytest.raises(SourceRejectedError, match="'Edit form'") as caught:
            act()
        assert caught.value.kind == "missing_permission"
        assert "kobo_main" in str(caught.value)
        assert str(caught.value).count(". ") == 0

    assert list(server.service.media.of(UID)) == []


def test_a_stranger_is_told_that_the_form_is_not_shared(keeper: Keeper) -> None:
    with pytest.raises(SourceRejectedError, match="share the project") as caught:
        keeper("outsider").digests(NAMES)

    assert caught.value.kind == "missing_form"


def test_a_wrong_token_is_told_as_one(server: KoboServer) -> None:
    headers = {"Authorization": f"Token {'0' * 40}"}
    with httpx.Client(base_url=server.url, headers=headers) as client:
        media = KoboMedia(WritingClient("Kobo", client, SHORT), UID, "kobo_main")

        with pytest.raises(SourceRejectedError, match="AIRFLOW_CONN_KOBO_MAIN"):
            media.digests(NAMES)


def test_lists_beyond_the_first_page_are_found(keeper: Keeper) -> None:
    many = [MediaFile(f"list{n:03}.csv", b"a\n", 0) for n in range(120)]
    keeper().replace(many)

    assert len(keeper().digests([file.name for file in many])) == 120
