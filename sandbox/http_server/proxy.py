"""What the nginx in front of a real server refuses before the application sees it."""

from sandbox.http_server.exchange import Answer

# Its default for one buffer of `large_client_header_buffers`; the line must fit in one.
LONGEST_LINE = 8 * 1024
PAGE = b"<html><body><h1>414 Request-URI Too Large</h1></body></html>\n"


def refused_by_proxy(line: str) -> Answer | None:
    """Return the 414 for a request line that is too long, None for any other.

    Args:
        line: Method, target and protocol, without the two bytes that end it.
    """
    if len(line) + len("\r\n") <= LONGEST_LINE:
        return None
    return Answer(414, PAGE, "text/html").with_headers(Connection="close")
