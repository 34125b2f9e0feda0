"""Subscriptions of dashboards, and alerts on cards."""

from sandbox.http_server.exchange import Answer, json_answer
from sandbox.metabase import bodies
from sandbox.metabase.exchange import Raw, invalid
from sandbox.metabase.service import Call
from sandbox.metabase.stored import new_entity_id


def list_pulses(call: Call) -> Answer:
    """Return every subscription that is not archived."""
    call.require_login()
    found = [raw for raw in call.stored.pulses.values() if not raw["archived"]]
    return json_answer([_with_cards(call, raw) for raw in found])


def _with_cards(call: Call, raw: Raw) -> Raw:
    """Return a subscription with what its cards are called."""
    parts = ("name", "description", "display", "collection_id")
    cards = [
        {**{part: call.stored.cards[card["id"]][part] for part in parts}, **card}
        for card in raw["cards"]
    ]
    return {**raw, "cards": cards}


def make_pulse(call: Call) -> Answer:
    """Make a subscription."""
    call.require_login()
    body = bodies.parsed(bodies.NewPulse, call.request.body)
    _check_cards(call, body.cards)
    number = call.stored.next_number()
    moment = call.stored.moment()
    call.stored.pulses[number] = {
        "id": number,
        "name": body.name,
        "dashboard_id": body.dashboard_id,
        "collection_id": body.collection_id,
        "cards": body.cards,
        "channels": _channels(call, body.channels),
        "skip_if_empty": bool(body.skip_if_empty),
        "parameters": body.parameters or [],
        "archived": False,
        "creator_id": call.user,
        "entity_id": new_entity_id(),
        "created_at": moment,
        "updated_at": moment,
    }
    return json_answer(_with_cards(call, call.stored.pulses[number]))


def change_pulse(call: Call, number: int) -> Answer:
    """Change a subscription; what is left out is set back."""
    call.require_login()
    raw = call.service.one(call.stored.pulses, number)
    body = bodies.parsed(bodies.ChangedPulse, call.request.body)
    if body.cards is not None:
        _check_cards(call, body.cards)
        raw["cards"] = body.cards
    if body.channels is not None:
        raw["channels"] = _channels(call, body.channels)
    raw |= {
        "name": body.name or raw["name"],
        "skip_if_empty": bool(body.skip_if_empty),
        "archived": bool(body.archived),
        "parameters": body.parameters or [],
        "updated_at": call.stored.moment(),
    }
    return json_answer(_with_cards(call, raw))


def _check_cards(call: Call, cards: list[Raw]) -> None:
    for card in cards:
        if not {"id", "include_csv", "include_xls"} <= card.keys():
            raise invalid("cards", "id, include_csv and include_xls are required")
        call.service.one(call.stored.cards, card["id"])
        if (dashcard := card.get("dashboard_card_id")) is not None:
            call.service.one(call.stored.dashcards, dashcard)


def _channels(call: Call, channels: list[Raw]) -> list[Raw]:
    found = []
    for channel in channels:
        if not {"channel_type", "enabled", "schedule_type"} <= channel.keys():
            raise invalid(
                "channels", "channel_type, enabled and schedule_type are required"
            )
        recipients = [_known(call, one) for one in channel.get("recipients") or []]
        number = channel.get("id") or call.stored.next_number()
        found.append({**channel, "id": number, "recipients": recipients})
    return found


def _known(call: Call, recipient: Raw) -> Raw:
    """Return a recipient; one whose address is a user's is that user."""
    for user in call.stored.users.values():
        if user["email"] == recipient.get("email"):
            return {"id": user["id"], "email": user["email"]}
    return recipient


def list_notifications(call: Call) -> Answer:
    """Return every alert that is on."""
    call.require_login()
    found = [raw for raw in call.stored.notifications.values() if raw["active"]]
    return json_answer(found)


def make_notification(call: Call) -> Answer:
    """Make an alert."""
    call.require_login()
    number = call.stored.next_number()
    return _kept(call, number, {"id": number, "created_at": call.stored.moment()})


def change_notification(call: Call, number: int) -> Answer:
    """Change an alert."""
    call.require_login()
    return _kept(call, number, call.service.one(call.stored.notifications, number))


def _kept(call: Call, number: int, before: Raw) -> Answer:
    body = bodies.parsed(bodies.NewNotification, call.request.body)
    card = body.payload.get("card_id")
    if not isinstance(card, int):
        raise invalid("payload.card_id", "value must be an integer.")
    call.service.one(call.stored.cards, card)
    call.stored.notifications[number] = {
        **before,
        **body.model_dump(),
        "payload_id": number,
        "creator_id": call.user,
        "updated_at": call.stored.moment(),
    }
    return json_answer(call.stored.notifications[number])
