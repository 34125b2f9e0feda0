"""What may be written in the registry: the shape of `sites.yml`, entry by entry."""

import re
from datetime import date
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from warehouse.access.entries import Access, RoleName

FORM_ROLES = ("enrolment", "journal", "peer_meeting", "investment", "exit")
# A legacy journal may be a table as well as a payment register is one.
FILE_ROLES = (*FORM_ROLES, "journal_payments", "corrections")
ROLES = {"kobo": FORM_ROLES, "odk": FORM_ROLES, "files": FILE_ROLES}

Role = Literal[
    "enrolment",
    "journal",
    "peer_meeting",
    "investment",
    "exit",
    "journal_payments",
    "corrections",
]


def _to_month(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value):
        return date.fromisoformat(f"{value}-01")
    raise ValueError("a month is written like 2020-07")


def _check_timezone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("no such time zone, write one like America/Bogota")
    return ZoneInfo(value).key


def _check_media_type(value: str) -> str:
    if not re.fullmatch(r"(\*|[a-z]+)/(\*|[a-z0-9][a-z0-9.+-]*)", value):
        raise ValueError("a media type is written like image/jpeg or image/*")
    return value


def _check_email(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\"]+", value):
        raise ValueError("an e-mail address is written like lead@programme.example")
    return value


Month = Annotated[date, BeforeValidator(_to_month)]
Timezone = Annotated[str, AfterValidator(_check_timezone)]
Name = Annotated[str, Field(min_length=1)]
ConnectionId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
# How many forms of a server are read at once; it is shared with people in the field.
RunsAtOnce = Annotated[int, Field(ge=1, le=16)]
MediaName = Literal["sites", "peer_groups", "families", "last_month"]
# It stands in a list and in answers, where spaces would part it.
GroupCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
EmailAddress = Annotated[str, AfterValidator(_check_email)]
MediaType = Annotated[str, AfterValidator(_check_media_type)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class KoboServer(_Entry):
    """A KoboToolbox server and the connection that knows its address and token."""

    kind: Literal["kobo"]
    connection: ConnectionId
    runs_at_once: RunsAtOnce = 2
    media_connection: ConnectionId | None = None


class OdkServer(_Entry):
    """A project on an ODK Central server, and the connection with an account of it.

    `media_connection` is that of an account which may change forms, for their lists;
    without it the one that reads must be allowed to.
    """

    kind: Literal["odk"]
    connection: ConnectionId
    media_connection: ConnectionId | None = None
    project: Annotated[int, Field(gt=0)]
    runs_at_once: RunsAtOnce = 2


class FilesServer(_Entry):
    """A folder of CSV files and Excel workbooks."""

    kind: Literal["files"]
    path: Name


Server = Annotated[KoboServer | OdkServer | FilesServer, Field(discriminator="kind")]


class Site(_Entry):
    """A place where families take part."""

    name: Name
    country: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    timezone: Timezone
    languages: Annotated[list[Name], Field(min_length=1)]
    # Those that no family has enrolled in yet; the others the warehouse knows.
    new_peer_groups: list[GroupCode] = []


class Cohort(_Entry):
    """Families recruited together, and the months that are compared."""

    sites: Annotated[list[Name], Field(min_length=1)]
    recruited: tuple[Month, Month]
    launch_month: Month
    analysis_end_month: Month
    extension_end_month: Month | None = None


class AttachmentRules(_Entry):
    """Which of a form's files are fetched."""

    max_megabytes: Annotated[int, Field(gt=0, le=1_000)] = 20
    types: Annotated[list[MediaType], Field(min_length=1)] = ["image/*", "audio/*"]


class FormMediaRules(_Entry):
    """Which lists a form reads, and whether they name people.

    Attributes:
        files: The lists, as the form calls them without `.csv`.
        names: Whether families are shown with the name of who keeps the journal. Else
            by their code alone. Not where a form of the same site has `last_month`: a
            phone that is lost would tell what each of them earned.
    """

    files: Annotated[list[MediaName], Field(min_length=1)]
    names: bool = False


class FormEntry(_Entry):
    """One form on one server."""

    role: Role
    server: Name
    form: Name
    sites: Annotated[list[Name], Field(min_length=1)]
    field_map: Name
    name: Name | None = None
    sheet: Name | None = None
    deletion_limit_share: Annotated[float, Field(ge=0, le=1)] = 0.05
    attachments: AttachmentRules | None = None
    media: FormMediaRules | None = None


class Sharing(_Entry):
    """The least families a shared figure rests on, and who reads what is shared.

    Attributes:
        least_families_outside: For whatever leaves the programme.
        least_families_inside: For people of the programme.
        least_families_in_group: For what a peer group is told of itself.
        audience: Which of the first two holds in `share`.
    """

    least_families_outside: Annotated[int, Field(ge=3)] = 10
    least_families_inside: Annotated[int, Field(ge=3)] = 5
    least_families_in_group: Annotated[int, Field(ge=3)] = 3
    audience: Literal["outside", "inside"] = "outside"

    @model_validator(mode="after")
    def _is_stricter_outside(self) -> Self:
        if self.least_families_outside < self.least_families_inside:
            raise ValueError("fewer families are enough outside than inside")
        return self


class Receiver(_Entry):
    """Who hears of alerts, and how: by e-mail, on Slack or through a webhook.

    One with `sites` hears what its sites' leads can mend; one without hears everything
    else, and of sites that nobody has.
    """

    email: Annotated[list[EmailAddress], Field(min_length=1)] | None = None
    slack: ConnectionId | None = None
    webhook: ConnectionId | None = None
    sites: Annotated[list[Name], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _is_reached_one_way(self) -> Self:
        if sum(bool(way) for way in (self.email, self.slack, self.webhook)) != 1:
            raise ValueError(
                "needs one of email, slack and webhook, and takes no more than one"
            )
        return self


class Alerts(_Entry):
    """Who hears of what, and from when on something is worth an alert.

    Attributes:
        receivers: By a name of their own.
        smtp: The connection of the mail server.
        runbooks: Where the runbooks are read, such as a folder on a website. None
            names them by their place in the checkout.
        missing_journals_share: Of a site's expected journals of a month.
        stale_after_hours: Since a form has landed or the marts were built.
    """

    receivers: dict[str, Receiver] = Field(default_factory=dict)
    smtp: ConnectionId = "smtp_default"
    runbooks: Annotated[str, Field(pattern=r"^https?://\S+[^/\s]$")] | None = None
    missing_journals_share: Annotated[float, Field(gt=0, le=1)] = 0.2
    stale_after_hours: Annotated[int, Field(gt=0)] = 36


class RegistryFile(_Entry):
    """The file as written."""

    servers: dict[str, Server]
    sites: dict[Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{2,3}$")], Site]
    cohorts: dict[str, Cohort]
    forms: list[FormEntry]
    access: dict[RoleName, Access] = Field(default_factory=dict)
    sharing: Sharing = Field(default_factory=Sharing)
    alerts: Alerts = Field(default_factory=Alerts)


class AlertsOfFile(BaseModel):
    """Of the file only who hears of alerts, whatever else is written in it."""

    alerts: Alerts = Field(default_factory=Alerts)
