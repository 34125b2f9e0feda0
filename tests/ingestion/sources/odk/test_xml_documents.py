import pytest

from ingestion.sources.odk.xml_documents import HalfADocumentError, WholeDocument

DOCUMENT = '<?xml version="1.0"?><a b="1"><ñ>x &amp; y</ñ><![CDATA[z]]><!-- é --></a>'


@pytest.mark.parametrize("end", range(len(DOCUMENT.encode())))
def test_a_document_that_ends_early_is_not_believed_at_once(end: int) -> None:
    read = WholeDocument()
    half = DOCUMENT.encode()[:end]

    with pytest.raises((HalfADocumentError, UnicodeDecodeError)):
        read(half)

    assert read(DOCUMENT.encode()) == DOCUMENT


def test_a_document_that_ends_early_twice_alike_is_believed() -> None:
    read = WholeDocument()

    for half in ("<a><b>", "<a><b", ""):
        with pytest.raises(HalfADocumentError):
            read(half.encode())

    assert not read(b"")


@pytest.mark.parametrize(
    "text", [DOCUMENT, f"{DOCUMENT}\n", "<a><b></a>", "<!DOCTYPE a><a/>", "no form"]
)
def test_a_document_that_does_not_end_early_is_believed(text: str) -> None:
    assert WholeDocument()(text.encode()) == text
