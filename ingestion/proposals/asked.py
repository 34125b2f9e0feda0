"""What one version of a form asks, as a tree: repeats hold what is asked in them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ingestion.sources.base import SILENT_TYPES, QuestionDefinition

REPEAT = "repeat"


@dataclass(slots=True)
class Asked:
    """One question, or one repeat with its questions.

    Attributes:
        path: Its full path.
        inside: Its path within the repeat around it, which is what a map writes.
        type: The question's type; `repeat` for a repeat.
        place: Counts the questions of its level, in the form's order.
        labels: Language -> what people read.
        choices: The answers it offers.
        items: What a repeat asks.
    """

    path: str
    inside: str
    type: str
    place: int
    labels: Mapping[str, str] = field(default_factory=dict)
    choices: frozenset[str] = frozenset()
    items: list["Asked"] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return its own name, without the groups around it."""
        return self.path.rpartition("/")[2]

    @property
    def is_repeat(self) -> bool:
        """Return whether it is asked any number of times."""
        return self.type == REPEAT

    def every_path(self) -> Iterator[str]:
        """Yield its own path and the paths of the questions inside it."""
        yield self.path
        for item in self.items:
            yield from item.every_path()

    def answer_paths(self) -> Iterator[str]:
        """Yield the paths of what is answered: for a repeat, of what is inside."""
        if not self.is_repeat:
            yield self.path
        for item in self.items:
            yield from item.answer_paths()


def asked_in(questions: Iterable[QuestionDefinition]) -> list[Asked]:
    """Return the tree of a version's questions; those that ask nothing are left out."""
    asking = [one for one in questions if one.type not in SILENT_TYPES]
    repeats = sorted({one.repeat_path for one in asking if one.repeat_path}, key=len)
    top: list[Asked] = []
    opened: dict[str, Asked] = {}
    for question in asking:
        level, outer = top, ""
        for repeat in repeats:
            if not question.path.startswith(f"{repeat}/"):
                continue
            if repeat not in opened:
                inside = repeat.removeprefix(outer)
                opened[repeat] = Asked(repeat, inside, REPEAT, len(level))
                level.append(opened[repeat])
            level, outer = opened[repeat].items, f"{repeat}/"
        level.append(_asked(question, outer, len(level)))
    return top


def _asked(question: QuestionDefinition, outer: str, place: int) -> Asked:
    return Asked(
        path=question.path,
        inside=question.path.removeprefix(outer),
        type=question.type,
        place=place,
        labels=question.labels,
        choices=frozenset(choice.name for choice in question.choices),
    )
