"""Reading fields of an event that may be null, missing or of another type than documented.

The console's test button sends null maps, health checks leave most fields out, and people
invoke functions by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Event = Mapping[str, Any]


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:
    """A scalar as text; anything that is not a scalar is empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else ""


def texts(value: Any) -> list[str]:
    """A list's scalars as text, or the one scalar; nulls are left out."""
    values = value if isinstance(value, list) else [value]
    return [text(item) for item in values if isinstance(item, (str, int, float))]


def latin1(value: str) -> str:
    """The text's UTF-8 bytes read as Latin-1: what a server reads from the wire."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode("latin-1")


class BadEvent(ValueError):
    """The event is not what a front door sends. The message names the field and what it held."""


class NotAnHttpEvent(BadEvent):
    """No front door sends such an event. The message names its keys."""
