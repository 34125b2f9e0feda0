"""What each kind of role is allowed, before it is asked whose rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LOADER = "loader"
TRANSFORMER = "transformer"
PUBLISHER = "publisher"
REVIEWER = "reviewer"
WORKERS = (LOADER, TRANSFORMER, PUBLISHER, REVIEWER)
# Who makes tables, if only for a moment.
BUILDERS = (LOADER, TRANSFORMER)

READS_SHARE = "reads_share"
READS_MARTS = "reads_marts"
READS_OWN_GROUPS = "reads_own_groups"
# Nobody logs in as these: tables are granted to them, and they to the readers, so that
# a reader comes and goes without a change of any table.
GROUPS = {
    READS_SHARE: "May read share; whose rows, the registry says.",
    READS_MARTS: "May read marts and releases; whose rows, the registry says.",
    READS_OWN_GROUPS: "May read those marts that have peer groups, of its own groups.",
}


@dataclass(frozen=True, slots=True)
class RoleWanted:
    """A role as it should be.

    Attributes:
        comment: What it is for.
        groups: Of `GROUPS`, or of a person the roles.
        connection_limit: How many connections at once; -1 for any number.
        settings: Of every session that logs in as the role.
        has_login: Whether anybody logs in as it, once it has a password.
    """

    comment: str
    groups: frozenset[str] = frozenset()
    connection_limit: int = -1
    settings: Mapping[str, str] = field(default_factory=dict)
    has_login: bool = True


# A session may change the first four for itself: what keeps it from writing is that no
# privilege to write is granted. What is logged only a superuser may change.
_READER_SETTINGS = {
    "default_transaction_read_only": "on",
    "idle_in_transaction_session_timeout": "10min",
    "lock_timeout": "1min",
    "statement_timeout": "1min",
    "log_statement": "all",
    "log_duration": "on",
    # Parameters may be answers of families.
    "log_parameter_max_length": "0",
}
_ANALYST_SETTINGS = _READER_SETTINGS | {"statement_timeout": "10min"}

READERS: Mapping[str, RoleWanted] = {
    "analyst": RoleWanted(
        "Reads marts, releases and share with SQL.",
        frozenset({READS_MARTS, READS_SHARE}),
        10,
        _ANALYST_SETTINGS,
    ),
    "lead": RoleWanted(
        "Program lead: reads share, own sites.",
        frozenset({READS_SHARE}),
        5,
        _READER_SETTINGS,
    ),
    "liaison": RoleWanted(
        "Family liaison: reads the marts of own peer groups.",
        frozenset({READS_OWN_GROUPS}),
        5,
        _READER_SETTINGS,
    ),
    "metabase": RoleWanted(
        "Metabase: reads share for dashboards.",
        frozenset({READS_SHARE}),
        20,
        _READER_SETTINGS,
    ),
}
WORKERS_WANTED = {
    LOADER: RoleWanted("Lands the forms: writes raw, pii and ops."),
    TRANSFORMER: RoleWanted("Runs dbt: reads raw, writes all that is built of it."),
    PUBLISHER: RoleWanted("Sends forms their lists: may ask for those and no table."),
    REVIEWER: RoleWanted("Reads families' own words and says which marts may show."),
}


def person_wanted(roles: frozenset[str], *, is_analyst: bool) -> RoleWanted:
    """Return the login of a person who has these roles."""
    settings = _ANALYST_SETTINGS if is_analyst else _READER_SETTINGS
    return RoleWanted("A person; has what the roles have.", roles, 5, settings)
