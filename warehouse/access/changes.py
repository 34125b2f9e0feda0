"""What was changed, noted as it is done."""

from dataclasses import dataclass

from psycopg import sql
from sqlalchemy import Connection

# SQL without parameters: a percent sign stands for itself.
_AS_IT_STANDS = {"no_parameters": True}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of who may do what.

    Attributes:
        role: Whose; `public` is everybody.
        what: In words that follow the role's name: "may no longer connect".
    """

    role: str
    what: str

    def __str__(self) -> str:
        return f"{self.role} {self.what}"


class Changes:
    """Runs statements in a transaction, and keeps what they change in order.

    Attributes:
        connection: In a transaction, which the caller commits or takes back.
        made: What was changed.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.made: list[Change] = []

    def make(self, role: str, what: str, statement: str) -> None:
        """Run a statement and note what it changes."""
        self.run(statement)
        self.note(role, what)

    def run(self, statement: str) -> None:
        """Run a statement that changes nothing of what a role may do."""
        self.connection.exec_driver_sql(statement, execution_options=_AS_IT_STANDS)

    def note(self, role: str, what: str) -> None:
        """Note a change that was made."""
        self.made.append(Change(role, what))


def name(*parts: str) -> str:
    """Return a name as SQL writes it."""
    return sql.Identifier(*parts).as_string()


def value(text: str) -> str:
    """Return a text as SQL writes it."""
    return sql.Literal(text).as_string()
