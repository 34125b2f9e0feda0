"""What the warehouse says of families and groups for the lists of forms.

It is asked through two functions of its own (`warehouse.form_media`), so that whoever
publishes needs to read no mart and no key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from psycopg.errors import InsufficientPrivilege, UndefinedFunction, UndefinedTable
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import ProgrammingError

from ingestion.errors import MediaNotReadyError
from warehouse.tables import family_contacts

FAMILIES = text("select * from ops.families_of_form_media()")
GROUPS = text("select * from ops.groups_of_form_media()")
ADVICE = {
    UndefinedTable: "the marts have never been built: run `python -m warehouse build`",
    UndefinedFunction: (
        "its tables are of an earlier version: run `python -m warehouse tables`"
    ),
    InsufficientPrivilege: (
        "this login may not ask for them: use the publisher's address "
        "(WAREHOUSE_URL_PUBLISHER), and run `python -m warehouse access apply` once "
        "the registry says what the lists show"
    ),
}


@dataclass(frozen=True, slots=True)
class Family:
    """A family that takes part and is in the marts.

    Attributes:
        family_code: What the form calls it.
        peer_group_code: Its group today.
        site_code: Its site today.
        may_ask_of_health: Whether it agreed to questions of health and children.
        last_income: Of its last journal, in the currency of its form; None where there
            is none of late.
    """

    family_code: str = field(repr=False)
    peer_group_code: str | None
    site_code: str
    may_ask_of_health: bool
    last_income: Decimal | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """All that lists are made of, for every site.

    Attributes:
        families: In the order of their codes.
        sites_of_groups: The site of each peer group.
        names: Who keeps the journal, by family code; empty unless asked for.
    """

    families: tuple[Family, ...]
    sites_of_groups: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict, repr=False)


def ask_warehouse(engine: Engine, *, with_names: bool) -> Known:
    """Return what is known now, all of it as of one moment.

    Raises:
        MediaNotReadyError: The warehouse cannot tell it, or not to this login.
    """
    isolated = engine.execution_options(isolation_level="REPEATABLE READ")
    try:
        with isolated.connect() as connection:
            families = tuple(Family(*row) for row in connection.execute(FAMILIES))
            groups = {row[0]: row[1] for row in connection.execute(GROUPS)}
            names = dict[str, str]()
            if with_names:
                # The newest last, so that it is the one that stays.
                contacts = connection.execute(
                    select(
                        family_contacts.c.family_code, family_contacts.c.contact_name
                    )
                    .where(family_contacts.c.contact_name.is_not(None))
                    .where(family_contacts.c.family_code.is_not(None))
                    .order_by(family_contacts.c.landed_at)
                )
                names = {row[0]: row[1] for row in contacts}
    except ProgrammingError as error:
        for kind, advice in ADVICE.items():
            if isinstance(error.orig, kind):
                raise MediaNotReadyError(
                    f"The warehouse cannot tell what lists are made of: {advice}."
                ) from error
        raise
    return Known(families, groups, names)
