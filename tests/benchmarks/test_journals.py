import random

from benchmarks.journals.make import JournalMaker, edited


def test_journals_are_alike_but_never_the_same(maker: JournalMaker) -> None:
    count = len(maker.originals) + 1
    journals = list(maker.journals(count))
    first, last = journals[0], journals[-1]

    assert first == next(maker.journals(1))
    assert first.keys() == last.keys()
    assert len({journal["_uuid"] for journal in journals}) == count
    assert {key for key in first if first[key] != last[key]} > {
        *("_id", "_uuid", "family_code", "start", "j/savings/sav_balance"),
    }


def test_an_edit_keeps_what_tells_who_it_is(maker: JournalMaker) -> None:
    journal = next(maker.journals(1))
    after = edited(journal, random.Random(1))  # noqa: S311 - nothing here is secret

    assert after["_id"] == journal["_id"]
    assert after["meta/rootUuid"] == journal["meta/rootUuid"]
    assert after["_uuid"] != journal["_uuid"]
    assert after["meta/deprecatedID"] == journal["meta/instanceID"]
