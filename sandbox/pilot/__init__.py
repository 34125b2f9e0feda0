"""The synthetic pilot: what families of three countries and two later waves would send.

`build_pilot()` gives the same pilot every time. Nobody in it exists.
"""

from sandbox.pilot.build import build_pilot
from sandbox.pilot.model import Event, Form, FormVersion, Pilot, Truth

__all__ = ["Event", "Form", "FormVersion", "Pilot", "Truth", "build_pilot"]
