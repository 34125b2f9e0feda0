"""What can go wrong on the way to a page, in sentences that say what to do."""


class DashboardError(Exception):
    """Something stopped the dashboards; the message says what to do."""


class SpecError(DashboardError):
    """A spec file is wrong: file, line and reason. Retrying cannot help."""


class QueryError(DashboardError):
    """A card's SQL did not give what the card needs; the message names the card."""


class OutputError(DashboardError):
    """The pages could not be written. Retrying helps once the folder is mended."""


class MetabaseError(DashboardError):
    """Metabase cannot be brought to what the specs say; the message says what to do."""


class MetabaseSettingError(MetabaseError):
    """A setting is missing or unusable. Retrying cannot help."""


class MetabaseUnavailableError(MetabaseError):
    """Metabase did not answer in time. Retrying later may help."""


class MetabaseRejectedError(MetabaseError):
    """Metabase refused what was asked. Retrying cannot help."""


class MetabaseChangedError(MetabaseError):
    """Somebody changed something between our reading and our writing. Plan anew."""
