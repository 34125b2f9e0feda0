"""YAML files that people write: read them strictly and say where they are wrong."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from ingestion.errors import RegistryError

Location = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class _Loader(yaml.SafeLoader):
    """Builds plain values, and says where one is that cannot be built."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - PyYAML's own signature
        try:
            return super().construct_object(node, deep)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # PyYAML trusts that what looks like a date or a number is one.
            raise yaml.constructor.ConstructorError(
                None, None, f"a value cannot be read ({error})", node.start_mark
            ) from error


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RegistryError(
            f"{path} cannot be read ({error.strerror}): put the file there."
        ) from error
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RegistryError(
            f"{path}, line {line}: this is not UTF-8: save the file in UTF-8."
        ) from error


class ConfigFile:
    """A parsed file that remembers on which line each entry stands.

    Attributes:
        path: The file.
        data: Its content, as plain dicts, lists and scalars.

    Raises:
        RegistryError: The file is missing, not UTF-8, no YAML, or names a key twice.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: dict[Location, int] = {}
        text = _read(path)
        try:
            node = yaml.compose(text, _Loader)
            if not isinstance(node, yaml.MappingNode):
                raise RegistryError(
                    f"{path}, line 1: expected entries of the form key: …"
                )
            self._remember_lines(node, ())
            self.data = _Loader("").construct_document(node)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise RegistryError(
                f"{path}, line {line}: this is not YAML: {error.problem}."
            ) from error
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            raise RegistryError(
                f"{path}, line {line}: this is not YAML: {error.reason}, remove the "
                "character that cannot be seen."
            ) from error

    def _remember_lines(self, node: yaml.Node, place: Location) -> None:
        self._lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = (*place, str(key.value))
                if inner in self._lines:
                    raise self.error(
                        inner, "is given twice", line=key.start_mark.line + 1
                    )
                self._lines[inner] = key.start_mark.line + 1
                self._remember_lines(value, inner)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self._remember_lines(value, (*place, index))

    def error(
        self, place: Sequence[str | int], reason: str, *, line: int | None = None
    ) -> RegistryError:
        """Return the error that `reason` is wrong with the entry at `place`."""
        known = tuple(place)
        while known not in self._lines:
            known = known[:-1]
        entry = ".".join(str(part) for part in place)
        number = line or self._lines[known]
        return RegistryError(f"{self.path}, line {number}: {entry} {reason}.")

    def parse(self, model: type[Model]) -> Model:
        """Return the content as `model`.

        Raises:
            RegistryError: It does not fit; the message names the first misfit.
        """
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            reason = first["msg"].removeprefix("Value error, ")
            known = self._known_part(first["loc"])
            raise self.error(known, f"is wrong: {reason[0].lower()}{reason[1:]}") from (
                error
            )

    def _known_part(self, place: Location) -> Location:
        # pydantic adds parts of its own, such as the name of a union's member.
        kept: list[str | int] = []
        for part in place:
            if (*kept, part) in self._lines:
                kept.append(part)
        return tuple(kept) if place[-1:] == tuple(kept[-1:]) else (*kept, *place[-1:])
