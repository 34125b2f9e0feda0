"""What a run on ODK Central could lose, each at the one moment when it could."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from ingestion.errors import SourceIncompleteError, SourceRejectedError
from sandbox.odk import OdkServer
from tests.ingestion.conftest import Rows
from tests.ingestion.landing.histories.kinds import Access
from tests.ingestion.landing.histories.odk import Odk
from tests.ingestion.small_forms import UID, Life, day

CHANGES = "select submission_id, change_code from raw.forms__journals order by 1, 2"
ROOT = "00000000-0000-4000-8000-{:012}"
KIND = Odk()


@pytest.fixture
def server(engine: Engine) -> Iterator[OdkServer]:
    """Serve three submissions, of which one is edited since."""
    life = Life()
    for number in range(1, 4):
        life.add(number, number)
    life.edit(2, 20, ref_month="2021-02-01")
    server = KIND.serve(life.form(), day(15))
    KIND.land(server, engine, Access())
    server.set_clock(day(21))
    yield server
    server.stop()


def test_an_edit_that_is_listed_but_not_sent_is_no_good_run(
    server: OdkServer, engine: Engine, rows: Rows
) -> None:
    # The check's page has no rows, the second is the sweep's, the third what differs.
    with pytest.raises(SourceIncompleteError, match="did not send"):
        KIND.land(server, engine, Access(row_left_out_of=3))

    assert len(rows(CHANGES)) == 3


def test_a_deletion_is_not_believed_of_an_account_that_lost_its_role_since(
    server: OdkServer, engine: Engine, rows: Rows
) -> None:
    server.acts.delete(UID, f"uuid:{ROOT.format(1)}")
    # All that was to be read is: the role goes with the request that follows.
    server.set_faults(
        {"kind": "permission_withdrawn", "path": f"{UID}$", "after": 1},
    )

    with pytest.raises(SourceRejectedError, match="role Project Viewer"):
        KIND.land(server, engine, Access())

    assert len(rows(CHANGES)) == 3


def test_a_row_purged_at_the_end_of_a_page_hides_no_row_after_it(
    server: OdkServer, engine: Engine, rows: Rows
) -> None:
    def purge(number: int) -> None:
        if number == 6:  # the second page of the list
            root = f"uuid:{ROOT.format(2)}"
            server.acts.delete(UID, root)
            server.acts.purge(UID, root)

    with pytest.raises(SourceIncompleteError, match="counts 3"):
        KIND.land(server, engine, Access(page_size=2, before=purge))

    assert len(rows(CHANGES)) == 3
