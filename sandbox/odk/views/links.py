"""Addresses in OData answers, which name the server's own domain, and their sending."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from sandbox.http_server.exchange import Answer
from sandbox.odk.asking.options import next_link
from sandbox.odk.call import Call
from sandbox.odk.exchange import JSON_TYPE
from sandbox.odk.stored.submission import Submission
from sandbox.odk.views.paging import event_tag


def service_address(call: Call) -> str:
    """Return the address of the form's OData service."""
    path, dot, _ = call.request.path.partition(".svc")
    return f"{call.service.setting.domain}{path}{dot}"


def context(call: Call, table: str) -> str:
    """Return the address at which a table is described."""
    return f"{service_address(call)}/$metadata#{table}"


def next_page(call: Call, row: Mapping[str, str]) -> str:
    """Return the address of the page after the one that ends with `row`."""
    return next_link(call.request, call.service.setting.domain, row)


def streamed(body: Mapping[str, Any], rows: Sequence[Submission]) -> Answer:
    """Return a page as it is sent: in chunks, with the ETag of its submissions."""
    answer = Answer(200, orjson.dumps(body), JSON_TYPE, is_chunked=True)
    return answer.with_headers(ETag=event_tag(rows))
