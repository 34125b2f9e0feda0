"""Subscriptions by e-mail, and alerts on data that need a look.

Who gets them stands in a file of the programme's own, named by `METABASE_RECIPIENTS`:
addresses are personal data and have no place among the specs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from dashboards.metabase.applying.pen import Pen
from dashboards.metabase.settings import RECIPIENTS_VARIABLE, Environment
from dashboards.metabase.there.reading import There
from dashboards.metabase.there.symbols import Raw
from dashboards.metabase.transport import Transport
from dashboards.metabase.wanted.health import NAME as HEALTH
from dashboards.metabase.wanted.things import Content, Dashboard
from dashboards.spec_file import YamlFile
from dashboards.words import say
from pages import LANGUAGE_NAMES, LANGUAGES, Language

WEEKLY = {"schedule_type": "weekly", "schedule_day": "mon", "schedule_hour": 7}
PULSE_PARTS = ("name", "cards", "channels", "skip_if_empty", "parameters", "archived")
ALERT_PARTS = ("payload_type", "payload", "subscriptions", "handlers")
DAILY_CRON = "0 0 6 * * ? *"  # at six; Quartz counts seconds first


class Recipient(BaseModel):
    """Somebody who gets mail.

    Attributes:
        email: The address.
        language: Which of the dashboards' languages.
        dashboards: Codes of those that are sent every week.
        alerts: Whether data that need a look are told.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    language: Language = "en"
    dashboards: tuple[str, ...] = ("D1",)
    alerts: bool = True


Recipients = Mapping[str, Sequence[Recipient]]


def read_recipients(environment: Environment) -> Recipients:
    """Return who gets mail, by role; nobody where no file is named.

    Raises:
        SpecError: The file is wrong; the message names line and reason.
    """
    path = environment.get(RECIPIENTS_VARIABLE)
    if not path:
        return {}
    return YamlFile(Path(path)).parse(TypeAdapter(dict[str, list[Recipient]]))


@dataclass(frozen=True, slots=True)
class Mail:
    """One subscription or alert as it should be.

    Attributes:
        path: Where Metabase keeps its kind.
        about: Number of the dashboard or card.
        name: What people know it by.
        body: All of it.
    """

    path: str
    about: int
    name: str
    body: Raw


def write_mail(  # noqa: PLR0913 - what is there, what should be, and the pen
    transport: Transport,
    there: There,
    content: Content,
    recipients: Recipients,
    pen: Pen,
    *,
    has_email: bool,
) -> None:
    """Bring subscriptions and alerts to what the recipients' file says.

    Raises:
        MetabaseError: Metabase refuses one.
    """
    if recipients and not has_email:
        pen.notices.append(
            "Metabase cannot send e-mail yet: set up its SMTP server, then apply again "
            "for subscriptions and alerts."
        )
        return
    pen.notices += _without_pages(content, recipients)
    wanted = [
        *_subscriptions(transport, there, content, recipients),
        *_alerts(there, content, recipients),
    ]
    known = [*_known_subscriptions(transport, there), *_known_alerts(transport, there)]
    for mail in wanted:
        before = next((one for one in known if _is_same(one, mail)), None)
        if before is None:
            _make(transport, there, mail, pen)
        elif _compared(before.body) != _compared(mail.body):
            _put(transport, before, mail, pen)
    for one in known:
        if not any(_is_same(one, mail) for mail in wanted):
            _end(transport, one, pen)


def _without_pages(content: Content, recipients: Recipients) -> list[str]:
    """Return of which roles somebody wants mail in a language that they have not."""
    folders = {one.key for one in content.collections}
    return [
        f"{role} has no dashboards in {LANGUAGE_NAMES[language]}, so nobody gets mail "
        "of them: no site that it reads works in that language."
        for role, people in recipients.items()
        for language in LANGUAGES
        if role in folders
        and f"{role}/{language}" not in folders
        and any(one.language == language for one in people)
    ]


def _is_same(one: Mail, other: Mail) -> bool:
    return (one.path, one.about, one.name) == (other.path, other.about, other.name)


def _by_language(
    content: Content, recipients: Recipients
) -> Iterator[tuple[Dashboard, Language, list[str]]]:
    for board in content.dashboards:
        role, language, _ = board.key.split("/")
        code = board.name.partition(" ")[0]
        emails = [
            one.email.lower()
            for one in recipients.get(role, ())
            if one.language == language and code in one.dashboards
        ]
        if emails:
            yield board, language, sorted(emails)  # type: ignore[misc]  # a key of ours


def _subscriptions(
    transport: Transport, there: There, content: Content, recipients: Recipients
) -> Iterator[Mail]:
    for board, language, emails in _by_language(content, recipients):
        number = there.symbols.dashboards.get(board.key)
        if number is None:
            continue  # a dry run before the first
        raw = transport.get(f"/api/dashboard/{number}")
        cards = [
            {
                "id": card["card_id"],
                "dashboard_card_id": card["id"],
                "include_csv": False,
                "include_xls": False,
            }
            for card in raw["dashcards"]
            if card["card_id"]
        ]
        name = f"{board.name} · {say('weekly', language)}"
        channel = {
            "channel_type": "email",
            "enabled": True,
            "recipients": [{"email": email} for email in emails],
            "schedule_frame": None,
            "details": {},
            **WEEKLY,
        }
        body = {
            "name": name,
            "dashboard_id": number,
            "cards": cards,
            "channels": [channel],
            "skip_if_empty": False,
            "parameters": [],
        }
        yield Mail("/api/pulse", number, name, body)


def _alerts(there: There, content: Content, recipients: Recipients) -> Iterator[Mail]:
    for card in content.cards:
        role, language, name = (*card.key.split("/"), "")[:3]
        emails = sorted(
            one.email.lower()
            for one in recipients.get(role, ())
            if one.language == language and one.alerts
        )
        number = there.symbols.cards.get(card.key)
        if name != HEALTH or not emails or number is None:
            continue
        body = {
            "payload_type": "notification/card",
            "payload": {
                "card_id": number,
                "send_condition": "has_result",
                "send_once": False,
            },
            "subscriptions": [
                {
                    "type": "notification-subscription/cron",
                    "cron_schedule": DAILY_CRON,
                }
            ],
            "handlers": [
                {
                    "channel_type": "channel/email",
                    "recipients": [
                        {
                            "type": "notification-recipient/raw-value",
                            "details": {"value": email},
                        }
                        for email in emails
                    ],
                }
            ],
            "active": True,
        }
        yield Mail("/api/notification", number, HEALTH, body)


@dataclass(frozen=True, slots=True)
class _KnownMail(Mail):
    number: int = 0


def _known_subscriptions(transport: Transport, there: There) -> list[_KnownMail]:
    boards = set(there.symbols.dashboards.values())
    endings = tuple(f" · {say('weekly', language)}" for language in LANGUAGES)
    return [
        _KnownMail("/api/pulse", raw["dashboard_id"], raw["name"], raw, raw["id"])
        for raw in transport.get("/api/pulse")
        if raw.get("dashboard_id") in boards
        and str(raw["name"]).endswith(endings)
        and not raw.get("archived")
    ]


def _known_alerts(transport: Transport, there: There) -> list[_KnownMail]:
    cards = {
        number
        for key, number in there.symbols.cards.items()
        if key.endswith(f"/{HEALTH}")
    }
    return [
        _KnownMail(
            "/api/notification", raw["payload"]["card_id"], HEALTH, raw, raw["id"]
        )
        for raw in transport.get("/api/notification")
        if raw.get("payload_type") == "notification/card"
        and (raw.get("payload") or {}).get("card_id") in cards
        and raw.get("active", True)
    ]


def _compared(body: Raw) -> object:
    """Return what is compared of a subscription or an alert."""
    if "channels" in body:
        channel = body["channels"][0] if body["channels"] else {}
        cards = sorted(
            (card["id"], card.get("dashboard_card_id")) for card in body["cards"]
        )
        schedule = [channel.get(name) for name in WEEKLY]
        return cards, schedule, _emails(channel.get("recipients") or [])
    handler = (body.get("handlers") or [{}])[0]
    crons = [one.get("cron_schedule") for one in body.get("subscriptions") or []]
    payload = body["payload"]
    return (
        crons,
        payload.get("send_condition"),
        _emails(handler.get("recipients") or []),
    )


def _emails(recipients: Sequence[Raw]) -> list[str]:
    found = [
        one.get("email")
        or (one.get("details") or {}).get("value")
        or (one.get("user") or {}).get("email")
        or ""
        for one in recipients
    ]
    return sorted(str(email).lower() for email in found)


def _make(transport: Transport, there: There, mail: Mail, pen: Pen) -> None:
    def look() -> Raw | None:
        known = [*_known_subscriptions(transport, there)]
        known += _known_alerts(transport, there)
        return next((one.body for one in known if _is_same(one, mail)), None)

    kind = _kind(mail)
    pen.write(
        kind, mail.name, "create", lambda: transport.create(mail.path, mail.body, look)
    )


def _put(transport: Transport, before: _KnownMail, mail: Mail, pen: Pen) -> None:
    # Metabase sets back what is left out, so all that can be changed is sent.
    body = {name: value for name, value in mail.body.items() if name != "dashboard_id"}
    more = {"archived": False} if "channels" in mail.body else {}
    path = f"{mail.path}/{before.number}"
    pen.write(
        _kind(mail),
        mail.name,
        "update",
        lambda: transport.put(path, {**body, **more}),
    )


def _end(transport: Transport, one: _KnownMail, pen: Pen) -> None:
    """Stop mail that nobody is to get any more: that does not wait for a prune."""
    body = {**one.body, "archived": True}
    if one.path == "/api/pulse":
        body = {name: body[name] for name in PULSE_PARTS if name in body}
    else:
        body = {name: body[name] for name in ALERT_PARTS if name in body}
        body["active"] = False
    path = f"{one.path}/{one.number}"
    pen.write(_kind(one), one.name, "end", lambda: transport.put(path, body))


def _kind(mail: Mail) -> str:
    return "subscription" if mail.path == "/api/pulse" else "alert"
