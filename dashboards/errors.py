"""What can go wrong on the way to a page, in sentences that say what to do."""


class DashboardError(Exception):
    """Something stopped the dashboards; the message says what to do."""


class SpecError(DashboardError):
    """A spec file is wrong: file, line and reason. Retrying cannot help."""


class QueryError(DashboardError):
    """A card's SQL did not give what the card needs; the message names the card."""


class OutputError(DashboardError):
    """The pages could not be written. Retrying helps once the folder is mended."""
