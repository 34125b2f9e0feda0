"""An ODK Central server that serves given forms over HTTP, as unkind as the real one.

It is built from the same forms as the KoboToolbox stand-in and shows them as Central
would: submissions as XML, OData rows by the form's current version, a trash, review
states, versions of a submission. What it shows is the state of the forms at its clock,
which tests and the demo move on; what only Central knows (a restore, a purge, a late
attachment, a slow upload) happens through the methods of `OdkServer.acts`, or over
`POST /sandbox/events`.
"""

from sandbox.odk.access.accounts import Account
from sandbox.odk.edge.server import OdkServer
from sandbox.odk.stored.model import FormDataError

__all__ = ["Account", "FormDataError", "OdkServer"]
