"""A Metabase that answers as versions 58, 60, 62 and 65 do, and is strict.

It holds no data of its own: a question is asked of a real Postgres, with the login of
the connection it belongs to, so what a role may not read no card can show. A path that
it does not know it refuses rather than pretend.
"""

from sandbox.metabase.server import MetabaseServer

__all__ = ["MetabaseServer"]
