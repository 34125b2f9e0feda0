"""Bodies of requests, as the OpenAPI document of Metabase describes them.

Stricter than the real one up to 63, which lets unknown keys of a body pass: a key that
no version knows is a mistake of the caller, and is refused.
"""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from sandbox.metabase.exchange import invalid_body

Words = Annotated[str, StringConstraints(strip_whitespace=False, min_length=1)]
Number = Annotated[int, Field(ge=1)]
Map = dict[str, Any]
PARAMETER_TYPES = Literal[
    "number",
    "text",
    "date",
    "boolean",
    "id",
    "category",
    "date/single",
    "date/range",
    "date/month-year",
    "date/quarter-year",
    "date/relative",
    "date/all-options",
    "temporal-unit",
    "number/=",
    "number/!=",
    "number/<=",
    "number/>=",
    "number/between",
    "string/=",
    "string/!=",
    "string/contains",
    "string/does-not-contain",
    "string/starts-with",
    "string/ends-with",
    "boolean/=",
]


class Body(BaseModel):
    """A body that knows its keys."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, strict=True)


Parsed = TypeVar("Parsed", bound=Body)


def parsed(model: type[Parsed], body: bytes) -> Parsed:
    """Return the body.

    Raises:
        RefusedError: 400, it does not fit.
    """
    try:
        return model.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise invalid_body(error) from None


class SetupUser(Body):
    """The first administrator."""

    email: Words
    password: Words
    first_name: Words | None = None
    last_name: Words | None = None


class SetupPreferences(Body):
    """Of the instance."""

    site_name: Words
    site_locale: Words | None = None


class Setup(Body):
    """`POST /api/setup`."""

    token: Words
    user: SetupUser
    prefs: SetupPreferences


class Login(Body):
    """`POST /api/session`."""

    username: Words
    password: Words


class ApiKey(Body):
    """`POST /api/api-key`."""

    name: Words
    group_id: Number


class NewDatabase(Body):
    """`POST /api/database`."""

    name: Words
    engine: Words
    details: Map
    is_full_sync: bool | None = True
    is_on_demand: bool | None = False
    auto_run_queries: bool | None = None
    cache_ttl: Number | None = None
    schedules: Map | None = None


class ChangedDatabase(Body):
    """`PUT /api/database/:id`."""

    name: Words | None = None
    engine: Words | None = None
    details: Map | None = None
    auto_run_queries: bool | None = None
    description: str | None = None
    caveats: str | None = None
    settings: Map | None = None


class ChangedTable(Body):
    """`PUT /api/table/:id`."""

    description: str | None = None
    display_name: Words | None = None
    visibility_type: Literal["technical", "hidden", "cruft"] | None = None


class ChangedField(Body):
    """`PUT /api/field/:id`."""

    description: Words | None = None
    display_name: Words | None = None
    semantic_type: Words | None = None
    visibility_type: (
        Literal["retired", "sensitive", "normal", "hidden", "details-only"] | None
    ) = None
    has_field_values: Literal["list", "search", "none", "auto-list"] | None = None
    fk_target_field_id: Number | None = None


class NewCollection(Body):
    """`POST /api/collection`."""

    name: Words
    description: Words | None = None
    parent_id: Number | None = None
    authority_level: Literal["official"] | None = None
    namespace: Words | None = None


class ChangedCollection(Body):
    """`PUT /api/collection/:id`."""

    name: Words | None = None
    description: Words | None = None
    archived: bool | None = None
    parent_id: Number | None = None


class NewCard(Body):
    """`POST /api/card`."""

    name: Words
    display: Words
    dataset_query: Map
    visualization_settings: Map
    type: Literal["question", "model", "metric"] | None = None
    description: Words | None = None
    collection_id: Number | None = None
    collection_position: Number | None = None
    cache_ttl: Number | None = None
    entity_id: Words | None = None
    parameters: list[Map] | None = None
    parameter_mappings: list[Map] | None = None
    result_metadata: list[Map] | None = None


class ChangedCard(Body):
    """`PUT /api/card/:id`."""

    name: Words | None = None
    display: Words | None = None
    dataset_query: Map | None = None
    visualization_settings: Map | None = None
    type: Literal["question", "model", "metric"] | None = None
    description: str | None = None
    archived: bool | None = None
    collection_id: Number | None = None
    collection_position: Number | None = None
    cache_ttl: Number | None = None
    parameters: list[Map] | None = None
    parameter_mappings: list[Map] | None = None
    enable_embedding: bool | None = None


class Parameter(BaseModel):
    """A filter of a dashboard; what is not named here late versions do not know."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    id: Words
    type: PARAMETER_TYPES
    name: str | None = None
    slug: str | None = None
    sectionId: Words | None = None  # noqa: N815 - its name there
    default: Any = None
    values_query_type: Literal["list", "search", "none"] | None = None
    values_source_type: Literal["static-list", "card"] | None = None
    values_source_config: Map | None = None
    filteringParameters: list[str] | None = None  # noqa: N815 - its name there
    temporal_units: list[str] | None = None
    required: bool | None = None


class NewDashboard(Body):
    """`POST /api/dashboard`."""

    name: Words
    description: str | None = None
    collection_id: Number | None = None
    collection_position: Number | None = None
    cache_ttl: Number | None = None
    parameters: list[Parameter] | None = None


class Tab(Body):
    """A tab; a number below zero makes a new one."""

    id: int
    name: Words
    position: int | None = None


class Mapping(Body):
    """Which filter changes what of a card."""

    parameter_id: Words
    target: list[Any]
    card_id: int | None = None


class Series(Body):
    """A further card in the same chart."""

    id: Number


class Dashcard(Body):
    """A card on a dashboard; a number below zero makes a new one."""

    id: int
    row: Annotated[int, Field(ge=0)]
    col: Annotated[int, Field(ge=0, le=23)]
    size_x: Annotated[int, Field(ge=1, le=24)]
    size_y: Number
    card_id: Number | None = None
    dashboard_tab_id: int | None = None
    action_id: Number | None = None
    visualization_settings: Map | None = None
    parameter_mappings: list[Mapping] | None = None
    series: list[Series] | None = None
    inline_parameters: list[str] | None = None


class ChangedDashboard(Body):
    """`PUT /api/dashboard/:id`."""

    name: Words | None = None
    description: str | None = None
    caveats: str | None = None
    points_of_interest: str | None = None
    collection_id: Number | None = None
    collection_position: Number | None = None
    cache_ttl: Number | None = None
    archived: bool | None = None
    width: Literal["fixed", "full"] | None = None
    auto_apply_filters: bool | None = None
    enable_embedding: bool | None = None
    parameters: list[Parameter] | None = None
    tabs: list[Tab] | None = None
    dashcards: list[Dashcard] | None = None


class NewGroup(Body):
    """`POST /api/permissions/group`."""

    name: Words


class Membership(Body):
    """`POST /api/permissions/membership`."""

    group_id: Number
    user_id: Number
    is_group_manager: bool | None = None


class Graph(Body):
    """`PUT /api/permissions/graph` and `PUT /api/collection/graph`."""

    revision: int
    groups: dict[str, Map]


class NewPulse(Body):
    """`POST /api/pulse`."""

    name: Words
    cards: Annotated[list[Map], Field(min_length=1)]
    channels: Annotated[list[Map], Field(min_length=1)]
    dashboard_id: Number | None = None
    collection_id: Number | None = None
    skip_if_empty: bool | None = False
    parameters: list[Map] | None = None


class ChangedPulse(Body):
    """`PUT /api/pulse/:id`: what is left out is set back."""

    name: Words | None = None
    cards: list[Map] | None = None
    channels: list[Map] | None = None
    collection_id: Number | None = None
    skip_if_empty: bool | None = False
    archived: bool | None = False
    parameters: list[Map] | None = None


class NewNotification(Body):
    """`POST /api/notification` and `PUT /api/notification/:id`."""

    payload_type: Literal["notification/card"]
    payload: Map
    subscriptions: Annotated[list[Map], Field(min_length=1)]
    handlers: Annotated[list[Map], Field(min_length=1)]
    active: bool | None = True


class Asked(Body):
    """`POST /api/card/:id/query`."""

    parameters: list[Map] | None = None
    ignore_cache: bool | None = None


class Dataset(Body):
    """`POST /api/dataset`."""

    database: Number
    type: Literal["native"] | None = None
    native: Map | None = None
    lib_type: str | None = Field(default=None, alias="lib/type")
    stages: list[Map] | None = None
    parameters: list[Map] | None = None
