"""The pilot's forms on stand-ins of ODK Central and of KoboToolbox, side by side."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from ingestion.answers.field_maps import load_field_map
from ingestion.answers.reading import AnswerReader
from ingestion.landing.source_of_form import answers_of
from ingestion.registry.entries import FORM_ROLES
from ingestion.sources.base import FormSource, Submission
from ingestion.sources.connections import Connection
from ingestion.sources.http import PatientClient
from ingestion.sources.kobo import KoboSource
from ingestion.sources.odk import OdkSource, SessionAuth
from sandbox.kobo import KoboServer
from sandbox.odk import OdkServer
from sandbox.pilot.build import build_pilot
from sandbox.pilot.model import Form
from tests.ingestion.conftest import PRODUCT_MAPS

pytestmark = pytest.mark.long
SUBMISSIONS_READ = 150  # of each form, spread over all of its time


@pytest.fixture(scope="module")
def forms() -> dict[str, Form]:
    return {form.role: with_fewer_submissions(form) for form in build_pilot().forms}


def with_fewer_submissions(form: Form) -> Form:
    ids = sorted({event.submission_id for event in form.events})
    kept = set(ids[:: max(1, len(ids) // SUBMISSIONS_READ)])
    events = tuple(event for event in form.events if event.submission_id in kept)
    return replace(form, events=events)


def kobo_source(server: KoboServer, form: Form, client: httpx.Client) -> FormSource:
    client.headers["Authorization"] = f"Token {server.token}"
    return KoboSource(PatientClient("Kobo", client), form.uid, "kobo")


def odk_source(server: OdkServer, form: Form, client: httpx.Client) -> FormSource:
    viewer = server.accounts["viewer"]
    connection = Connection("odk", server.url, viewer.password, viewer.email)
    client.auth = SessionAuth(connection, "Central")
    return OdkSource(PatientClient("Central", client), 1, form.uid, "odk")


def questions(source: FormSource) -> dict[str | None, Any]:
    """Return the questions of each version by their path."""
    return {
        version.name: {question.path: question for question in version.questions}
        for version in source.versions(set())
    }


def answers(source: FormSource, form: Form, kind: str) -> dict[str, Any]:
    """Return what raw would hold of each submission."""
    names = {version.version_id: version.name for version in source.versions(set())}
    reader = AnswerReader(load_field_map(PRODUCT_MAPS / f"{form.role}.yml"))
    found = {}
    for page in source.everything():
        for one in page:
            assert isinstance(one, Submission)
            version = names[one.form_version_id or ""]
            read = reader.read(answers_of(kind)(one.payload), version)
            found[str(one.root_id)] = (version, one.received_at, one.was_edited, read)
    return found


@pytest.mark.parametrize("role", FORM_ROLES)
def test_a_form_of_the_pilot_reads_the_same_from_either_server(
    forms: dict[str, Form], role: str
) -> None:
    form = forms[role]
    end = max(event.at for event in form.events)
    with (
        KoboServer([form], clock=end) as kobo,
        OdkServer([form], clock=end) as odk,
        httpx.Client(base_url=kobo.url) as kobo_client,
        httpx.Client(base_url=odk.url) as odk_client,
    ):
        of_kobo = kobo_source(kobo, form, kobo_client)
        of_odk = odk_source(odk, form, odk_client)

        assert questions(of_odk) == questions(of_kobo)
        expected = answers(of_kobo, form, "kobo")
        assert len(expected) >= 50
        assert answers(of_odk, form, "odk") == expected
