"""ODK Central, as these tests know a kind of form server."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch

import httpx
from sqlalchemy import Engine

from ingestion.answers.field_maps import load_field_map
from ingestion.landing import LandingReport, land_form
from ingestion.registry import Form, Registry
from ingestion.registry.entries import OdkServer as OdkEntry
from ingestion.sources.connections import Connection
from ingestion.sources.http import PatientClient
from ingestion.sources.odk import OdkSource, SessionAuth, read_answers
from ingestion.sources.odk.answers import version_answered
from sandbox.odk import OdkServer
from sandbox.odk.stored.converted import REVIEW_STATES
from sandbox.odk.stored.model import CentralForm
from sandbox.odk.stored.state import state_at
from sandbox.odk.stored.submission import Submission
from sandbox.pilot.model import Form as PilotForm
from tests.ingestion.conftest import MAPS, SHORT, kobo_form
from tests.ingestion.landing.histories.kinds import (
    Access,
    Between,
    Live,
    Server,
    broken,
)
from tests.ingestion.landing.histories.odk_story import OdkStory
from tests.ingestion.landing.histories.steps import HARMLESS, ODK_PLANS, Pull, Trouble
from tests.ingestion.small_forms import UID

SOURCE = "ingestion.sources.odk.source"
# As a run names accounts -> as the stand-in does; a role there sees all or nothing.
ACCOUNTS = {"owner": "viewer", "viewer": "admin"}
WRONG = "not the password of anybody"
COUNTED_LISTS = 3  # of a run: the check's, and the list's first pages
RAW_STATES: dict[str, str] = {there: here for here, there in REVIEW_STATES.items()}


class Odk:
    """ODK Central."""

    name = "odk"
    plans = ODK_PLANS
    harmless: frozenset[Trouble] = HARMLESS | {"session ended"}
    closings: tuple[str, ...] = ("permission_withdrawn", "sessions_ended")

    def story(self) -> OdkStory:
        return OdkStory()

    def faults(self, pull: Pull) -> list[dict[str, Any]]:
        after = pull.at_request - 1
        of_a_list = {"path": "count=true", "after": after % COUNTED_LISTS}
        counting = {**of_a_list, "kind": "wrong_count"}
        rules: dict[str, dict[str, Any]] = {
            "withdrawn": {"kind": "permission_withdrawn"},
            "session ended": {"kind": "sessions_ended"},
            "count too high": {**counting, "difference": 1},
            "count too low": {**counting, "difference": -1},
            "link lost": {**of_a_list, "kind": "next_link_lost"},
            **broken(pull),
        }
        rule = rules.get(pull.trouble)
        return [{"after": after, **rule}] if rule else []

    def serve(self, form: PilotForm | CentralForm, clock: datetime) -> OdkServer:
        return OdkServer([form], clock=clock).start()

    def land(
        self,
        server: Server,
        engine: Engine,
        access: Access,
        **options: Any,  # noqa: ANN401 - those of `land_form`
    ) -> LandingReport:
        assert isinstance(server, OdkServer)
        with _client(server, access) as client, _pages_of(access.page_size):
            return land_form(
                "journal",
                registry=_registry(access.field_map),
                engine=engine,
                source=OdkSource(
                    PatientClient("Central", client, SHORT), 1, UID, "odk_test"
                ),
                **options,
            )

    def live(self, form: CentralForm, moment: datetime) -> dict[str, Live]:
        return {
            one.root_id.removeprefix("uuid:"): _live(one)
            for one in state_at(form, moment).live
        }

    def versions(self, form: CentralForm, moment: datetime) -> list[str]:
        return [one.version for one in state_at(form, moment).definitions]

    def answers(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        return read_answers(payload)

    def content(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "answers": _as_text(read_answers(payload)),
            "version": version_answered(payload),
            "instance": payload["meta"]["instanceID"],
            "files": payload["__system"]["attachmentsPresent"],
        }


def _live(one: Submission) -> Live:
    instance = one.current.instance
    answers = {
        path: answer
        for path, answer in instance.answers.items()
        if not path.startswith("meta/") and answer
    }
    review = RAW_STATES.get(str(one.review), "none")
    return Live(
        content={
            "answers": _as_text(answers),
            "version": instance.version,
            "instance": instance.instance_id,
            "files": one.present_count,
        },
        mark=f"{instance.instance_id} {one.present_count}",
        review=review,
        reviewed_at=None if review == "none" else one.updated_at,
        received_at=one.created_at,
        phone=instance.answers.get("phone"),
    )


def _as_text(value: Any) -> Any:  # noqa: ANN401 - nested answers
    """Return answers with every number as a person would have typed it."""
    if isinstance(value, Mapping):
        return {key: _as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_text(inner) for inner in value]
    return f"{value:g}" if isinstance(value, int | float) else value


def _registry(field_map: str) -> Registry:
    path = MAPS / field_map
    form = Form(
        name="journal",
        role="journal",
        form_id=f"odk_test/{UID}",
        source_key=UID,
        server_name="odk_test",
        server=OdkEntry(kind="odk", connection="odk_test", project=1),
        site_codes=("MX-01",),
        deletion_limit_share=0.05,
        field_map=load_field_map(path),
    )
    sites = kobo_form(UID, path).sites
    return Registry(MAPS / "sites.yml", sites, {}, (form,), {})


@contextmanager
def _client(server: OdkServer, access: Access) -> Iterator[httpx.Client]:
    who = server.accounts.get(ACCOUNTS.get(access.account, access.account))
    login, password = (who.email, who.password) if who else ("nobody", WRONG)
    if access.account == "stranger":
        login = server.accounts["viewer"].email
    session = SessionAuth(
        Connection("odk_test", server.url, password, login), "Central"
    )
    with httpx.Client(
        base_url=server.url,
        auth=session,
        timeout=10,
        transport=Between(access, ".svc/Submissions", "value"),
    ) as client:
        try:
            yield client
        finally:
            session.log_out(client)


@contextmanager
def _pages_of(rows: int) -> Iterator[None]:
    """Make pages small, and what is asked for by its id or as a list of changes few."""
    with ExitStack() as stack:
        for name, value in (
            (f"{SOURCE}.ROWS_AT_ONCE", rows),
            (f"{SOURCE}.MARKS_AT_ONCE", rows),
            ("ingestion.sources.odk.history.MARKS_AT_ONCE", rows),
            (f"{SOURCE}.FILTER_LENGTH", 60 * rows),
            ("ingestion.landing.writing.workspace.WORTH_A_LIST_OF_CHANGES", rows),
        ):
            stack.enter_context(patch(name, value))
        yield
