"""How KoboToolbox tells of files, and what a sweep makes of it; no network."""

import json
from typing import Any

import httpx
import pytest

from ingestion.errors import SourceRejectedError
from ingestion.sources.base import Attachment, DownloadLimits, Mark, Submission
from ingestion.sources.http import Patience, PatientClient
from ingestion.sources.kobo import KoboSource
from ingestion.sources.kobo.attachments import read_attachments

FILE = {
    "mimetype": "image/PNG",
    "filename": "owner/attachments/5/7/F-01_03.png",
    "media_file_basename": "F-01_03.png",
    "uid": "attA",
    "is_deleted": False,
    "question_xpath": "members[2]/photo",
}
OLD_SERVERS_FILE = {"id": 17, "filename": "owner/attachments/a.m4a", "instance": 7}
RECORD = {
    "_id": 7,
    "_uuid": "u7",
    "_submission_time": "2026-03-30T20:00:00",
    "_validation_status": {},
    "_attachments": [FILE, {**FILE, "uid": "attB", "is_deleted": True}],
}


def source(
    answer: Any,  # noqa: ANN401 - a handler of httpx
    *,
    with_attachments: bool = True,
) -> KoboSource:
    client = httpx.Client(
        base_url="https://kobo.example", transport=httpx.MockTransport(answer)
    )
    patient = PatientClient("Kobo", client, Patience(attempts=1))
    return KoboSource(patient, "aUID", "kobo_main", with_attachments=with_attachments)


def pages(record: dict[str, Any], asked: list[str]) -> Any:  # noqa: ANN401 - as above
    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params.get("fields", ""))
        return httpx.Response(200, json={"count": 1, "results": [record]})

    return answer


def swept(record: dict[str, Any], *, with_attachments: bool = True) -> Mark:
    kobo = source(pages(record, []), with_attachments=with_attachments)
    ((mark,),) = kobo.sweep()
    assert isinstance(mark, Mark)
    return mark


def test_a_file_is_known_by_its_uid_and_on_older_servers_by_its_number() -> None:
    found = read_attachments({"_attachments": [FILE, OLD_SERVERS_FILE]})

    assert found == [
        Attachment("attA", "F-01_03.png", "members[2]/photo", "image/png"),
        Attachment("17", "a.m4a", None, None),
    ]


@pytest.mark.parametrize(
    "files",
    [None, [], "text", ["text"], [{}], [{**FILE, "is_deleted": True}]],
)
def test_what_is_no_file_that_can_be_had_is_left_out(files: object) -> None:
    assert read_attachments({"_attachments": files}) == []


def test_no_representation_of_a_file_tells_its_name() -> None:
    (found,) = read_attachments({"_attachments": [FILE]})

    assert "F-01" not in repr(found)


def test_a_form_that_wants_no_files_is_swept_as_cheaply_as_ever() -> None:
    asked: list[str] = []

    ((mark,),) = source(pages(RECORD, asked), with_attachments=False).sweep()

    assert mark == Mark("7", "u7")
    assert json.loads(asked[0]) == ["_id", "_uuid", "_validation_status"]


def test_a_file_that_comes_or_goes_changes_the_mark_and_a_new_link_does_not() -> None:
    files = [FILE, {**FILE, "uid": "attB", "is_deleted": True}]
    moved = [{**file, "download_url": "https://b.example/"} for file in files]
    late = [*files, {**FILE, "uid": "attC"}]
    removed = [{**file, "is_deleted": True} for file in files]

    marks = [
        swept({**RECORD, "_attachments": one}).edit_mark
        for one in (files, moved, late, removed)
    ]

    assert marks[0] == marks[1]
    assert len(set(marks)) == 3
    bare = {key: value for key, value in RECORD.items() if key != "_attachments"}
    assert swept(bare) == swept({**RECORD, "_attachments": []})


def test_a_submission_carries_the_mark_that_a_sweep_gives_it() -> None:
    ((whole,),) = source(pages(RECORD, [])).everything()
    ((asked_for,),) = source(pages(RECORD, [])).submissions(iter(["7"]))

    for found in (whole, asked_for):
        assert isinstance(found, Submission)
        assert found.mark == swept(RECORD)


def test_a_file_is_asked_for_below_its_submission() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path.decode())
        return httpx.Response(200, content=b"x", headers={"Content-Type": "image/png"})

    limits = DownloadLimits(10, ("image/*",))
    with source(answer).download("7", Attachment("a/../b", "x.png"), limits) as found:
        assert b"".join(found.chunks) == b"x"

    assert asked == ["/api/v2/assets/aUID/data/7/attachments/a%2F..%2Fb/"]


def test_a_refused_token_is_said_as_for_any_other_request() -> None:
    limits = DownloadLimits(10, ("image/*",))
    kobo = source(lambda _: httpx.Response(401))

    with (
        pytest.raises(SourceRejectedError, match="AIRFLOW_CONN_KOBO_MAIN"),
        kobo.download("7", Attachment("attA", "x.png"), limits),
    ):
        pass
