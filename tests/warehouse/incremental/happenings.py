"""What may happen to a panel between two builds, drawn by a seed."""

from collections.abc import Callable
from datetime import date
from random import Random

from tests.warehouse.incremental.panel import Panel

JOURNALS = """
select distinct on (submission_id) submission_id, root_id, change_code
from raw.forms__journals order by submission_id, version_number desc
"""
LATEST = """
select distinct on (submission_id) submission_id, root_id, change_code
from raw.forms__{role} order by submission_id, version_number desc
"""
CODES = """
select distinct answers ->> 'family_code' as family_code from raw.forms__enrolments
where answers is not null order by 1
"""
GROUPS = """
select distinct answers ->> 'peer_group_code' as peer_group_code
from raw.forms__enrolments where answers is not null order by 1
"""


class World:
    """Draws what happens and makes it so.

    Args:
        panel: Where.
        seed: The same seed, the same happenings.
    """

    def __init__(self, panel: Panel, seed: int) -> None:
        self.panel = panel
        self.random = Random(seed)  # noqa: S311 - chance for tests, no secret
        self.told: list[str] = []
        self._deck: list[Callable[[], None]] = []

    def happen(self, count: int) -> None:
        """Let `count` things happen, each landed by a run of its own.

        None happens again before all have happened.
        """
        for _ in range(count):
            if not self._deck:
                self._deck = self.random.sample(self.deeds(), len(self.deeds()))
            deed = self._deck.pop()
            self.told.append(deed.__name__)
            with self.panel.run():
                deed()

    def deeds(self) -> list[Callable[[], None]]:
        return [
            self.a_journal_comes,
            self.a_journal_comes_from_before_the_cut_off,
            self.a_journal_is_edited,
            self.a_journal_changes_its_month,
            self.a_journal_changes_its_family,
            self.a_journal_is_deleted,
            self.a_journal_is_rejected,
            self.a_correction_is_approved,
            self.a_correction_is_about_another_journal,
            self.consent_to_health_is_withdrawn_or_given,
            self.consent_to_the_journal_is_withdrawn_or_given,
            self.an_enrolment_is_deleted_or_comes_back,
            self.a_family_leaves_pauses_or_moves,
            self.an_exit_is_deleted,
            self.time_passes,
        ]

    def _one_of(self, role: str, *, live: bool = True) -> str | None:
        rows = self.panel.rows(LATEST.format(role=role))
        chosen = [
            row["submission_id"]
            for row in rows
            if not live or row["change_code"] != "deleted"
        ]
        return self.random.choice(chosen) if chosen else None

    def _journal(self) -> str:
        found = self._one_of("journals")
        assert found
        return found

    def _family(self) -> str:
        codes = [str(row["family_code"]) for row in self.panel.rows(CODES)]
        return self.random.choice(codes)

    def _code(self) -> str:
        code = self._family()
        # As people type: another's code, in their own spelling, of nobody.
        return self.random.choice([code, code, code.lower(), "XX-99-0001"])

    def _month(self) -> str:
        year, month = self.random.choice([(2021, 5), (2021, 12), (2022, 4), (2022, 5)])
        return date(year, month, 1).isoformat()

    def _amounts(self) -> dict[str, object]:
        line = {"earner_code": "adult", "income_type_code": "casual"}
        gross = self.random.randrange(100, 9_000)
        return {
            "income_any_code": "yes",
            "income_sources": [line | {"gross_local": gross, "is_in_kind": False}],
            "satisfaction_score": self.random.randrange(11),
            "shock_types": self.random.choice([["none"], ["flood"]]),
            "savings_places": self.random.choice([["bank"], ["bank", "home"], []]),
        }

    def a_journal_comes(self) -> None:
        answers = {"family_code": self._code(), "reported_month": self._month()}
        self.panel.add_like("journals", self._journal(), answers | self._amounts())

    def a_journal_comes_from_before_the_cut_off(self) -> None:
        now = self.panel.now
        self.panel.now = now.replace(year=2021, month=9, day=now.day % 28 + 1)
        self.a_journal_comes()
        self.panel.now = now
        self.panel.pass_seconds(1)

    def a_journal_is_edited(self) -> None:
        self.panel.add_version("journals", self._journal(), self._amounts())

    def a_journal_changes_its_month(self) -> None:
        month = {"reported_month": self._month()}
        self.panel.add_version("journals", self._journal(), month)

    def a_journal_changes_its_family(self) -> None:
        code = {"family_code": self._code()}
        self.panel.add_version("journals", self._journal(), code)

    def a_journal_is_deleted(self) -> None:
        self.panel.delete("journals", self._journal())

    def a_journal_is_rejected(self) -> None:
        state = self.random.choice(["not_approved", "approved"])
        self.panel.add_version(
            "journals",
            self._journal(),
            change_code="reviewed",
            review_state_code=state,
        )

    def _correction(self) -> dict[str, object]:
        rows = self.panel.rows(JOURNALS)
        field, value = self.random.choice(
            [("income_local", "123.45"), ("reported_month", self._month())]
        )
        return {
            "root_id": self.random.choice(rows)["root_id"],
            "form_role_code": "journal",
            "field_name": field,
            "new_value": value,
            "status_code": "approved",
            "approved_at": self.panel.now.isoformat(),
        }

    def a_correction_is_approved(self) -> None:
        line = self._one_of("corrections")
        assert line
        self.panel.add_like("corrections", line, self._correction())

    def a_correction_is_about_another_journal(self) -> None:
        line = self._one_of("corrections")
        assert line
        self.panel.add_version("corrections", line, self._correction())

    def _enrolment(self) -> str:
        found = self._one_of("enrolments")
        assert found
        return found

    def _turn(self, consent: str) -> None:
        enrolment = self._enrolment()
        said = self.panel.answers_of("enrolments", enrolment).get(consent)
        self.panel.add_version("enrolments", enrolment, {consent: said is False})

    def consent_to_health_is_withdrawn_or_given(self) -> None:
        self._turn("consents_to_health")

    def consent_to_the_journal_is_withdrawn_or_given(self) -> None:
        self._turn("consents_to_journal")

    def an_enrolment_is_deleted_or_comes_back(self) -> None:
        gone = [
            row["submission_id"]
            for row in self.panel.rows(LATEST.format(role="enrolments"))
            if row["change_code"] == "deleted"
        ]
        if gone:
            self.panel.add_version("enrolments", gone[0], change_code="restored")
        else:
            self.panel.delete("enrolments", self._enrolment())

    def a_family_leaves_pauses_or_moves(self) -> None:
        like = self._one_of("exits", live=False)
        assert like
        kind = self.random.choice(["exit", "exit", "pause", "move_group", "erased"])
        groups = [row["peer_group_code"] for row in self.panel.rows(GROUPS)]
        answers: dict[str, object] = {
            "family_code": self._family(),
            "exit_kind_code": "exit" if kind == "erased" else kind,
            "exit_date": self._month(),
            "new_peer_group_code": self.random.choice(groups),
            "data_wish_code": "erase" if kind == "erased" else "keep",
        }
        self.panel.add_like("exits", like, answers)

    def an_exit_is_deleted(self) -> None:
        found = self._one_of("exits")
        if found:
            self.panel.delete("exits", found)

    def time_passes(self) -> None:
        """A journal of nobody, from later: months end and fall due for everybody."""
        self.panel.pass_days(self.random.choice([1, 16, 40]))
        code = {"family_code": "XX-99-0002", "reported_month": self._month()}
        self.panel.add_like("journals", self._journal(), code)
