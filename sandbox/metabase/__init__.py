"""A Metabase that answers as versions 58, 60, 62 and 65 do, as strict as it needs to be.

It holds no data of its own: a question is asked of a real Postgres, with the login of the
connection it belongs to, so what a role may not read no card can show. What it cannot do
it says, with a 501, rather than pretend.
"""

from sandbox.metabase.server import MetabaseServer

__all__ = ["MetabaseServer"]
