"""Who hears of what: as the registry's `alerts` say."""

from collections.abc import Iterable

from ingestion.registry import Alerts, Receiver


def hears_of(receiver: Receiver, site_code: str | None, alerts: Alerts) -> bool:
    """Return whether a receiver is told of something.

    Args:
        receiver: One of the registry's.
        site_code: Of the only site it concerns, or None.
        alerts: The registry's: a site without a receiver of its own is the business
            of those who hear of everything else.
    """
    if receiver.sites is not None:
        return site_code in receiver.sites
    return site_code is None or site_code not in _sites_of(alerts.receivers.values())


def _sites_of(receivers: Iterable[Receiver]) -> set[str]:
    return {site for receiver in receivers for site in receiver.sites or ()}
