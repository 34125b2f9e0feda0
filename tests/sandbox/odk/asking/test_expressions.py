import pytest

from sandbox.http_server.exchange import RefusedError
from sandbox.odk.asking.expressions import Node, parsed


def shown(node: Node) -> str:
    if not node.parts:
        return f"'{node.text}'" if node.kind == "literal" else node.text
    return f"({node.kind} {' '.join(map(shown, node.parts))})"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("__id eq 'a'", "(eq __id 'a')"),
        ("__id eq 'it''s'", "(eq __id 'it's')"),
        ("a eq 1 or b eq 2 and c eq 3", "(or (eq a '1') (and (eq b '2') (eq c '3')))"),
        (
            "(a eq 1 or b eq 2) and c eq 3",
            "(and (or (eq a '1') (eq b '2')) (eq c '3'))",
        ),
        ("not a eq 1 and b eq 2", "(and (not (eq a '1')) (eq b '2'))"),
        ("not (a eq 1)", "(not (eq a '1'))"),
        ("year(a/b) ge 2020", "(ge (call a/b) '2020')"),
        ("a gt 2020-01-01", "(gt a '2020-01-01')"),
        ("a gt 2020-01-01T00:00:00.123Z", "(gt a '2020-01-01T00:00:00.123Z')"),
        ("a gt 2020-01-01T00:00:00+02:00", "(gt a '2020-01-01T00:00:00+02:00')"),
        ("a ne null", "(ne a null)"),
        ("$root/Submissions/__id eq 'a'", "(eq $root/Submissions/__id 'a')"),
    ],
)
def test_an_expression_is_read(text: str, read: str) -> None:
    assert shown(parsed(text)) == read


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a gtt 2020", 1),
        ("a gt 2020-01-01T00:00:00 00:00", 9),
        ("a eq", 1),
        ("(a eq 1", 7),
        ("a eq 'open", 5),
        ("a eq 1 and", 6),
        ("", 0),
        ("sqrt(a) eq 1", 4),
    ],
)
def test_what_is_no_expression_is_refused_with_the_place(text: str, at: int) -> None:
    with pytest.raises(RefusedError) as refused:
        parsed(text)

    body = refused.value.answer.body.decode()
    assert '"code":400.18' in body
    assert f"Unexpected character at {at}" in body
