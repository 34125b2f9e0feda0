import pytest

from warehouse.audit.statements import relations_of, without_literals

KNOWN = {
    ("share", "metric_values"),
    ("share", "site_months"),
    ("marts", "fct_family_months"),
    ("release_2021_07", "fct_family_months"),
}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("select 1", "select ?"),
        ("select 'Maria Lopez', 'O''Hara'", "select ?, ?"),
        (r"select E'it\'s Maria', 2", "select ?, ?"),
        ("select $$Maria$$, $a$Lo$$pez$a$", "select ?, ?"),
        ("select U&'\\0041nna', x'1F', n'Ana'", "select ?, ?, ?"),
        ("select 1 -- Maria\n from a", "select ? from a"),
        ("select /* Maria\n Lopez */ 1", "select ?"),
        ("select 'never ended, Maria", "select ?"),
        ("select /* never ended, Maria", "select"),
        (
            "where x > -1.5e+10 and y2 = .5 and z = 0x1F",
            "where x > -? and y2 = ? and z = ?",
        ),
        ("where phone = 573001234567", "where phone = ?"),
        ("where a = $1", "where a = $1"),
        ('select "value" as "Maria Lopez"', 'select "value" as "?"'),
        ('select "Maria ""X"" Lopez"', 'select "?"'),
        ("date '2021-07-01'", "date ?"),
    ],
)
def test_nothing_that_may_be_an_answer_is_kept(sent: str, kept: str) -> None:
    assert without_literals(sent) == kept


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ("select * from share.metric_values", ["share.metric_values"]),
        ('select * from "share"."metric_values"', ["share.metric_values"]),
        ("SELECT * FROM Share . Metric_Values", ["share.metric_values"]),
        ("select * from metric_values", ["share.metric_values"]),
        ("copy (select 1 from share.site_months) to stdout", ["share.site_months"]),
        ("table marts.fct_family_months", ["marts.fct_family_months"]),
        (
            "select * from release_2021_07.fct_family_months",
            ["release_2021_07.fct_family_months"],
        ),
        ("select query_to_xml('table share.site_months')", ["share.site_months"]),
        ("select * from other.metric_values", []),
        ("select metric_values_too from share", []),
        ("select 1", []),
    ],
)
def test_the_tables_that_a_statement_names_are_found(
    sent: str, named: list[str]
) -> None:
    assert relations_of(sent, KNOWN) == named
