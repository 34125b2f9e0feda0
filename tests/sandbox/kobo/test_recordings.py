"""What the stand-in answers is what a real server was recorded to answer.

Each test sends a recorded request again, at the recorded time, as the recorded account,
to a stand-in that serves the recorded project.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.kobo import KoboServer
from sandbox.kobo.for_tests import replay
from sandbox.kobo.for_tests.samples import NO_TLS, sample_record
from sandbox.pilot.model import Event, Form, FormVersion

RECORDED_HOST = "http://127.0.0.1:8810"
TOKEN = "5" * 40
HEADERS = ("Content-Type", "Allow", "Location", "WWW-Authenticate", "X-KoBoNaUt")


def names(text: str) -> list[str]:
    return text.split()


# Within the second of the recording something changed afterwards.
JUST_BEFORE = timedelta(seconds=-1)
MOMENTS = {
    "102_edit_before": datetime(2026, 6, 1, 10, tzinfo=UTC) + JUST_BEFORE,
    "129_delete_before": datetime(2026, 6, 2, 9, tzinfo=UTC) + JUST_BEFORE,
    "158_v1_submission_before_v2_edit": datetime(2026, 7, 1, 8, tzinfo=UTC)
    + JUST_BEFORE,
    "231_repeat_after_redeploy": replay.REPEAT_REDEPLOYED,
    "232_repeat_after_redeploy_and_validation": replay.REPEAT_REVIEWED,
}

SAME_BODY = names("""
03_data_before_deployment 06_data_empty
30_data_all_default 31_data_page1_limit10 32_data_page2_limit10
33_data_last_page_limit10 34_data_last_partial_page_limit7 35_data_start_beyond_end
36_data_limit_above_max 37_data_page_and_page_size 38_data_offset_param
40_query_submission_time_gt 41_query_submission_time_range 42_query_id_gt
43_query_field_equals 44_query_repeat_field_elemMatch 45_query_regex 46_query_version
47_query_submitted_by_null 49_fields_only_ids 50_submission_by_id
51_submission_by_root_uuid 54_submission_unknown_id
60_err_bad_token 61_err_no_auth 63_err_outsider_user 64_viewer_user 65_partial_user
66_partial_user_single_forbidden 67_err_invalid_query_json
68_err_query_unknown_operator 70_err_limit_zero 71_err_limit_text 72_err_start_text
73_err_count_param 74_err_sort_invalid 75_err_fields_invalid
76_err_asset_of_other_user_detail 77_api_v1_gone 82_attachment_no_auth
83_attachment_outsider 86_history_forbidden_viewer
102_edit_before 104_edit_after 105_edit_twice_after 108_edit_bulk_after
109_query_submission_time_after_edits 110_query_deprecatedid_exists
126_data_after_validation 127_query_validation_uid 128_query_validation_timestamp_gt
129_delete_before 131_delete_after_get 133_data_after_delete_ids
135_counts_after_delete 28_asset_counts 143_history_bad_field
158_v1_submission_before_v2_edit 159_v1_submission_after_v2_edit
160_all_data_after_everything 161_unvalidated_submission 162_query_new_version
163_changed_since_sweep 24_asset_content
230_repeat_before_redeploy 231_repeat_after_redeploy
232_repeat_after_redeploy_and_validation
202_all_types_data 241_missing_asset_detail 242_assets_list_anonymous
243_assets_list_bad_token
244_auth_header_bearer 248_query_id_in_root_uuid 249_version_filter_and_dates
251_post_data_not_allowed 252_data_dot_json
""")

# The same keys and types; values differ where the stand-in makes its own hashes,
# avatars and assignment uids, or where the recording has parts outside its scope.
SAME_SHAPE = names("""
00_token_with_token 05_asset_detail_v1 20_assets_list 21_assets_list_q_survey
22_assets_minimal_list_metadata 23_asset_detail_after_30 25_asset_versions
26_asset_version_detail 27_asset_deployment 48_sort_desc_submission_time
84_history_all 85_history_actions 136_asset_detail_after_delete
140_history_modify_delete 141_history_since 142_history_since_unquoted
154_asset_detail_v2 155_asset_versions_v2 164_history_all_events
200_all_types_asset_detail
246_me 255_assets_minimal_list 256_assets_hash
""")

# No JSON: only status and headers are compared.
SAME_HEADERS = names("""
62_err_missing_asset 240_missing_asset_accept_any 78_no_trailing_slash
81_attachment_download 258_attachments_list_xpath
""")

EXACT_IN_DETAIL = names("""
url owner owner__username settings asset_type version_id version_count
has_deployment deployed_version_id deployment__submission_count
deployment__data_download_links deployment__uuid deployment_status content
downloads embeds xform_link hooks_link uid kind name assignable_permissions data
paired_data exports owner_label report_styles
""")


@pytest.fixture(scope="module")
def journal_server(recordings: Path) -> Iterator[KoboServer]:
    """Serve the recorded journal project alone, as the real server did at first."""
    yield from serving(replay.replay_forms(recordings)[0])


@pytest.fixture(scope="module")
def repeat_server(recordings: Path) -> Iterator[KoboServer]:
    """Serve the recorded project whose repeat is removed."""
    yield from serving(replay.replay_forms(recordings)[1])


@pytest.fixture(scope="module")
def all_types_server(recordings: Path) -> Iterator[KoboServer]:
    """Serve the recorded project with every type of question."""
    yield from serving(replay.replay_forms(recordings)[2])


def serving(form: Form) -> Iterator[KoboServer]:
    accounts = replay.replay_accounts(TOKEN)
    with KoboServer((form,), clock=replay.END_OF_STORY, accounts=accounts) as server:
        yield server


@pytest.fixture
def server(
    request: pytest.FixtureRequest,
    journal_server: KoboServer,
    repeat_server: KoboServer,
    all_types_server: KoboServer,
) -> KoboServer:
    """Return the server of the project that a recording is about."""
    name = request.node.callspec.params["name"]
    if "_all_types_" in name:
        return all_types_server
    is_repeat = name.startswith("23") and "_repeat_" in name
    return repeat_server if is_repeat else journal_server


def ask_again(server: KoboServer, exchange: dict[str, Any]) -> httpx.Response:
    sent = exchange["request"]
    answered_at = parsedate_to_datetime(exchange["response"]["headers"]["Date"])
    in_that_second = answered_at + timedelta(microseconds=999_999)
    server.set_clock(MOMENTS.get(exchange["name"], in_that_second))
    method, target, _ = sent["line"].split(" ")
    headers = {"Accept": sent["headers"].get("Accept", "*/*")}
    if "Authorization" in sent["headers"]:
        headers["Authorization"] = with_token(server, sent["headers"]["Authorization"])
    with httpx.Client(base_url=server.url, verify=NO_TLS) as client:
        return client.request(method, target, headers=headers)


def with_token(server: KoboServer, header: str) -> str:
    return re.sub(
        r"<token-of-(\w+)>", lambda match: server.accounts[match[1]].token, header
    )


def body_of(response: httpx.Response, server: KoboServer) -> Any:  # noqa: ANN401 - JSON
    text = response.text.replace(server.url, RECORDED_HOST)
    return httpx.Response(200, text=text).json()


def assert_same_head(response: httpx.Response, exchange: dict[str, Any]) -> None:
    recorded = exchange["response"]
    assert response.status_code == recorded["status"]
    for name in HEADERS:
        assert response.headers.get(name) == recorded["headers"].get(name), name


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


@pytest.mark.parametrize("name", SAME_BODY)
def test_the_answer_is_the_recorded_one(
    recordings: Path, server: KoboServer, name: str
) -> None:
    exchange = replay.recorded(recordings, name)

    response = ask_again(server, exchange)

    assert_same_head(response, exchange)
    assert body_of(response, server) == exchange["response"]["json"]


@pytest.mark.parametrize("name", SAME_SHAPE)
def test_the_answer_has_the_recorded_shape(
    recordings: Path, server: KoboServer, name: str
) -> None:
    exchange = replay.recorded(recordings, name)

    response = ask_again(server, exchange)

    assert_same_head(response, exchange)
    ours = body_of(response, server)
    assert shape_differences(ours, exchange["response"]["json"]) == []


@pytest.mark.parametrize("name", SAME_HEADERS)
def test_status_and_headers_are_the_recorded_ones(
    recordings: Path, server: KoboServer, name: str
) -> None:
    exchange = replay.recorded(recordings, name)

    assert_same_head(ask_again(server, exchange), exchange)


@pytest.mark.parametrize(
    "name", [name for name in SAME_SHAPE if "asset_detail_" in name]
)
def test_the_detail_of_a_project_says_what_was_recorded(
    recordings: Path, server: KoboServer, name: str
) -> None:
    exchange = replay.recorded(recordings, name)

    ours = body_of(ask_again(server, exchange), server)

    real = exchange["response"]["json"]
    assert {key: ours[key] for key in EXACT_IN_DETAIL} == {
        key: real[key] for key in EXACT_IN_DETAIL
    }
    held = [
        {one["codename"] for one in body["effective_permissions"]}
        for body in (ours, real)
    ]
    assert held[0] == held[1]
    assert set(ours["summary"].pop("columns")) == set(real["summary"].pop("columns"))
    assert ours["summary"] == real["summary"]
    last = "deployment__last_submission_time"  # no recording tells the microseconds
    assert str(ours[last])[:19] == str(real[last])[:19]


def codenames(detail: dict[str, Any]) -> set[str]:
    return {one["codename"] for one in detail["effective_permissions"]}


@pytest.mark.parametrize(
    "name",
    [
        "140_history_modify_delete",
        "141_history_since",
        "142_history_since_unquoted",
        "164_history_all_events",
    ],
)
def test_the_history_tells_of_every_submission_what_was_recorded(
    recordings: Path, server: KoboServer, name: str
) -> None:
    def told(body: dict[str, Any]) -> list[tuple[Any, ...]]:
        return [
            (
                *(row["date_created"], row["action"], row["username"], row["user"]),
                *sorted(row["metadata"]["submission"].items()),
            )
            for row in body["results"]
            if "submission" in row["metadata"]
        ]

    exchange = replay.recorded(recordings, name)

    ours = told(body_of(ask_again(server, exchange), server))

    assert ours == told(exchange["response"]["json"])
    assert ours, "nothing was compared"


# The real server refuses an unknown format before it looks at who is calling, so the
# header with the caller's name is missing there, and only there.
@pytest.mark.parametrize("name", ["79_err_unknown_format"])
def test_an_unknown_format_is_a_404(
    recordings: Path, server: KoboServer, name: str
) -> None:
    exchange = replay.recorded(recordings, name)

    response = ask_again(server, exchange)

    assert response.status_code == exchange["response"]["status"]
    assert response.json() == exchange["response"]["json"]


@pytest.mark.parametrize(
    "name",
    [
        "220_volume_default_limit",
        "221_volume_limit_30000",
        "222_volume_second_page",
        "223_volume_limit_1000_fields",
    ],
)
def test_the_pages_of_1100_rows_link_as_recorded(recordings: Path, name: str) -> None:
    exchange = replay.recorded(recordings, name)
    clock, accounts = replay.ALL_TYPES_SENT, replay.replay_accounts(TOKEN)

    with KoboServer((volume_form(),), clock=clock, accounts=accounts) as server:
        response = ask_again(server, exchange)

    ours, real = body_of(response, server), exchange["response"]["json"]
    assert_same_head(response, exchange)
    for key in ("count", "next", "previous"):
        assert ours[key] == real[key]
    whole_pages = {"220": 100, "222": 100}
    assert len(ours["results"]) == whole_pages.get(name[:3], 1000)


def volume_form() -> Form:
    """As many rows as the recorded project has, whose bodies were cut."""
    at = datetime(2026, 7, 2, 10, tzinfo=UTC)
    content = {"schema": "1", "survey": [], "choices": [], "settings": {}}
    version = FormVersion("vNX2PoLVKYFS4JoJqiXWp9", "1", at, content)
    events = tuple(
        Event(at, "add", number, sample_record(number)) for number in range(41, 1141)
    )
    return Form("au6Npecfyf6YXPz2B5Ye6Q", "journal", "Volume probe", (version,), events)


def test_seeing_the_form_is_not_seeing_its_rows(recordings: Path) -> None:
    journal = replay.replay_forms(recordings)[0]
    *others, outsider = replay.replay_accounts(TOKEN)
    seeing = replace(outsider, permissions=frozenset({"view_asset", "add_submissions"}))
    with KoboServer(
        (journal,), clock=replay.END_OF_STORY, accounts=(*others, seeing)
    ) as server:
        detail = replay.recorded(recordings, "253_view_asset_only_detail")
        ours = body_of(ask_again(server, detail), server)
        rows = replay.recorded(recordings, "254_view_asset_only_data")
        refused = ask_again(server, rows)

    real = detail["response"]["json"]
    assert shape_differences(ours, real) == []
    assert codenames(ours) == codenames(real)
    assert ours["deployment__submission_count"] is None
    assert users_named(ours) == users_named(real) - {"AnonymousUser"}
    assert refused.json() == rows["response"]["json"]
    assert_same_head(refused, rows)


def users_named(detail: dict[str, Any]) -> set[str]:
    return {one["user"].split("/")[-2] for one in detail["permissions"]}
