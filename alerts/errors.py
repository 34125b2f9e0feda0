"""What can go wrong with telling people, in sentences that say what to do."""


class AlertError(Exception):
    """An alert could not be told; the message says what to do.

    Attributes:
        kind: One word per class for programs; it stays when a message is reworded.
    """

    kind: str = "alert_failed"


class ChannelError(AlertError):
    """One receiver's server did not take a message. No part of it is repeated."""

    kind = "channel_failed"


class DeliveryError(AlertError):
    """Some receivers were not reached; what they miss is tried again with the next."""

    kind = "delivery_failed"
