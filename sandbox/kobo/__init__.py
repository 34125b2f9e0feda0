"""A KoboToolbox server that serves given forms over HTTP, as unkind as the real one.

It answers what a monthly pull asks for, and only reads: it takes no submissions. What
it shows is the state of the forms at its clock, which tests and the demo move on.
"""

from sandbox.kobo.accounts import Account
from sandbox.kobo.server import KoboServer
from sandbox.kobo.state import FormDataError

__all__ = ["Account", "FormDataError", "KoboServer"]
