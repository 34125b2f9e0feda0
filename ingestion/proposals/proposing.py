"""From a form's versions to the text of a map that a person can accept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingestion.answers.field_maps import load_field_map
from ingestion.proposals.drafting import draft_map, draft_map_like
from ingestion.proposals.drafts import DraftMap, every_draft
from ingestion.proposals.editing import edited
from ingestion.proposals.product_forms import product_questions
from ingestion.proposals.rendering import field_lines, left_out_lines
from ingestion.sources.base import FormVersion

OWN_MAPS = Path(__file__).parents[1] / "maps"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A drafted map.

    Attributes:
        text: The whole map, YAML.
        proposed_count: Names, paths and omissions in it that nobody has accepted yet.
    """

    text: str
    proposed_count: int


def propose_versions(map_path: Path, versions: Sequence[FormVersion]) -> Proposal:
    """Return the map in a file with a proposal for every question it does not know.

    Args:
        map_path: A field map; its text is kept, comments too.
        versions: Every version of the form.

    Raises:
        RegistryError: The map cannot be read.
    """
    draft = draft_map(load_field_map(map_path).written, versions)
    text = map_path.read_text(encoding="utf-8")
    return Proposal(edited(text, draft), _proposed_count(draft))


def propose_like(role: str, versions: Sequence[FormVersion]) -> Proposal:
    """Return a map for a form that has none, by the product's own map of its role.

    Args:
        role: One of those the registry knows.
        versions: Every version of the form.

    Raises:
        RegistryError: The product has no map of this role.
    """
    example = load_field_map(OWN_MAPS / f"{role}.yml").written
    draft = draft_map_like(example, product_questions(role), versions)
    return Proposal("\n".join(_new_map(draft)) + "\n", _proposed_count(draft))


def _new_map(draft: DraftMap) -> Iterable[str]:
    yield "# Drafted from the form's questions: review every name and class, then"
    yield "# delete the comments that say `proposed`. Whatever is `sensitive` or left"
    yield "# out here stays hidden until a person decides otherwise."
    yield f"role: {draft.role}"
    carried = [one for one in draft.fields if one.is_carried]
    yield "fields:" if carried else "fields: {}"
    for one in carried:
        yield from field_lines(one, 2)
    if draft.not_carried:
        yield ""
        yield "not_carried:"
    for path, field_class in draft.not_carried.items():
        yield from left_out_lines(path, field_class, draft.reasons.get(path))


def _proposed_count(draft: DraftMap) -> int:
    carried = [one for one in every_draft(draft.fields) if one.is_carried]
    places = sum(place.reason is not None for one in carried for place in one.places)
    names = sum(one.is_new and one.reason is not None for one in carried)
    return places + names + len(draft.reasons)
