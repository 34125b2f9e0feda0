"""How a message leaves: by e-mail, to Slack, to a webhook.

Addresses and passwords are in Airflow's variables, `AIRFLOW_CONN_<ID>`, and read
without Airflow, as those of the form servers are.
"""

from alerts.channels.mail import Refused, send_mail
from alerts.channels.web import post_to_slack, post_to_webhook
from alerts.message import Message
from ingestion.registry import Receiver

__all__ = ["Refused", "send"]


def send(message: Message, receiver: Receiver, smtp: str) -> Refused:
    """Give a message to the receiver's server.

    Args:
        message: What to send.
        receiver: Whom to, and how.
        smtp: The connection of the mail server.

    Returns:
        Of several addresses those that were refused, while the others took it.

    Raises:
        ChannelError: The server did not take it.
        ConnectionMissingError: The connection is not configured.
    """
    if receiver.email:
        return send_mail(message, receiver.email, smtp)
    if receiver.slack:
        post_to_slack(message, receiver.slack)
    elif receiver.webhook:
        post_to_webhook(message, receiver.webhook)
    return {}
