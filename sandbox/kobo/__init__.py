"""A KoboToolbox server that serves given forms over HTTP, as unkind as the real one.

It answers what a monthly pull asks for, and takes what people do between two pulls:
submissions, edits, reviews, deletions. What it shows is the state of the forms at its
clock, which tests and the demo move on; what is written to it happens at that moment.
"""

from sandbox.kobo.access.accounts import Account
from sandbox.kobo.edge.server import KoboServer
from sandbox.kobo.stored.state import FormDataError

__all__ = ["Account", "FormDataError", "KoboServer"]
