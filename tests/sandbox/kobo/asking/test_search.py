import pytest

from sandbox.http_server.exchange import RefusedError
from sandbox.kobo.asking.search import Predicate, Search, unknown_field


def color_or_size(field: str | None, value: str) -> Predicate[dict[str, str]]:
    if field not in ("color", "size"):
        raise unknown_field()
    return lambda thing: thing[field] == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("color:red", True),
        ("NOT color:red", False),
        ("color:blue OR size:big", True),
        ("color:blue OR size:small AND color:red", False),
        ("(color:blue OR color:red) AND NOT size:small", True),
        ("NOT (color:blue OR size:small)", True),
        ('color:"red"', True),
        ('color:"dark red"', False),
    ],
)
def test_a_search_finds_what_it_says(text: str, *, found: bool) -> None:
    matches = Search(text, color_or_size).predicate()

    assert matches({"color": "red", "size": "big"}) is found


@pytest.mark.parametrize(
    "text", ["color:red AND", "(color:red", "color:red)", "OR color:red", ")", "NOT"]
)
def test_a_search_that_cannot_be_read_is_bad_syntax(text: str) -> None:
    with pytest.raises(RefusedError) as caught:
        Search(text, color_or_size).predicate()

    assert caught.value.answer.body == b'{"detail":"Bad syntax"}'


def test_a_field_that_is_not_searched_is_refused() -> None:
    with pytest.raises(RefusedError) as caught:
        Search("weight:1", color_or_size).predicate()

    assert caught.value.answer.body == b'{"detail":"Not supported field lookup"}'
