"""A stand-in for the World Bank's API that is as unkind as the real one.

It serves a few rows per page whatever it is asked, newest first, with nulls among them;
errors come with status 200 and as a list of one; a country without data has null for
its rows; and now and then a proxy answers 502 in HTML.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE_SIZE = 3
NO_SUCH = [{"message": [{"id": "120", "key": "Invalid value", "value": "Not valid"}]}]


@dataclass
class WorldBankStandIn:
    """What is published, and what goes wrong.

    Attributes:
        series: (indicator, country) -> year -> value; None is a null.
        bad_gateways: How many of the next requests get a 502.
        raw: What is answered to everything instead, where set.
        asked: Paths and queries, in the order they came.
    """

    series: dict[tuple[str, str], dict[int, float | None]]
    bad_gateways: int = 0
    raw: bytes | None = None
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, target: str) -> tuple[int, bytes]:
        self.asked.append(target)
        if self.bad_gateways:
            self.bad_gateways -= 1
            return 502, b"<html><h1>502 Bad Gateway</h1></html>"
        if self.raw is not None:
            return 200, self.raw
        parts = urlsplit(target)
        _, _, _, country, _, indicator = parts.path.split("/")
        if (indicator, country) not in self.series:
            return 200, json.dumps(NO_SUCH).encode()
        page = int(parse_qs(parts.query)["page"][0])
        return 200, json.dumps(self._page(indicator, country, page)).encode()

    def _page(self, indicator: str, country: str, page: int) -> list[Any]:
        rows = sorted(self.series[indicator, country].items(), reverse=True)
        meta = {
            "page": page,
            "pages": -(-len(rows) // PAGE_SIZE),
            "per_page": PAGE_SIZE,
            "total": len(rows),
            "sourceid": "2",
            "lastupdated": "2026-10-07",
        }
        if not rows:
            return [meta | {"page": 0}, None]
        shown = rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        return [
            meta,
            [
                {
                    "indicator": {"id": indicator, "value": ""},
                    "country": {"id": country[:2], "value": ""},
                    "countryiso3code": country,
                    "date": str(year),
                    "value": value,
                    "unit": "",
                    "obs_status": "",
                    "decimal": 1,
                }
                for year, value in shown
            ],
        ]


@contextmanager
def served(stand_in: WorldBankStandIn) -> Iterator[WorldBankStandIn]:
    """Serve on the loopback address for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = stand_in.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield stand_in
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
