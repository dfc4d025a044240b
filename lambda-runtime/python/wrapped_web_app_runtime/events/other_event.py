"""Events of other services (a queue, a schedule, a rule), given to the app as a request to a path of its own."""

from __future__ import annotations

import json
import posixpath
import re
from typing import Any, Literal
from urllib.parse import unquote

from .web_request import RequestPath, WebRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..settings import Settings


class OtherEvent:
    """Every event that is not HTTP."""

    source = "other-event"
    reply: Literal["event-result"] = "event-result"

    def parse(self, event: Any, settings: Settings) -> WebRequest:
        """The event's JSON, posted to the path of the settings."""
        path = settings.event_path or "/"
        headers = {"host": "localhost", "content-type": "application/json"}
        return WebRequest("POST", RequestPath(path, path), "", (headers, None), json.dumps(event).encode(), "127.0.0.1")


OTHER_EVENT = OtherEvent()


def is_event_path(path: str, event_path: str) -> bool:
    """Whether an HTTP request asks for the path of events, in any spelling that some framework takes for the same."""
    return _normalize(path) == _normalize(event_path)


def _normalize(path: str) -> str:
    before = ""
    while before != path:
        before, path = path, unquote(path)
    segments = [segment.partition(";")[0] for segment in re.split(r"[/\\]+", path)]
    return posixpath.normpath("/" + "/".join(segments)).strip().strip("/").lower()
