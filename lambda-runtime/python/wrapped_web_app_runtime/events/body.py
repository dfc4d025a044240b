"""The body of an event, as bytes."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from .fields import BadEvent


def read_body(body: Any, is_base64: Any) -> bytes:
    """Raises `BadEvent` for a body that is no text, or not the base64 that it says it is."""
    if body is None:
        return b""
    if isinstance(body, bytes):
        # Not from Lambda, but from a user's tests, which apig-wsgi let pass.
        body = body.decode("latin-1") if is_base64 else body.decode("utf-8", "replace")
    if not isinstance(body, str):
        raise BadEvent(f"the event's body must be a string or null, got {type(body).__name__}")
    if not is_base64:
        return body.encode("utf-8", "replace")
    try:
        return base64.b64decode(body)
    except (binascii.Error, ValueError) as error:
        raise BadEvent(f"the event's body is not the base64 that isBase64Encoded says it is: {error}") from error
