"""The app's response to an event that is not HTTP, as the result of the invocation."""

from __future__ import annotations

import json
from typing import Any

from . import BufferedSink


class EventNotHandled(Exception):
    """The app's response to an event is an error, or not a result. The message says which."""


def read_result(response: BufferedSink) -> Any:
    """The JSON of a 2xx response, or None for an empty one. A queue learns from it which messages failed.

    Raises `EventNotHandled` for any other response, so that the service sends the event again.
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    text = response.body().decode("utf-8", "replace")
    if not 200 <= response.status <= 299:
        raise EventNotHandled(f"the app answered the event with {response.status}: {text[:1000]}")
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        raise EventNotHandled(f"the app's response to an event must be JSON or empty, got {text[:200]!r}") from error
