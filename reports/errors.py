"""What can go wrong on the way to a page, in sentences that say what to do."""


class ReportError(Exception):
    """Something stopped the pages; the message says what to do."""


class ReadingError(ReportError):
    """The marts cannot be read as they are, or by whom asks. Retrying cannot help."""


class OutputError(ReportError):
    """The pages could not be written. Retrying helps once the folder is mended."""
