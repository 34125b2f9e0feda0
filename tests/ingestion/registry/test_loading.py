from pathlib import Path

import pytest

from ingestion.answers.field_maps import load_field_map
from ingestion.errors import RegistryError
from ingestion.registry import load_registry
from tests.ingestion.conftest import NO_COHORT, write_registry

COHORT = """
cohorts:
  MX-2020: {sites: [MX-01], recruited: [2020-02, 2020-03], launch_month: 2020-07,
            analysis_end_month: 2021-07}
"""


def test_the_registry_of_the_pilot_is_right() -> None:
    registry = load_registry()

    assert len(registry.sites) == 9
    assert registry.cohorts["MX-2020"].launch_month.isoformat() == "2020-07-01"
    assert [form.name for form in registry.forms] == [
        "enrolment",
        "journal",
        "peer_meeting",
        "investment",
        "exit",
        "journal_payments",
        "corrections",
    ]
    assert {site for one in registry.access.values() for site in one.site_codes} == set(
        registry.sites
    )


@pytest.mark.parametrize(
    ("wrong", "replacement", "line", "reason"),
    [
        ("kind: kobo", "kind: cobo", 2, "kind"),
        ("country: MEX", "country: Mexico", 5, "country"),
        ("currency: MXN, ", "", 5, "currency is wrong: field required"),
        ("America/Mexico_City", "Mars/Olympus", 5, "no such time zone"),
        ("languages: [es]}", "languages: []}", 6, "languages"),
        ("server: kobo_test, form", "server: nowhere, form", 9, "names no server"),
        (
            "sites: [MX-01],\n     field_map: small",
            "sites: [MX-09],\n     field_map: small",
            9,
            "names no site: 'MX-09'",
        ),
        ("role: journal", "role: diary", 9, "role"),
        ("role: journal", "role: corrections", 9, "cannot come from a server of kind"),
        ("small_journal.yml", "missing.yml", 10, "names no file"),
        ("maps/corrections.yml", "maps/exit.yml", 12, "is the map of role 'exit'"),
        (
            "field_map: small_journal.yml}",
            "field_map: small_journal.yml, attachments: {types: [photo]}}",
            10,
            "a media type is written like",
        ),
        (
            "field_map: small_journal.yml}",
            "field_map: small_journal.yml, attachments: {max_megabytes: 0}}",
            10,
            "greater than 0",
        ),
        (
            "field_map: maps/corrections.yml}",
            "field_map: maps/corrections.yml, attachments: {}}",
            12,
            "a folder of CSV files has none",
        ),
        (
            "field_map: small_journal.yml}",
            "field_map: small_journal.yml, media: {files: [villages]}}",
            10,
            "files",
        ),
        (
            "field_map: small_journal.yml}",
            "field_map: small_journal.yml, media: {files: []}}",
            10,
            "at least 1",
        ),
        (
            "field_map: small_journal.yml}",
            (
                "field_map: small_journal.yml, "
                "media: {files: [families, last_month], names: true}}"
            ),
            10,
            "they would tell what each family earned",
        ),
        (
            "field_map: maps/corrections.yml}",
            "field_map: maps/corrections.yml, media: {files: [sites]}}",
            12,
            "a folder of CSV files has none",
        ),
        (
            "languages: [es]}",
            "languages: [es], new_peer_groups: [a b]}",
            6,
            "new_peer_groups",
        ),
        ("cohorts: {}", "cohorts: {}\nsites: {}", 8, "is given twice"),
        ("cohorts: {}", "cohorts: [", 9, "this is not YAML"),
        ("cohorts: {}", "cohort: {}", 1, "cohorts is wrong: field required"),
        ("cohorts: {}", COHORT.replace("2021-07", "2019-07"), 10, "earlier"),
        ("cohorts: {}", COHORT.replace("2020-07", "July"), 9, "written like 2020-07"),
        ("cohorts: {}", COHORT.replace("2020-07", "2020-13-01"), 9, "month must be in"),
        ("cohorts: {}", "cohorts: !odd {}", 7, "!odd"),
        ("cohorts: {}", "cohorts: {}\x07", 7, "not YAML"),
        (
            "form: aSmall",
            "sheet: Journal, form: aSmall",
            9,
            "names the sheet of a file",
        ),
        ("server: kobo_test, form", "server: finance, form", 10, "without income_sou"),
        ("form: corrections", "form: aSmallJournalForTests1", 11, "repeats the form"),
    ],
)
def test_a_wrong_entry_is_refused_with_file_line_and_reason(
    tmp_path: Path, wrong: str, replacement: str, line: int, reason: str
) -> None:
    assert wrong in NO_COHORT
    path = write_registry(tmp_path, NO_COHORT.replace(wrong, replacement, 1))

    with pytest.raises(RegistryError) as error:
        load_registry(path)

    assert str(error.value).startswith(f"{path}, line {line}: ")
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("wrong", "replacement", "line", "reason"),
    [
        ("cast: month", "cast: moon", 5, "cast"),
        ("contact_phone:", "secret_phone:", 18, "pii.family_contacts has no such"),
        ("path: ref_month, ", "", 5, "give either path or paths"),
        ("class: sensitive", "class: secret", 4, "class"),
    ],
)
def test_a_wrong_field_map_is_refused_with_file_line_and_reason(
    tmp_path: Path, wrong: str, replacement: str, line: int, reason: str
) -> None:
    registry = write_registry(tmp_path, NO_COHORT)
    path = tmp_path / "small_journal.yml"
    path.write_text(path.read_text().replace(wrong, replacement, 1))

    with pytest.raises(RegistryError) as error:
        load_registry(registry)

    assert str(error.value).startswith(f"{path}, line {line}: ")
    assert reason in str(error.value)


ODK = """\
  odk_uganda: {kind: odk, connection: odk_uganda, project: 1}
  odk_kenya: {kind: odk, connection: odk_uganda, project: 2}
"""
ODK_FORMS = """\
  - {role: journal, server: odk_uganda, form: journal, sites: [MX-01],
     field_map: small_journal.yml, name: journal_uganda}
  - {role: journal, server: odk_kenya, form: journal, sites: [MX-01],
     field_map: small_journal.yml, name: journal_kenya}
"""


def test_forms_of_one_name_in_two_projects_are_two_forms(tmp_path: Path) -> None:
    servers = NO_COHORT.replace("sites:\n", f"{ODK}sites:\n", 1)
    path = write_registry(tmp_path, servers + ODK_FORMS)

    forms = load_registry(path).forms

    assert [(form.form_id, form.source_key) for form in forms] == [
        ("aSmallJournalForTests1", "aSmallJournalForTests1"),
        ("corrections", "corrections"),
        ("odk_uganda/journal", "journal"),
        ("odk_kenya/journal", "journal"),
    ]


@pytest.mark.parametrize(
    ("wrong", "replacement", "reason"),
    [
        (", project: 1", "", "project is wrong: field required"),
        ("project: 1", "project: 0", "project"),
        ("project: 1", "project: main", "project"),
        ("role: journal, server: odk_kenya", "role: corrections, server: odk_kenya",
         "cannot come from a server of kind odk"),
        ("server: odk_kenya", "server: odk_uganda", "repeats the form"),
    ],
)  # fmt: skip
def test_a_wrong_entry_of_odk_is_refused(
    tmp_path: Path, wrong: str, replacement: str, reason: str
) -> None:
    servers = NO_COHORT.replace("sites:\n", f"{ODK}sites:\n", 1)
    content = (servers + ODK_FORMS).replace(wrong, replacement, 1)
    path = write_registry(tmp_path, content)

    with pytest.raises(RegistryError, match=reason):
        load_registry(path)


def test_a_form_of_files_may_name_its_sheet(tmp_path: Path) -> None:
    named = NO_COHORT.replace("form: corrections", "form: corrections, sheet: Log")

    journal, corrections = load_registry(write_registry(tmp_path, named)).forms

    assert (journal.sheet, corrections.sheet) == (None, "Log")


@pytest.mark.parametrize(
    ("written", "columns"),
    [
        ("record_id: ref", ("ref",)),
        ("record_id: [family_code, month]", ("family_code", "month")),
        ("", ()),
    ],
)
def test_a_row_is_identified_by_a_column_or_by_several(
    tmp_path: Path, written: str, columns: tuple[str, ...]
) -> None:
    path = tmp_path / "map.yml"
    path.write_text(f"role: exit\n{written}\nfields: {{a: {{path: a, class: open}}}}\n")

    assert load_field_map(path).record_id == columns


@pytest.mark.parametrize("written", ["[a, a]", "''", "[a, '']"])
def test_wrong_columns_of_identity_are_refused(tmp_path: Path, written: str) -> None:
    path = tmp_path / "map.yml"
    path.write_text(
        f"role: exit\nrecord_id: {written}\nfields: {{a: {{path: a, class: open}}}}\n"
    )

    with pytest.raises(RegistryError, match=r"map\.yml, line [12]: "):
        load_field_map(path)


def test_a_missing_registry_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="cannot be read"):
        load_registry(tmp_path / "sites.yml")


def test_a_registry_in_another_encoding_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "sites.yml"
    path.write_bytes("sites:\n  a: Bogotá\n".encode("latin-1"))

    with pytest.raises(RegistryError, match=r"line 2: this is not UTF-8"):
        load_registry(path)


def test_a_form_has_its_files_fetched_only_if_its_entry_says_so(tmp_path: Path) -> None:
    wanting = NO_COHORT.replace(
        "small_journal.yml}", "small_journal.yml, attachments: {max_megabytes: 5}}"
    )
    plain, wished = (
        load_registry(write_registry(tmp_path, content)).forms[0].attachments
        for content in (NO_COHORT, wanting)
    )

    assert plain is None
    assert wished is not None
    assert (wished.max_megabytes, wished.types) == (5, ["image/*", "audio/*"])


def test_forms_of_odk_central_may_have_their_files_fetched(tmp_path: Path) -> None:
    servers = NO_COHORT.replace("sites:\n", f"{ODK}sites:\n", 1)
    wanting = ODK_FORMS.replace("journal_kenya}", "journal_kenya, attachments: {}}")
    path = write_registry(tmp_path, servers + wanting)

    *_, uganda, kenya = load_registry(path).forms

    assert uganda.attachments is None
    assert kenya.attachments is not None


def write_receivers(folder: Path, receivers: str) -> Path:
    lines = f"alerts:\n  receivers:\n    lead: {receivers}\n"
    return write_registry(folder, NO_COHORT.rstrip("\n") + "\n" + lines)


def test_a_registry_says_who_hears_of_alerts_and_from_when_on(tmp_path: Path) -> None:
    path = write_receivers(
        tmp_path, "{email: [lead@programme.example], sites: [MX-01]}"
    )

    alerts = load_registry(path).alerts

    assert alerts.receivers["lead"].email == ["lead@programme.example"]
    assert (alerts.missing_journals_share, alerts.stale_after_hours) == (0.2, 36)
    assert load_registry().alerts.receivers == {}


@pytest.mark.parametrize(
    ("receiver", "reason"),
    [
        ("{email: [lead]}", "an e-mail address is written like"),
        ("{email: []}", "email"),
        ('{email: ["Lead <lead@programme.example>"]}', "an e-mail address is written"),
        ("{slack: team, webhook: team}", "needs one of email, slack and webhook"),
        ("{sites: [MX-01]}", "needs one of email, slack and webhook"),
        ("{slack: https://hooks.slack.example/secret}", "slack"),
        ("{slack: team, sites: [MX-09]}", "names no site: 'MX-09'"),
        ("{slack: team, sites: []}", "sites"),
        ("{slack: team, site: MX-01}", "site"),
    ],
)
def test_a_wrong_receiver_is_refused_with_file_line_and_reason(
    tmp_path: Path, receiver: str, reason: str
) -> None:
    path = write_receivers(tmp_path, receiver)
    line = len(path.read_text().splitlines())

    with pytest.raises(RegistryError) as caught:
        load_registry(path)

    assert str(caught.value).startswith(f"{path}, line {line}: alerts.receivers.lead")
    assert reason in str(caught.value)


def test_names_and_incomes_of_two_forms_meet_on_no_phone_of_a_site(
    tmp_path: Path,
) -> None:
    of_journal = "field_map: small_journal.yml, media: {files: [last_month]}}"
    of_meeting = (
        "  - {role: peer_meeting, server: kobo_test, form: aMeeting, sites: [MX-01],\n"
        "     field_map: maps/peer_meeting.yml,"
        " media: {files: [families], names: true}}"
    )
    registry = NO_COHORT.replace("field_map: small_journal.yml}", of_journal)
    written = registry.replace("forms:\n", f"forms:\n{of_meeting}\n")
    refused = write_registry(tmp_path, written)

    with pytest.raises(RegistryError, match="form 'peer_meeting' of the same site"):
        load_registry(refused)

    accepted = refused.read_text().replace("names: true", "names: false")
    write_registry(tmp_path, accepted)
    assert len(load_registry(refused).forms) == 3
