"""A map is somebody's work: what is proposed is added, the rest stays as it is."""

import difflib
from pathlib import Path

import pytest

from tests.ingestion.proposals.versions import (
    proposed,
    question,
    unaccounted,
    versions,
)

MAP = """\
# The journal of our programme.
role: journal
fields:
  # Money
  income_local: {path: money/income, cast: decimal, class: open}  # before tax
  sources:
    class: open
    # Where it comes from, since the beginning.
    path: money/sources
    items:
      kind_code: {path: kind, class: open}

  mood_code:
    class: sensitive
    paths:
      # They asked twice.
      - {path: mood, since: "v1"}
      - path: spirits
        until: "v0"

# Left out on purpose.
not_carried:
  audit: sensitive  # the phone's own
"""
FLOW_REPEAT = """\
role: journal
fields:
  sources: {path: money/sources, class: open,
    items: {kind_code: {path: kind, class: open}}}
"""
QUOTED = """\
role: journal
fields:
  "mood_code":
    paths: [{path: mood}]
    class: open
not_carried:
  audit: open
"""
FIRST = [
    question("money/income", "decimal", label="How much came in?"),
    question("money/sources/kind", label="Of which kind?", repeat_path="money/sources"),
    question("mood", label="How do you feel?"),
    question("audit", "audit"),
]
SECOND = [
    question("in/income", "decimal", label="How much came in?"),
    question("in/sources/type", label="Of which kind?", repeat_path="in/sources"),
    question("in/sources/new", "integer", repeat_path="in/sources"),
    question("feeling", label="How do you feel?"),
    question("x/audit", "audit"),
    question("hope"),
]


def test_comments_and_order_stay_and_proposals_say_why(tmp_path: Path) -> None:
    forms = versions(FIRST, SECOND)

    proposal, found = proposed(tmp_path, MAP, forms)

    assert unaccounted(found, forms) == set()
    assert (
        proposal.text
        == """\
# The journal of our programme.
role: journal
fields:
  # Money
  income_local:
    class: open
    cast: decimal
    paths:
      - {path: money/income, until: "v1"}
      # proposed: moved group: the same name as money/income (similarity 1.00)
      - {path: in/income, since: "v2"}  # before tax
  sources:
    class: open
    # Where it comes from, since the beginning.
    paths:
      - {path: money/sources, until: "v1"}
      # proposed: moved group: the repeat sources (similarity 1.00)
      - {path: in/sources, since: "v2"}
    items:
      kind_code:
        class: open
        paths:
          - {path: kind, until: "v1"}
          # proposed: the same label as money/sources/kind (similarity 1.00)
          - {path: type, since: "v2"}
      # proposed: a question of type integer; like no question before, so sensitive \
until reviewed
      new:
        class: sensitive
        cast: integer
        paths:
          - {path: new, since: "v2"}

  mood_code:
    class: sensitive
    paths:
      # They asked twice.
      - {path: mood, since: "v1", until: "v1"}
      - path: spirits
        until: "v0"
      # proposed: the same label as mood (similarity 1.00)
      - {path: feeling, since: "v2"}
  # proposed: a question of type text; like no question before, so sensitive until \
reviewed
  hope:
    class: sensitive
    paths:
      - {path: hope, since: "v2"}

# Left out on purpose.
not_carried:
  audit: sensitive  # the phone's own
  # proposed: moved group: the same name as audit (similarity 1.00)
  x/audit: sensitive
"""
    )


def test_no_line_of_a_reviewed_map_is_lost(tmp_path: Path) -> None:
    proposal, _ = proposed(tmp_path, MAP, versions(FIRST, [*FIRST, question("hope")]))

    changes = difflib.ndiff(MAP.splitlines(), proposal.text.splitlines())
    assert not [line for line in changes if line.startswith("-")]


@pytest.mark.parametrize(
    "text",
    [
        "role: journal\nfields: {}\n",
        "role: journal\nfields: {}",
        "role: journal\nfields:\n  mood_code: {path: mood, class: open}",
        "role: journal\nfields: {mood_code: {path: mood, class: open}}\n",
        "role: journal\nnot_carried: {}\nfields: {}\n",
        "role: journal\nnot_carried: {audit: open}\nfields: {}\n",
        "fields:\n  mood_code:\n    path: mood\n    class: open\nrole: journal\n",
        FLOW_REPEAT,
        QUOTED,
    ],
)
def test_however_a_map_is_written_its_draft_can_be_read(
    tmp_path: Path, text: str
) -> None:
    forms = versions(FIRST, SECOND)

    proposal, found = proposed(tmp_path, text, forms)

    assert unaccounted(found, forms) == set()
    assert proposal.proposed_count > 0


@pytest.mark.parametrize(
    "name", ["yes", "null", "a: b", "1e3", "größe", "it's #1", '"']
)
def test_paths_that_yaml_would_read_otherwise_are_quoted(
    tmp_path: Path, name: str
) -> None:
    forms = versions(FIRST, [*FIRST, question(f"{name}", "geopoint"), question("hope")])

    _, found = proposed(tmp_path, MAP, forms)

    assert unaccounted(found, forms) == set()
    assert name in found.written.not_carried
