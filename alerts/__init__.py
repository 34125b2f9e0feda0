"""From what is wrong to the people who can mend it: found, told once, closed."""

from alerts.checking import CheckReport, check
from alerts.closing import close
from alerts.digest import send_digests
from alerts.failures import record_deadline, record_failure, record_success

__all__ = [
    "CheckReport",
    "check",
    "close",
    "record_deadline",
    "record_failure",
    "record_success",
    "send_digests",
]
