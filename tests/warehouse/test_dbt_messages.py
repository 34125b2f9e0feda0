"""Which words of an error of dbt are kept, and which a row may have said."""

import pytest

from warehouse.dbt_messages import without_values

HEADING = "  Database Error in model twos (models/twos.sql)"
END = "  compiled code at target/run/tiny/models/twos.sql"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ('invalid input syntax for type integer: "Ana 7"', "integer: "),
        ('invalid input syntax for type integer: "Ana\n"7" and"', "integer: "),
        ('value "7402" is out of range for type integer', "out of range for type"),
        ('null value in column "two" of relation "twos"', '"two" of relation "twos"'),
        ('column "Ana 7" of relation "twos"', ""),
        ('syntax error at or near "Ana 7', "at or near "),
        ("division by zero", "division by zero"),
        (
            'violates unique constraint "twos_key"\n  DETAIL:  Key (a)=(Ana\n7402) is.',
            'unique constraint "twos_key"',
        ),
        (
            "la sintaxis de entrada no es v\u00e1lida: \u00abAna 7402\u00bb",
            "v\u00e1lida: ",
        ),
        ("llave duplicada\n  DETALLE:  Ya existe la llave (a)=(Ana).", "duplicada"),
        ("could not convert string to float: 'Ana 7402'", "to float: "),
        ('invalid input: "Ana\n  Database Error in Ana\n  7402"', "invalid input: "),
        ("the server didn't answer", "the server didn't answer"),
        ("bad\n  LINE 3: select 'Ana 7'\n          ^\n  CONTEXT:  of 7402", "bad"),
    ],
)
def test_the_line_that_says_what_is_wrong_stays_without_the_answer(
    said: str, kept: str
) -> None:
    told = without_values(f"{HEADING}\n  {said}\n{END}")

    assert kept in told
    assert told.startswith(HEADING)
    assert told.endswith(END)
    assert not [word for word in ("Ana", "7402", '7"', "^") if word in told]


def test_every_error_of_several_is_kept_apart() -> None:
    one = f'{HEADING}\n  invalid input: "Ana"\n  DETAIL:  Ana\n'
    other = '  Runtime Error in test ones\n  no relation "ones"'

    told = without_values(f"{one}{END}\n{other}")

    assert told.count("Error in") == 2
    assert 'relation "ones"' in told
    assert "Ana" not in told


def test_what_dbt_says_of_the_project_stays_whole() -> None:
    said = "Compilation Error in model twos (models/twos.sql)\n  'ones' was not found"

    assert without_values(said) == said


def test_what_stands_before_a_heading_does_not_hide_the_reason() -> None:
    said = "Encountered an error:\nDatabase Error\n  connection refused\n  Ana"

    assert without_values(said) == said.removesuffix("\n  Ana")
