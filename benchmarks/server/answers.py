"""What the server answers: KoboToolbox's shapes (API v2), as far as we ask."""

import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence

from benchmarks.journals.files import JournalFiles
from ingestion.clock import Clock, utc_now

Params = Mapping[str, str]
PAGE_SIZE = 1_000  # KoboToolbox's own limit
PERMISSIONS = ("view_submissions", "manage_asset")


class NotHereError(LookupError):
    """There is nothing at that path."""


class Answers:
    """Answers requests for one project.

    Args:
        files: Its journals.
        url: The server's own, for links from page to page.
        clock: Tells the time.
    """

    def __init__(self, files: JournalFiles, url: str, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._files = files
        self._asset = f"/api/v2/assets/{files.form['uid']}/"
        self._url = url
        self._history: list[object] = []

    def answer(self, path: str, params: Params) -> bytes:
        """Return the JSON at `path`.

        Raises:
            NotHereError: There is none.
        """
        if path == "/me/":
            return _json({"username": "owner", "server_time": self._now()})
        if not path.startswith(self._asset):
            raise NotHereError(path)
        parts = path.removeprefix(self._asset).strip("/").split("/")
        match parts:
            case ["data"]:
                return self._data(params)
            case [""]:
                return self._detail()
            case ["versions"]:
                return self._versions(params)
            case ["versions", uid]:
                return self._version(uid)
            case ["history"]:
                return _page(self._history, params)
        raise NotHereError(path)

    def edit(self, share: float, seed: int) -> int:
        """Edit that share of the journals and return how many they are."""
        roots = self._files.edit(share, seed)
        at = self._now()
        self._history = [
            {
                "action": "modify-submission",
                "date_created": at,
                "metadata": {"submission": {"root_uuid": root}},
            }
            for root in roots
        ]
        return len(roots)

    def restore(self) -> int:
        """Take every edit back; return how many journals are as they were: all."""
        self._files.restore()
        self._history = []
        return len(self._files.rows)

    def _now(self) -> str:
        return f"{self._clock():%Y-%m-%dT%H:%M:%S.%fZ}"

    def _detail(self) -> bytes:
        return _json(
            {
                "uid": self._files.form["uid"],
                "has_deployment": True,
                "effective_permissions": [{"codename": one} for one in PERMISSIONS],
            }
        )

    def _versions(self, params: Params) -> bytes:
        listed = [
            {"uid": version["uid"], "date_deployed": version["date_deployed"]}
            for version in reversed(self._files.form["versions"])
        ]
        return _page(listed, params)

    def _version(self, uid: str) -> bytes:
        for version in self._files.form["versions"]:
            if version["uid"] == uid:
                return _json(version)
        raise NotHereError(uid)

    def _data(self, params: Params) -> bytes:
        found = self._matching(params.get("query"))
        start = int(params.get("start", 0))
        limit = min(int(params.get("limit", PAGE_SIZE)), PAGE_SIZE)
        places = found[start : start + limit]
        objects = self._files.marks if "fields" in params else self._files.rows
        following = start + limit
        link = (
            f"{self._url}{self._asset}data/?limit={limit}&start={following}"
            if following < len(found)
            else None
        )
        head = f'{{"count":{len(found)},"next":{json.dumps(link)},"previous":null'
        return b'%s,"results":[%s]}' % (head.encode(), objects.joined(places))

    def _matching(self, query: str | None) -> Sequence[int]:
        """Return the places of the journals that a query on `_id` finds."""
        every = range(len(self._files.rows))
        if not query:
            return every
        ((operator, wanted),) = json.loads(query)["_id"].items()
        if operator == "$in":
            places = sorted(self._files.place_of(one) for one in wanted)
            return places[bisect_left(places, 0) : bisect_left(places, len(every))]
        place = self._files.place_of(wanted)
        return every[max(0, place + 1) :] if operator == "$gt" else every[: place + 1]


def _page(rows: Sequence[object], params: Params) -> bytes:
    start, limit = int(params.get("start", 0)), int(params.get("limit", 100))
    return _json(
        {
            "count": len(rows),
            "next": None,
            "previous": None,
            "results": rows[start : start + limit],
        }
    )


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
