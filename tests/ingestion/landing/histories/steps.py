"""What may happen to a form and to the pulls of it, as Hypothesis draws it.

A plan is a list of steps that names nothing: `pick` chooses among what is there when
the step is played, so a plan stays one when Hypothesis takes steps out of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

ChangeKind = Literal[
    "submit",
    "edit",
    "review",
    "delete",
    "restore",
    "redeploy",
    "purge",  # for good, from the trash
    "wipe",  # deleted and purged at once
    "attach",
]
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
    "session ended",  # at the n-th request
    "link lost",  # of the n-th page to the next one
]
SECOND, HOUR, DAY = 1, 3_600, 86_400
REFUSED: tuple[Trouble, ...] = ("partial", "outsider", "nobody", "stranger")
HARMLESS: frozenset[Trouble] = frozenset(
    ("none", "full", "viewer", "other map", "hiccup")
)


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
Plans = Mapping[str, st.SearchStrategy[list[Step]]]

_numbers = st.integers(0, 20)
_waits = st.sampled_from((SECOND, SECOND, HOUR, DAY, 40 * DAY))
# Requests 1 to 4 ask about the account and the form; then come pages, then counts.
_requests = st.integers(1, 12)
_submits = st.builds(Change, st.just("submit"), _numbers, _numbers, st.just(SECOND))
_KINDS: tuple[ChangeKind, ...] = (
    *("submit", "edit", "edit", "review", "review", "delete", "restore", "redeploy"),
)
Bursts = st.SearchStrategy[list[Change]]


def bursts(*kinds: ChangeKind) -> Bursts:
    """Return what draws a few changes of these kinds, one after the other."""
    changes = st.builds(Change, st.sampled_from(kinds), _numbers, _numbers, _waits)
    return st.lists(changes, min_size=1, max_size=5)


def pulls(*troubles: Trouble) -> st.SearchStrategy[Pull]:
    """Return what draws a pull in which one of these things goes wrong."""
    return st.builds(Pull, st.sampled_from(troubles), _requests)


def drifting_pulls(
    meanwhile: Bursts, requests: st.SearchStrategy[int], *troubles: Trouble
) -> st.SearchStrategy[Pull]:
    """Return what draws a pull while rows come, go and change."""
    during = meanwhile.map(tuple)
    return st.builds(Pull, st.sampled_from(troubles), requests, during)


def plans(
    between: Bursts, pulls: st.SearchStrategy[Pull], *, fewest: int = 3, most: int = 8
) -> st.SearchStrategy[list[Step]]:
    """Return what draws a plan of so many turns: changes, then a pull."""
    turns = st.tuples(between, pulls)
    return st.builds(
        lambda beginning, turns: [
            *beginning,
            Pull("none", 1),
            *(step for burst, pull in turns for step in (*burst, pull)),
            Pull("none", 1),
        ],
        st.lists(_submits, min_size=3, max_size=9),
        st.lists(turns, min_size=fewest, max_size=most),
    )


_bursts = bursts(*_KINDS)
# What is known of the pulls of a plan -> such plans.
PLANS: Plans = {
    "people go on meanwhile": plans(
        _bursts,
        drifting_pulls(
            _bursts,
            st.integers(3, 10),
            *("none", "none", "full", "viewer", "row left out"),
        ),
    ),
    "all goes well": plans(
        _bursts, pulls("none", "full", "viewer", "other map", "hiccup")
    ),
    "the account is refused": plans(_bursts, pulls(*REFUSED, "withdrawn", "revoked")),
    "the server says what is not true": plans(
        _bursts,
        pulls("count too high", "count too low", "count too low", "row left out"),
    ),
    "the server breaks down": plans(_bursts, pulls("breakdown", "hiccup")),
}
_odk_bursts = bursts(
    *("submit", "edit", "edit", "review", "review", "delete", "restore", "redeploy"),
    *("attach", "purge", "attach"),
)
# Answers to dropped questions take a request each.
_odk_requests = st.integers(3, 24)
ODK_PLANS: Plans = {
    "people go on meanwhile": plans(
        _odk_bursts,
        drifting_pulls(
            bursts("submit", "edit", "review", "delete", "restore", "attach"),
            _odk_requests,
            *("none", "none", "full", "viewer", "row left out"),
        ),
        most=6,
    ),
    # Of a list that is swept the second page is the sixth request, or a later one.
    "rows go for good meanwhile": plans(
        _odk_bursts,
        drifting_pulls(
            bursts("wipe", "wipe", "edit"),
            st.sampled_from((6, 6, 7, 8, 12)),
            *("full", "none", "none"),
        ),
        most=5,
    ),
    "all goes well": plans(
        _odk_bursts,
        pulls("none", "full", "viewer", "other map", "hiccup", "session ended"),
        most=6,
    ),
    "the server is not to be trusted": plans(
        _odk_bursts,
        pulls(
            *("count too high", "count too low", "row left out", "link lost"),
            *("outsider", "nobody", "stranger", "withdrawn", "withdrawn", "breakdown"),
        ),
        most=6,
    ),
}
