"""Spec files as people write them: read strictly, wrong entries named by line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from dashboards.errors import SpecError
from dashboards.queries import parameters_of
from dashboards.spec import Dashboard, NoteCard, TrendCard

SPECS = Path(__file__).with_name("specs")
SHARED = "shared"  # the folder of SQL that several dashboards ask, beside the specs

Place = tuple[str | int, ...]
Model = TypeVar("Model")


@dataclass(frozen=True, slots=True)
class Spec:
    """A dashboard and where its SQL is.

    Attributes:
        name: The file's name without its ending, such as `d1_multi_site_overview`.
        path: The YAML file.
        dashboard: What it says.
        queries: SQL text by query name.
    """

    name: str
    path: Path
    dashboard: Dashboard
    queries: dict[str, str]

    @property
    def slug(self) -> str:
        """The page's file name without language and ending."""
        return self.name.replace("_", "-")


def load_specs(folder: Path = SPECS) -> list[Spec]:
    """Return every dashboard of a folder, D2 before D10.

    Raises:
        SpecError: One is wrong, or there is none.
    """
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise SpecError(f"{folder} holds no dashboard: put a .yml file there.")
    specs = [load_spec(path) for path in paths]
    return sorted(specs, key=lambda spec: int(spec.dashboard.code[1:]))


def load_spec(path: Path) -> Spec:
    """Return one dashboard with its SQL.

    Raises:
        SpecError: The message names file, line and reason.
    """
    file = YamlFile(path)
    dashboard = file.parse(TypeAdapter(Dashboard))
    _check_ids(file, dashboard)
    queries = _read_queries(file, dashboard)
    _check_parameters(file, dashboard, queries)
    return Spec(path.stem, path, dashboard, queries)


def _check_ids(file: "YamlFile", dashboard: Dashboard) -> None:
    seen: set[str] = set()
    for section_index, section in enumerate(dashboard.sections):
        here: Place = ("sections", section_index)
        places = [((*here, "id"), section.id)]
        places += [
            ((*here, "cards", index, "id"), card.id)
            for index, card in enumerate(section.cards)
        ]
        for place, name in places:
            if name in seen:
                raise file.error(place, f"is used twice: {name!r}")
            seen.add(name)


def _check_parameters(
    file: "YamlFile", dashboard: Dashboard, queries: dict[str, str]
) -> None:
    """Check that a card gives the values its SQL asks for, and no others."""
    for section_index, section in enumerate(dashboard.sections):
        for index, card in enumerate(section.cards):
            if isinstance(card, NoteCard):
                continue
            asked = parameters_of(queries[card.query_name])
            wrong = sorted(asked ^ card.parameters.keys())
            if wrong:
                name, sql = wrong[0], f"{card.query_name}.sql"
                place: Place = ("sections", section_index, "cards", index, "parameters")
                raise file.error(
                    place,
                    f"lacks {name}, which {sql} asks for"
                    if name in asked
                    else f"gives {name}, which {sql} does not ask for",
                )


def _read_queries(file: "YamlFile", dashboard: Dashboard) -> dict[str, str]:
    wanted: dict[str, Place] = {dashboard.data_state: ("data_state",)}
    for section_index, section in enumerate(dashboard.sections):
        for index, card in enumerate(section.cards):
            here: Place = ("sections", section_index, "cards", index)
            if isinstance(card, NoteCard):
                continue
            wanted.setdefault(card.query_name, here)
            if isinstance(card, TrendCard) and card.events:
                wanted.setdefault(card.events, (*here, "events"))
    folder = file.path.with_suffix("")
    return {name: _read_query(file, folder, name, at) for name, at in wanted.items()}


def _read_query(file: "YamlFile", folder: Path, name: str, place: Place) -> str:
    """Return the dashboard's own SQL of that name, or else the shared one."""
    own, shared = (at / f"{name}.sql" for at in (folder, folder.parent / SHARED))
    try:
        path = own if own.exists() else shared
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise file.error(
            place,
            f"needs {name}.sql in {folder.name} or {SHARED}, where it cannot be read",
        ) from error


class YamlFile:
    """A YAML file that remembers on which line each entry stands.

    Raises:
        SpecError: The file is missing or no YAML.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: dict[Place, int] = {(): 1}
        try:
            node = yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)
        except OSError as error:
            raise SpecError(f"{path} cannot be read: {error.strerror}.") from error
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise SpecError(
                f"{path}, line {line}: this is not YAML: {error.problem}."
            ) from error
        self._note_lines(node, ())
        self.data: Any = yaml.SafeLoader("").construct_document(node) if node else None

    def _note_lines(self, node: yaml.Node | None, place: Place) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = (*place, str(key.value))
                line = key.start_mark.line + 1
                if inner in self._lines:
                    raise self.error(inner, "is given twice", line=line)
                self._lines[inner] = line
                self._note_lines(value, inner)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self._lines[(*place, index)] = value.start_mark.line + 1
                self._note_lines(value, (*place, index))

    def error(self, place: Place, reason: str, *, line: int | None = None) -> SpecError:
        """Return the error that `reason` is wrong with the entry at `place`."""
        known = place
        while known not in self._lines:
            known = known[:-1]
        entry = ".".join(str(part) for part in place) or "the file"
        number = line or self._lines[known]
        return SpecError(f"{self.path}, line {number}: {entry} {reason}.")

    def parse(self, adapter: TypeAdapter[Model]) -> Model:
        """Return the content as a model.

        Raises:
            SpecError: It does not fit; the message names the first misfit.
        """
        try:
            return adapter.validate_python(self.data)
        except ValidationError as error:
            # A misspelt key is also a missing one; the typing error is what to mend.
            first = min(
                error.errors(include_url=False),
                key=lambda found: found["type"] != "extra_forbidden",
            )
            place = self._written_place(first["loc"])
            raise self.error(place, _reason(first)) from error

    def _written_place(self, location: Place) -> Place:
        # pydantic also names the member of a union, which nobody wrote in the file.
        written: Place = ()
        for part in location[:-1]:
            if (*written, part) in self._lines:
                written = (*written, part)
        last = location[-1:]
        return written if last == written[-1:] else (*written, *last)


def _reason(error: ErrorDetails) -> str:
    known = {
        "missing": "is missing",
        "extra_forbidden": "is not something a spec knows; look for a typing error",
    }
    message = error["msg"].removeprefix("Value error, ")
    return known.get(error["type"], f"is wrong: {message[0].lower()}{message[1:]}")
