import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.pilot import Form, FormVersion, Pilot
from sandbox.pilot.forms.definitions import FORMS_DIR, older_content
from sandbox.pilot.forms.renames import JOURNAL_RENAMES
from sandbox.pilot.forms.xlsforms import read_xlsform
from sandbox.pilot.model import Record

FORM_NAMES = ("enrolment", "journal", "peer_meeting", "investment", "exit")
SYSTEM_KEYS = {
    "_id",
    "formhub/uuid",
    "__version__",
    "meta/instanceID",
    "meta/instanceName",
    "meta/deprecatedID",
    "meta/rootUuid",
    "_xform_id_string",
    "_uuid",
    "_attachments",
    "_status",
    "_geolocation",
    "_submission_time",
    "_submitted_by",
}
STILL_OK = "${still_ok}='yes'"


def questions(version: FormVersion) -> dict[str, dict[str, Any]]:
    rows = version.content["survey"]
    return {row["$xpath"]: row for row in rows if "$xpath" in row}


def choices(version: FormVersion) -> dict[str, set[str]]:
    lists: dict[str, set[str]] = {}
    for row in version.content["choices"]:
        lists.setdefault(row["list_name"], set()).add(row["name"])
    return lists


def records(form: Form, version: FormVersion) -> list[Record]:
    return [
        event.record
        for event in form.events
        if event.record and event.record["__version__"] == version.uid
    ]


def answers(record: Record) -> Record:
    return {key: answer for key, answer in record.items() if key not in SYSTEM_KEYS}


def every_answer(record: Record) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for path, answer in record.items():
        found.append((path, answer))
        if isinstance(answer, list):
            for item in answer:
                found += every_answer(item)
    return found


@pytest.mark.parametrize("role", FORM_NAMES)
def test_every_answer_belongs_to_a_question_of_its_own_version(
    pilot: Pilot, role: str
) -> None:
    form = pilot.form(role)
    for version in form.versions:
        known = questions(version)
        sent = records(form, version)
        assert sent
        unknown = {
            path
            for record in sent
            for path, _ in every_answer(answers(record))
            if path not in known
        }
        assert unknown == set()


@pytest.mark.parametrize("role", FORM_NAMES)
def test_every_answer_is_text_or_a_filled_repeat(pilot: Pilot, role: str) -> None:
    form = pilot.form(role)
    for version in form.versions:
        known = questions(version)
        for record in records(form, version):
            for path, answer in every_answer(answers(record)):
                if known[path]["type"] == "begin_repeat":
                    assert isinstance(answer, list)
                    assert answer
                else:
                    assert isinstance(answer, str)
                    assert answer.strip()


@pytest.mark.parametrize("role", FORM_NAMES)
def test_every_choice_is_on_its_list(pilot: Pilot, role: str) -> None:
    form = pilot.form(role)
    for version in form.versions:
        known, lists = questions(version), choices(version)
        for record in records(form, version):
            for path, answer in every_answer(answers(record)):
                question = known[path]
                if question["type"] in {"select_one", "select_multiple"}:
                    listed = lists[question["select_from_list_name"]]
                    assert set(answer.split()) <= listed, path


@pytest.mark.parametrize("role", FORM_NAMES)
def test_what_is_always_required_is_always_answered(pilot: Pilot, role: str) -> None:
    form = pilot.form(role)
    for version in form.versions:
        known = questions(version)
        required = [path for path in known if _is_always_asked(path, known)]
        for record in records(form, version):
            missing = [path for path in required if path not in record]
            assert missing == []


def _is_always_asked(path: str, known: dict[str, dict[str, Any]]) -> bool:
    parts = path.split("/")
    parents = [known["/".join(parts[:end])] for end in range(1, len(parts) + 1)]
    conditions = {row.get("relevant") for row in parents} - {None, STILL_OK}
    in_repeat = any(row["type"] == "begin_repeat" for row in parents)
    return bool(known[path].get("required")) and not conditions and not in_repeat


def test_every_question_but_three_is_answered_somewhere(pilot: Pilot) -> None:
    # Notes have no answer; audit and signature are files; nobody here is Liberian.
    unanswered = {"audit", "note", "image"}
    for form in pilot.forms:
        version = form.versions[-1]
        answered = {
            path
            for record in records(form, version)
            for path, _ in every_answer(answers(record))
        }
        asked = {
            path
            for path, row in questions(version).items()
            if row["type"] not in unanswered | {"begin_group"}
            and not path.endswith("inc_cur")
        }
        assert asked - answered == set()


def test_old_versions_differ_from_the_present_by_the_listed_renames_only(
    pilot: Pilot,
) -> None:
    journal = pilot.form("journal")
    present = set(questions(journal.versions[-1]))
    for version in journal.versions:
        renames = JOURNAL_RENAMES[version.name]
        expected = {renames.get(path, path) for path in present}
        assert set(questions(version)) == expected


def test_renamed_questions_are_renamed_in_the_rules_that_mention_them() -> None:
    present = read_xlsform(FORMS_DIR / "cii_journal.xlsx")
    first = older_content(present, "2020070101")
    rules = {row.get("$xpath"): row.get("relevant") for row in first["survey"]}
    assert rules["j/ingresos/fuentes"] == "${hubo}='yes'"
    assert "${inc_" not in json.dumps(first["survey"])


def test_versions_are_named_and_dated_as_they_were_deployed(pilot: Pilot) -> None:
    versions = pilot.form("journal").versions
    names = [version.name for version in versions]
    assert names == ["2020070101", "2020101501", "2021010401"]
    assert [version.content["settings"]["version"] for version in versions] == names
    deployed = [version.deployed_at for version in versions]
    assert deployed == sorted(deployed)


def test_identifiers_are_as_long_as_kobos(pilot: Pilot) -> None:
    uids = [form.uid for form in pilot.forms]
    uids += [version.uid for form in pilot.forms for version in form.versions]
    assert {len(uid) for uid in uids} == {22}
    assert len(set(uids)) == len(uids)


@pytest.mark.parametrize("name", FORM_NAMES)
def test_content_has_the_shape_a_real_server_gave_it(
    shared_folder: Path, name: str
) -> None:
    path = shared_folder / "sources" / "kobo_forms" / f"cii_{name}.asset.json"
    real = json.loads(path.read_text(encoding="utf-8"))["content"]
    made = read_xlsform(FORMS_DIR / f"cii_{name}.xlsx")
    for sheet in ("survey", "choices"):
        without_kuids = [
            [{key: row[key] for key in row if key != "$kuid"} for row in content[sheet]]
            for content in (made, real)
        ]
        assert without_kuids[0] == without_kuids[1]
    assert made["translations"] == real["translations"]
    assert made["translated"] == real["translated"]


@pytest.mark.parametrize("name", FORM_NAMES)
def test_records_have_the_keys_a_real_server_gave_them(
    pilot: Pilot, shared_folder: Path, name: str
) -> None:
    path = shared_folder / "sources" / "kobo_forms" / f"cii_{name}.data.json"
    real = json.loads(path.read_text(encoding="utf-8"))["results"][0]
    form = pilot.form(name)
    made = records(form, form.versions[-1])
    known = {key for record in made for key in record}
    # The recording answered every question, Liberian currency included, and carries
    # the review beside the record.
    assert set(real) - known - {"_validation_status"} == set()
    assert {"_id", "__version__", "formhub/uuid"} <= known


def test_a_required_question_says_so_in_a_boolean(pilot: Pilot) -> None:
    rows = [row for form in pilot.forms for row in form.versions[0].content["survey"]]
    assert {row["required"] for row in rows if "required" in row} == {True}
