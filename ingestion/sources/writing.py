"""Requests that change something on a form server.

Reading may be tried again at any time. What changes something may have been done though
the answer was lost, so it is sent again only where the server says that it was not
done: it was too busy, or nobody listened. Whoever sends must be able to begin anew.
"""

from dataclasses import replace
from typing import Any

import httpx

from ingestion.sources.base import Json
from ingestion.sources.http import Answered, Failure, PatientClient
from ingestion.sources.json_text import read_json

NOT_DONE = frozenset({429, 503})


class WritingClient(PatientClient):
    """Also sends POST, PATCH and DELETE; arguments are those of `PatientClient`."""

    def send(
        self,
        method: str,
        path: str,
        **content: Any,  # noqa: ANN401 - as httpx takes it: json, content, headers, ...
    ) -> Json:
        """Return the JSON that the server answers to a change, None for no answer.

        Raises:
            SourceUnavailableError: The server stayed silent, busy or broken; the change
                may have been made.
            SourceRejectedError: It refused.
        """
        return self._until_it_works(
            lambda: self._try_sending(method, path, content)
        ).body

    def _try_sending(
        self, method: str, path: str, content: dict[str, Any]
    ) -> Answered | Failure:
        try:
            response = self._client.request(method, path, **content)
        except httpx.ConnectError as error:
            return self._broken_off(error)
        except httpx.RequestError as error:
            return _once(self._broken_off(error))
        failure = self._failure(response)
        if failure is not None:
            return failure if response.status_code in NOT_DONE else _once(failure)
        if response.is_success and not response.content:
            return Answered(None)
        return self._read(response, read_json)


def _once(failure: Failure) -> Failure:
    return replace(failure, attempts=1)
