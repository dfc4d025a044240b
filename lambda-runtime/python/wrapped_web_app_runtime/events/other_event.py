"""Events of other services (a queue, a schedule, a rule), given to the app as a request to a path of its own."""

from __future__ import annotations

import json
import posixpath
import re
from typing import Any
from urllib.parse import unquote

from ..responses import BufferedSink
from .request import HeaderNames, RequestPath, WebRequest


class EventNotHandled(Exception):
    """The app's answer to an event says that it failed, or is no result; the message says which."""


def make_event_request(event: Any, names: HeaderNames, event_path: str) -> WebRequest:
    body = json.dumps(event).encode("utf-8")
    headers = {names.host: "localhost", names["content-type"]: "application/json"}
    return WebRequest(names, "POST", RequestPath(event_path, event_path), "", (headers, None), body, "127.0.0.1")


def read_result(response: BufferedSink) -> Any:
    """The invocation's result: a 2xx answer's JSON, or nothing for an empty one.

    Raises `EventNotHandled` for any other answer, so that the service tries again.
    """
    text = response.body().decode("utf-8", "replace")
    if not 200 <= response.status <= 299:
        raise EventNotHandled(f"the app answered the event with {response.status}: {text[:1000]}")
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        raise EventNotHandled(f"the app's answer to an event must be JSON or empty, got {text[:200]!r}") from error


def is_event_path(path: str, event_path: str) -> bool:
    """Whether an HTTP request asks for the path of events, in any spelling that some framework takes for the same."""
    return _plain(path) == _plain(event_path)


def _plain(path: str) -> str:
    before = ""
    while before != path:
        before, path = path, unquote(path)
    segments = [segment.partition(";")[0] for segment in re.split(r"[/\\]+", path)]
    return posixpath.normpath("/" + "/".join(segments)).strip().strip("/").lower()
