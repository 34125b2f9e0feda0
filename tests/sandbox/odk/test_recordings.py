"""What the stand-in answers is what a real server was recorded to answer.

Each test sends a recorded request again, as the recorded account, to a stand-in that
serves the recorded forms at the recorded moment.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from sandbox.odk import OdkServer
from sandbox.odk.for_tests import replay, replay_lesser
from sandbox.odk.for_tests.recordings import ASKED, DOMAIN, VIEWER, recorded
from sandbox.odk.for_tests.samples import NO_TLS, log_in

PASSWORD = "a password of tests"  # noqa: S105 - no server outside knows it
HEADERS = ("Content-Type", "Location", "Content-Disposition", "Cache-Control", "Vary")


def names(text: str) -> list[str]:
    return text.split()


MOMENTS = {
    "13_etag_0_before": replay_lesser.DRIFT_SENT,
    "13_attachment_missing_list": replay_lesser.DRIFT_SENT,
    "13_attachment_missing_download_404": replay_lesser.DRIFT_SENT,
    "13_etag_2_after_late_attachment": replay_lesser.DRIFT_PHOTO_CAME,
    "13_etag_4_after_new_version": replay_lesser.DRIFT_SECOND_VERSION,
    "13_drift_removed_field": replay_lesser.DRIFT_FIELD_DROPPED,
    "13_drift_removed_field_csv": replay_lesser.DRIFT_FIELD_DROPPED,
    "13_drift_removed_field_csv_deletedFields": replay_lesser.DRIFT_FIELD_DROPPED,
    "13_drift_removed_field_xml": replay_lesser.DRIFT_FIELD_DROPPED,
    "13_drift_version_fields": replay_lesser.DRIFT_FIELD_DROPPED,
    "13_odata_names": replay_lesser.DRIFT_FIELD_DROPPED,
    "13_commit_order_0_while_slow_upload_open": replay_lesser.DRIFT_OVERTAKEN,
    "13_commit_order_1_after_commit": replay_lesser.DRIFT_ALL_VISIBLE,
}

# The same, byte for byte, to which an ETag of the body bears witness.
SAME_BODY = names("""
01_app_user_key_odata_403 01_bad_token_401 01_basic_over_http_401
01_basic_over_https_200 01_no_credentials_401 01_session_bad_password
01_viewer_audits_403 01_viewer_cannot_delete_403
02_fields 02_fields_odata 02_fields_v1 02_form_404 02_form_attachments
02_project_404 02_unknown_route_404
03_expand_all 03_expand_other_501 03_expand_wkt 03_metadata_as_json_406
03_orderby_data_field_501
03_orderby_skiptoken_501 03_orderby_submissionDate 03_orderby_updatedAt_desc 03_select
03_select_unknown_400 03_select_with_expand_501 03_service_document 03_single
03_single_404 03_single_deleted_404 03_single_expand 03_single_repeat_via_navlink
03_skiptoken_bad_400 03_skiptoken_deleted_instance 03_skiptoken_page1
03_skiptoken_page2 03_skiptoken_page3 03_skiptoken_page4
03_skiptoken_unknown_instance 03_submissions_all 03_submissions_top0_count
03_submissions_top5_count 03_submissions_top5_skip5_count
03_submissions_top_garbage_400 03_submissions_top_huge
03_submissions_top_negative_500
04_repeat_table_404 04_repeat_table_all 04_repeat_table_page2
04_repeat_table_plain_filter_501 04_repeat_table_root_filter
04_repeat_table_top10_count
05_all_ids 05_filter_bad_literal_500 05_filter_changed_or_deleted_since_t1
05_filter_changed_since_t3 05_filter_data_field_501 05_filter_date_only
05_filter_deletedAt_gt_t2 05_filter_deletedAt_ne_null 05_filter_deleted_including_live
05_filter_edits_501 05_filter_encoded_plus_tz 05_filter_eq_own_timestamp
05_filter_formVersion_501 05_filter_functions 05_filter_gt_own_timestamp
05_filter_id_deleted 05_filter_ids 05_filter_late_attachment_not_updated
05_filter_purged_gone 05_filter_restored_not_updated 05_filter_reviewState
05_filter_reviewState_null 05_filter_submissionDate_gt_t1 05_filter_submitter
05_filter_unencoded_plus_tz_400 05_filter_unparseable_400
05_filter_unsupported_function_501 05_filter_updatedAt_between_t1_t2
05_filter_updatedAt_gt_t1 05_incremental_page1 05_incremental_page2
05_incremental_page3 05_single_late_attachment 05_single_restored
06_etag_first
07_odata_cross_version_edit 07_odata_edited 07_submission_by_version_id_redirect_301
07_submission_deleted_404 07_submission_xml 07_version_xml_original
08_attachment_404 08_attachment_download 08_attachment_download_unicode
08_attachments 08_attachments_deleted_404 08_attachments_unicode
11_closed_form_odata 11_deleted_form_odata_404 11_draft_only_odata_404
11_encrypted_csv_no_passphrase 11_encrypted_odata
12_hooks_404 12_webhooks_404
13_attachment_missing_download_404 13_attachment_missing_list
13_commit_order_0_while_slow_upload_open 13_commit_order_1_after_commit
13_drift_removed_field 13_drift_removed_field_csv
13_drift_removed_field_csv_deletedFields 13_drift_removed_field_xml
13_drift_version_fields 13_etag_0_before 13_etag_2_after_late_attachment
13_etag_4_after_new_version 13_odata_names
02_form_xml 02_form_xml_v1
""")

# The same keys and types; values differ where the stand-in has its own birthdays,
# tokens, hashes of made-up definitions and user agents.
SAME_SHAPE = names("""
01_session_create 01_session_restore 01_users_current
02_form 02_form_versions 02_form_extended 02_form_versions_extended 02_forms
02_forms_deleted 02_forms_extended 02_forms_extended_admin 02_projects 02_projects_forms
07_submission 07_submission_audits_reviewed 07_submissions_list
07_submissions_list_deleted 07_submissions_list_extended 07_versions
07_versions_extended 11_encrypted_form
""")


@pytest.fixture(scope="module")
def server(recordings: Path) -> Iterator[OdkServer]:
    """Serve the recorded forms."""
    with OdkServer(
        replay.replay_forms(recordings),
        clock=ASKED,
        domain=DOMAIN,
        accounts=replay.replay_accounts(PASSWORD),
        secret="a secret of tests",  # noqa: S106 - as above
    ) as server:
        server.acts.close_form("old_journal")
        server.acts.delete_form("deleted_form")
        server.service.files.update(replay.recorded_files(recordings))
        yield server


@dataclass(frozen=True, slots=True)
class Replay:
    """The stand-in, what each recorded credential stands for, and the recordings."""

    server: OdkServer
    headers: dict[str, dict[str, str]]
    folder: Path

    def recorded(self, name: str) -> dict[str, Any]:
        return recorded(self.folder, name)

    def asked_again(self, name: str, **more: str) -> httpx.Response:
        """Send a recorded request, with more headers or others."""
        exchange = self.recorded(name)
        sent = exchange["request"]
        own = dict(sent.get("headers", {}))
        credential = own.pop("Authorization", None)
        if credential:
            own |= self.headers.get(credential, {"Authorization": credential})
        url = sent["url"].replace("<app-user-0-key>", self.server.app_user_key)
        body = sent.get("json")
        if body:
            is_wrong = exchange["response"]["status"] == 401
            body |= {"password": "wrong" if is_wrong else PASSWORD}
        own |= {key.replace("_", "-"): value for key, value in more.items()}
        with httpx.Client(base_url=self.server.url, verify=NO_TLS) as client:
            return client.request(
                sent["method"], in_project_one(url), headers=own, json=body
            )


@pytest.fixture(scope="module")
def real(recordings: Path, server: OdkServer) -> Replay:
    """Return what sends recorded requests again."""
    found = {}
    for username in ("admin", "viewer"):
        with httpx.Client(base_url=server.url, verify=NO_TLS) as client:
            token = log_in(client, server, username)
        found[f"Bearer <{username}-session-token>"] = {
            "Authorization": f"Bearer {token}"
        }
    pair = base64.b64encode(f"{VIEWER}:{PASSWORD}".encode()).decode()
    found["Basic <base64 email:password>"] = {"Authorization": f"Basic {pair}"}
    return Replay(server, found, recordings)


def in_project_one(url: str) -> str:
    for other in ("2", "3"):
        url = url.replace(f"/projects/{other}/", "/projects/1/")
    return url


def expected(exchange: dict[str, Any]) -> bytes | Any:  # noqa: ANN401 - JSON
    answer = exchange["response"]
    if "body_text" in answer:
        return in_project_one(answer["body_text"]).encode()
    if "body_base64" in answer:
        return base64.b64decode(answer["body_base64"])
    return answer["body"]


def assert_same_head(response: httpx.Response, exchange: dict[str, Any]) -> None:
    real = exchange["response"]
    assert response.status_code == real["status"]
    for name in HEADERS:
        assert response.headers.get(name) == real["headers"].get(name), name


def shape_differences(ours: object, real: object, path: str = "") -> list[str]:
    if isinstance(ours, dict) and isinstance(real, dict):
        found = [f"{path}: {sorted(set(ours) ^ set(real))}"] * (set(ours) != set(real))
        for key in set(ours) & set(real):
            found += shape_differences(ours[key], real[key], f"{path}/{key}")
        return found
    if isinstance(ours, list) and isinstance(real, list):
        pairs = zip(ours[:1], real[:1], strict=False)
        return [
            one for mine, its in pairs for one in shape_differences(mine, its, path)
        ]
    if ours is None or real is None or type(ours) is type(real):
        return []
    return [f"{path}: {type(ours).__name__} is not {type(real).__name__}"]


def project_of(exchange: dict[str, Any]) -> str:
    parts = exchange["request"]["url"].split("/")
    return f"/projects/{parts[3]}/" if "projects" in parts[2] else "/projects/1/"


def assert_same_tag(response: httpx.Response, exchange: dict[str, Any]) -> None:
    """Compare the ETag where it is of the body, or says that there are no rows."""
    ours = response.headers.get("ETag", "")
    real = exchange["response"]["headers"].get("ETag", "")
    is_of_events = "eventhash" in real and "0" * 32 not in real
    if is_of_events or project_of(exchange) != "/projects/1/":
        return
    assert ours == real


@pytest.mark.parametrize("name", SAME_BODY)
def test_the_answer_is_the_recorded_one(real: Replay, name: str) -> None:
    exchange = real.recorded(name)
    real.server.set_clock(MOMENTS.get(name, ASKED))

    response = real.asked_again(name)

    assert_same_head(response, exchange)
    wanted = expected(exchange)
    if isinstance(wanted, bytes):
        assert response.content == wanted
    else:
        text = response.text.replace("/projects/1/", project_of(exchange))
        assert httpx.Response(200, text=text).json() == wanted
    assert_same_tag(response, exchange)


def columns(document: str) -> set[tuple[str, str, str]]:
    """Return table or group, name and type of each column that a document names."""
    return {
        (block.attrib["Name"], column.attrib["Name"], column.attrib["Type"])
        for block in ET.fromstring(document).iter()  # noqa: S314 - recorded, or ours
        if block.tag.endswith(("EntityType", "ComplexType"))
        for column in block
        if column.tag.endswith("Property")
    }


def test_the_metadata_names_the_recorded_columns(real: Replay) -> None:
    real.server.set_clock(ASKED)
    recorded_text = real.recorded("03_metadata")["response"]["body_text"]

    response = real.asked_again("03_metadata")

    assert_same_head(response, real.recorded("03_metadata"))
    assert columns(response.text) == columns(recorded_text)


@pytest.mark.parametrize("name", SAME_SHAPE)
def test_the_answer_has_the_shape_of_the_recorded_one(real: Replay, name: str) -> None:
    exchange = real.recorded(name)
    real.server.set_clock(MOMENTS.get(name, ASKED))

    response = real.asked_again(name)

    assert_same_head(response, exchange)
    assert shape_differences(response.json(), expected(exchange)) == []


def test_versions_have_the_recorded_hashes(real: Replay) -> None:
    name = "02_form_versions"
    real.server.set_clock(ASKED)

    found: list[dict[str, Any]] = real.asked_again(name).json()

    # The real server notes a change to the form a millisecond after publishing.
    for one, other in zip(found, expected(real.recorded(name)), strict=True):
        assert one | {"updatedAt": None} == other | {"updatedAt": None}


@pytest.mark.parametrize(
    ("name", "moment", "before"),
    [
        ("06_etag_304", ASKED, "06_etag_first"),
        (
            "13_etag_1_after_late_attachment_if_none_match",
            replay_lesser.DRIFT_PHOTO_CAME,
            "13_etag_0_before",
        ),
        (
            "13_etag_3_after_new_version_if_none_match",
            replay_lesser.DRIFT_SECOND_VERSION,
            "13_etag_0_before",
        ),
    ],
)
def test_nothing_is_said_to_have_changed_where_the_real_server_said_so(
    real: Replay, name: str, moment: datetime, before: str
) -> None:
    real.server.set_clock(MOMENTS.get(before, ASKED))
    tag = real.asked_again(before).headers["ETag"]
    real.server.set_clock(moment)

    response = real.asked_again(name, If_None_Match=tag)

    assert (response.status_code, response.content) == (304, b"")
