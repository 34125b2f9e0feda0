"""XML that is safe to read, and whether all of it came."""

from xml.etree import ElementTree as ET
from xml.parsers.expat import errors as expat

# What expat says of a document of which only the beginning is there.
ENDS_EARLY = frozenset(
    expat.codes[reason]
    for reason in (
        expat.XML_ERROR_NO_ELEMENTS,
        expat.XML_ERROR_UNCLOSED_TOKEN,
        expat.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.XML_ERROR_PARTIAL_CHAR,
    )
)


class UnreadableXmlError(ValueError):
    """It is not XML, or XML that defines its own entities."""


class HalfADocumentError(UnreadableXmlError):
    """It ends before its end."""


class WholeDocument:
    """Reads the text of a document each time that it comes over the network.

    Central keeps documents that end early as well, if a phone sent one so: what comes
    twice alike is all there is.
    """

    def __init__(self) -> None:
        self._half: bytes | None = None

    def __call__(self, content: bytes) -> str:
        """Return the text, which whoever parses it may find to be wrong.

        Raises:
            HalfADocumentError: The rest may come the next time.
            UnicodeDecodeError: It is not in UTF-8.
        """
        text = content.decode()
        if content != self._half:
            try:
                parse_xml(text)
            except HalfADocumentError:
                self._half = content
                raise
            except UnreadableXmlError:
                pass
        return text


def parse_xml(text: str) -> ET.Element:
    """Return the root element of `text`.

    Raises:
        UnreadableXmlError: It is not well formed, or it has a document type: no form
            needs one, and entities defined there may unfold to gigabytes.
    """
    if "<!DOCTYPE" in text:
        raise UnreadableXmlError("it has a document type")
    try:
        return ET.fromstring(text)  # noqa: S314 - without a document type it is safe
    except ET.ParseError as error:
        kind = HalfADocumentError if error.code in ENDS_EARLY else UnreadableXmlError
        raise kind("it is not well-formed XML") from error
    except ValueError as error:
        raise UnreadableXmlError("it is not well-formed XML") from error
