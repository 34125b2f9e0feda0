"""What may happen to a form and to the pulls of it, as Hypothesis draws it.

A plan is a list of steps that names nothing: `pick` chooses among what is there when
the step is played, so a plan stays one when Hypothesis takes steps out of it.
"""

from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

ChangeKind = Literal["submit", "edit", "review", "delete", "restore", "redeploy"]
Trouble = Literal[
    "none",
    "full",  # no trouble, but every submission is fetched
    "viewer",  # an account without the history
    "other map",  # a field map that names one question more
    "partial",  # an account that sees some rows only
    "outsider",
    "nobody",  # no token at all
    "stranger",  # a token that is none
    "withdrawn",  # the account loses its rights at the n-th request
    "revoked",
    "count too high",  # of the n-th request that counts
    "count too low",
    "row left out",  # of the n-th page, whose count is right
    "hiccup",  # the n-th request fails once, in some way
    "breakdown",  # every request from the n-th on fails
]
SECOND, HOUR, DAY = 1, 3_600, 86_400
REFUSED: tuple[Trouble, ...] = ("partial", "outsider", "nobody", "stranger")
HARMLESS: tuple[Trouble, ...] = ("none", "full", "viewer", "other map", "hiccup")


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody changes the form or a submission, `wait` seconds after what was before.

    Attributes:
        kind: What is done.
        pick: Which of those that it can be done to.
        value: Which answer, decision, shape or date is given.
        wait: Seconds, at least one.
    """

    kind: ChangeKind
    pick: int
    value: int
    wait: int


@dataclass(frozen=True, slots=True)
class Pull:
    """The form is landed.

    Attributes:
        trouble: What goes wrong.
        at_request: At which request, counted from 1; before it `during` happens.
        during: What people do meanwhile.
    """

    trouble: Trouble
    at_request: int
    during: tuple[Change, ...] = ()


Step = Change | Pull

_numbers = st.integers(0, 20)
_waits = st.sampled_from((SECOND, SECOND, HOUR, DAY, 40 * DAY))
# Requests 1 to 4 ask about the account and the form; then come pages, then counts.
_requests = st.integers(1, 12)
_submits = st.builds(Change, st.just("submit"), _numbers, _numbers, st.just(SECOND))
_changes = st.builds(
    Change,
    st.sampled_from(
        ("submit", "edit", "edit", "review", "review", "delete", "restore", "redeploy")
    ),
    _numbers,
    _numbers,
    _waits,
)
_bursts = st.lists(_changes, min_size=1, max_size=5)


def _pulls(*troubles: Trouble) -> st.SearchStrategy[Pull]:
    return st.builds(Pull, st.sampled_from(troubles), _requests)


# Rows come, go and change while pages are read.
_drifting_pulls = st.builds(
    Pull,
    st.sampled_from(("none", "none", "full", "viewer", "row left out")),
    st.integers(3, 10),
    _bursts.map(tuple),
)


def _plans(pulls: st.SearchStrategy[Pull]) -> st.SearchStrategy[list[Step]]:
    turns = st.tuples(_bursts, pulls)
    return st.builds(
        lambda beginning, turns: [
            *beginning,
            Pull("none", 1),
            *(step for burst, pull in turns for step in (*burst, pull)),
            Pull("none", 1),
        ],
        st.lists(_submits, min_size=3, max_size=9),
        st.lists(turns, min_size=3, max_size=8),
    )


# What is known of the pulls of a plan -> such plans.
PLANS = {
    "people go on meanwhile": _plans(_drifting_pulls),
    "all goes well": _plans(_pulls("none", "full", "viewer", "other map", "hiccup")),
    "the account is refused": _plans(_pulls(*REFUSED, "withdrawn", "revoked")),
    "the server says what is not true": _plans(
        _pulls("count too high", "count too low", "count too low", "row left out")
    ),
    "the server breaks down": _plans(_pulls("breakdown", "hiccup")),
}
