import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine

from ingestion.errors import (
    FormBusyError,
    MediaNotReadyError,
    RegistryError,
    SourceUnavailableError,
)
from ingestion.landing.bookkeeping.form_locks import hold_media
from ingestion.landing.source_of_form import media_of_form
from ingestion.media import MediaReport, forms_with_media, publish_media
from ingestion.registry import Form
from ingestion.sources.media import FormMedia
from sandbox.kobo import KoboServer
from tests.ingestion.conftest import PRODUCT_MAPS, kobo_form
from tests.ingestion.media.conftest import registry_with, run
from tests.ingestion.small_forms import UID, Life, day

ALL = {"sites.csv", "peer_groups.csv", "families.csv", "last_month.csv"}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[KoboServer]:
    with KoboServer([Life().form()], clock=day(60)) as server:
        monkeypatch.setenv(
            "AIRFLOW_CONN_KOBO_TEST",
            json.dumps({"host": server.url, "password": server.token}),
        )
        yield server


def published(
    marts: Engine, *, names: bool = False, dry_run: bool = False
) -> MediaReport:
    registry = registry_with(UID, names=names)
    return publish_media("journal", registry=registry, engine=marts, dry_run=dry_run)


def phones(server: KoboServer) -> dict[str, str]:
    """Return what phones get with the form."""
    found = server.service.media.on_phones.get(UID, {})
    return {name: content.decode() for name, content in found.items()}


def test_phones_get_every_list_that_the_registry_names(
    marts: Engine, server: KoboServer
) -> None:
    report = published(marts)

    assert set(report.sent) == ALL == set(phones(server))
    assert report.sent["families.csv"] == 2
    assert "MX-01-0001,MX-01-0001,MX-PG01,MX-01,yes" in phones(server)["families.csv"]


def test_a_second_run_sends_nothing(marts: Engine, server: KoboServer) -> None:
    published(marts)
    server.set_clock(day(61))
    server.clear_requests()

    report = published(marts)

    assert report.sent == {}
    assert set(report.unchanged) == ALL
    assert {one["method"] for one in server.requests} == {"GET"}


def test_only_the_list_that_changed_is_sent(marts: Engine, server: KoboServer) -> None:
    published(marts)
    server.set_clock(day(61))
    run(marts, "update marts.dim_families set has_consented_to_health = false")

    report = published(marts)

    assert report.sent == {"families.csv": 2}
    assert ",yes" not in phones(server)["families.csv"]
    assert set(phones(server)) == ALL


@pytest.mark.parametrize(
    "change",
    [
        "delete from marts.dim_families where family_key = 'k1'",
        "delete from pii.family_keys where family_key = 'k1'",
    ],
    ids=["withdrew", "erased"],
)
def test_who_withdrew_or_was_erased_is_on_no_phone_after_the_next_run(
    marts: Engine, server: KoboServer, change: str
) -> None:
    published(marts, names=True)
    assert "Maria" in phones(server)["families.csv"]
    server.set_clock(day(61))
    run(marts, change)

    published(marts, names=True)

    everything = "".join(phones(server).values())
    assert "MX-01-0001" not in everything
    assert "Maria" not in everything


def test_names_go_nowhere_unless_the_registry_says_so(
    marts: Engine, server: KoboServer
) -> None:
    published(marts)

    assert "Maria" not in "".join(phones(server).values())


def test_a_dry_run_tells_and_sends_nothing(marts: Engine, server: KoboServer) -> None:
    report = published(marts, dry_run=True)

    assert set(report.sent) == ALL
    assert report.is_dry_run
    assert phones(server) == {}
    assert list(server.service.media.of(UID)) == []


def test_a_run_that_was_cut_off_before_it_deployed_is_done_by_the_next(
    marts: Engine, server: KoboServer
) -> None:
    server.set_faults({"kind": "server_error", "path": "/deployment/"})
    with pytest.raises(SourceUnavailableError, match="500"):
        published(marts)
    assert phones(server) == {}

    report = published(marts)

    assert set(report.sent) == ALL == set(phones(server))


def test_no_family_at_all_empties_no_list(marts: Engine, server: KoboServer) -> None:
    published(marts)
    run(marts, "delete from marts.dim_families")

    with pytest.raises(MediaNotReadyError, match="--allow-empty"):
        published(marts)

    assert "MX-01-0001" in phones(server)["families.csv"]


def test_the_last_family_goes_from_the_lists_when_a_person_says_so(
    marts: Engine, server: KoboServer
) -> None:
    published(marts)
    server.set_clock(day(61))
    run(marts, "delete from marts.dim_families")

    publish_media(
        "journal", registry=registry_with(UID), engine=marts, allow_empty=True
    )

    assert phones(server)["families.csv"].count("\n") == 1


def test_a_form_without_lists_is_refused_by_name(marts: Engine) -> None:
    registry = kobo_form(UID, PRODUCT_MAPS / "journal.yml")

    assert forms_with_media(registry) == []
    with pytest.raises(RegistryError, match="media"):
        publish_media("journal", registry=registry, engine=marts)


def test_two_runs_never_publish_one_form_at_once(
    marts: Engine, server: KoboServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.landing.bookkeeping.form_locks.BUSY_SECONDS", 0.1)
    form = registry_with(UID).forms[0]

    with hold_media(marts, form), pytest.raises(FormBusyError, match="lists"):
        published(marts)

    assert phones(server) == {}


def test_nothing_is_asked_of_the_server_before_the_lists_are_known(
    engine: Engine,
) -> None:
    opened: list[str] = []

    @contextmanager
    def open_media(form: Form) -> Iterator[FormMedia]:
        opened.append(form.name)
        with media_of_form(form) as media:
            yield media

    with pytest.raises(MediaNotReadyError):
        publish_media(
            "journal",
            registry=registry_with(UID),
            engine=engine,
            open_media=open_media,
        )

    assert opened == []
