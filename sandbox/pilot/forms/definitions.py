"""The forms' definitions, older versions of the journal included."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

from sandbox.pilot.forms import assets
from sandbox.pilot.forms.renames import (
    FIRST_VERSION,
    FIVE_POINT_SATISFACTION,
    FIVE_POINT_VERSION,
    JOURNAL_RENAMES,
    PRESENT_VERSION,
)
from sandbox.pilot.forms.xlsforms import Content, read_xlsform, stable_kuid
from sandbox.pilot.model import FormVersion

FORMS_DIR = Path(__file__).parents[3] / "ingestion" / "forms"
JOURNAL_DEPLOYED = {
    FIRST_VERSION: datetime(2020, 6, 22, 15, tzinfo=UTC),
    FIVE_POINT_VERSION: datetime(2020, 10, 15, 15, tzinfo=UTC),
    PRESENT_VERSION: datetime(2021, 1, 4, 6, tzinfo=UTC),
}
FIVE_POINT_LABELS = [
    "From 1 to 5: how satisfied are you with your standard of living?",
    "De 1 a 5: ¿qué tan satisfecho/a está con su nivel de vida?",
    "Mula 1 hanggang 5: gaano ka kuntento sa antas ng inyong pamumuhay?",
]
FIVE_POINT_LIST = "five"


def single_version(
    form: str, uid: str, deployed_at: datetime
) -> tuple[FormVersion, ...]:
    """Return the one version of a form that never changed."""
    content = read_xlsform(FORMS_DIR / f"cii_{form}.xlsx")
    name = content["settings"]["version"]
    return (FormVersion(uid, name, deployed_at, content),)


def journal_versions() -> tuple[FormVersion, ...]:
    """Return the journal's versions, oldest first."""
    present = read_xlsform(FORMS_DIR / "cii_journal.xlsx")
    return tuple(
        FormVersion(
            uid=assets.JOURNAL_VERSION_UIDS[name],
            name=name,
            deployed_at=deployed_at,
            content=older_content(present, name),
        )
        for name, deployed_at in JOURNAL_DEPLOYED.items()
    )


def older_content(present: Content, version_name: str) -> Content:
    """Return the form's definition as it was in an older version."""
    renames = JOURNAL_RENAMES[version_name]
    content = deepcopy(present)
    content["settings"]["version"] = version_name
    content["survey"] = _renamed_survey(content["survey"], renames)
    if version_name == FIVE_POINT_VERSION:
        _ask_on_five_points(content)
    return content


def _renamed_survey(
    survey: Iterable[Content], renames: Mapping[str, str]
) -> list[Content]:
    names = {_name(old): _name(new) for old, new in renames.items()}
    rows: list[Content] = []
    group_starts: dict[str, int] = {}
    for row in survey:
        older = {key: _with_names(value, names) for key, value in row.items()}
        path = row.get("$xpath")
        if path is not None:
            older_path = renames.get(path, path)
            older |= {
                "name": _name(older_path),
                "$autoname": _name(older_path),
                "$xpath": older_path,
            }
            parent = path.rpartition("/")[0]
            if row["type"].startswith("begin_"):
                group_starts[path] = len(rows)
            if older_path.rpartition("/")[0] != renames.get(parent, parent):
                # The question stood outside its present group: just before it.
                rows.insert(group_starts[parent], older)
                continue
        rows.append(older)
    return rows


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _with_names(value: object, names: Mapping[str, str]) -> object:
    """Return a rule or label with its `${references}` renamed."""
    if isinstance(value, list):
        return [_with_names(item, names) for item in value]
    if isinstance(value, str):
        for old, new in names.items():
            value = value.replace(f"${{{old}}}", f"${{{new}}}")
    return value


def _ask_on_five_points(content: Content) -> None:
    for row in content["survey"]:
        if row.get("$xpath") == FIVE_POINT_SATISFACTION:
            row["label"] = FIVE_POINT_LABELS
            row["select_from_list_name"] = FIVE_POINT_LIST
    content["choices"] += [
        {
            "$kuid": stable_kuid(FIVE_POINT_LIST, str(score)),
            "$autovalue": str(score),
            "list_name": FIVE_POINT_LIST,
            "name": str(score),
            "label": [str(score)] * len(content["translations"]),
        }
        for score in range(1, 6)
    ]
