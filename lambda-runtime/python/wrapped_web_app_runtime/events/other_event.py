"""Events of other services (a queue, a schedule, a rule), given to the app as a request to a path of its own."""

from __future__ import annotations

import json
from typing import Any, Literal

from .web_request import SOURCE_HEADER, RequestPath, WebRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..settings import Settings


class OtherEvent:
    """Every event that is not HTTP."""

    source = "other-event"
    reply: Literal["event-result"] = "event-result"

    def parse(self, event: Any, settings: Settings) -> WebRequest:
        """The event's JSON, posted to the path of the settings.

        The source header tells the app that no client sent it: the runtime removes it from the requests of clients.
        """
        path = settings.event_path or "/"
        headers = {"host": "localhost", "content-type": "application/json", SOURCE_HEADER: "event"}
        return WebRequest("POST", RequestPath(path, path), "", (headers, None, None), json.dumps(event).encode(), "127.0.0.1")


OTHER_EVENT = OtherEvent()
