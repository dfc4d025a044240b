"""What the construct tells the runtime at deploy time, through two environment variables.

The other side is `src/private/contract.ts`. Without them (the wheel used on its own)
the event alone says which door it came through.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

DOORS_VARIABLE = "WRAPPED_WEB_APP_DOORS"
OPTIONS_VARIABLE = "WRAPPED_WEB_APP_OPTIONS"


class DoorContract:
    """A front door that invokes this function."""

    __slots__ = ("door", "mount_prefix", "response_mode")

    def __init__(self, door: str, mount_prefix: str = "", response_mode: str = "buffered") -> None:
        self.door = door
        #: Where the app is mounted on that door; empty at the root.
        self.mount_prefix = mount_prefix
        #: `buffered` or `streaming`.
        self.response_mode = response_mode


class Contract:
    """The doors by name, and how the app is to be treated. `None` is the runtime's default."""

    __slots__ = ("binary_support", "doors", "event_path", "non_binary_content_type_prefixes", "trust_forwarded_host")

    def __init__(
        self,
        doors: Mapping[str, DoorContract],
        binary_support: bool | None = None,
        non_binary_content_type_prefixes: tuple[str, ...] | None = None,
        trust_forwarded_host: bool = False,
        event_path: str | None = None,
    ) -> None:
        self.doors = doors
        self.binary_support = binary_support
        self.non_binary_content_type_prefixes = non_binary_content_type_prefixes
        self.trust_forwarded_host = trust_forwarded_host
        #: Where events that are not HTTP go; `None` refuses them.
        self.event_path = event_path


def read_contract(environ: Mapping[str, str] = os.environ) -> Contract:
    """Reads both variables.

    Raises `ValueError` naming the variable when one holds something else than the construct writes.
    """
    doors = _read_json(environ, DOORS_VARIABLE, list)
    options = _read_json(environ, OPTIONS_VARIABLE, dict)
    prefixes: Sequence[str] | None = options.get("nonBinaryContentTypePrefixes")
    return Contract(
        doors={door.door: door for door in map(_read_door, doors)},
        binary_support=options.get("binarySupport"),
        non_binary_content_type_prefixes=None if prefixes is None else tuple(prefixes),
        trust_forwarded_host=options.get("trustForwardedHost") is True,
        event_path=options.get("eventPath"),
    )


def _read_door(value: Any) -> DoorContract:
    if not isinstance(value, dict) or not isinstance(value.get("door"), str):
        raise ValueError(f"{DOORS_VARIABLE} must list objects with a door, got {value!r}")
    prefix = value.get("mountPrefix") or ""
    return DoorContract(value["door"], prefix.rstrip("/"), value.get("responseMode") or "buffered")


def _read_json(environ: Mapping[str, str], name: str, kind: type) -> Any:
    text = environ.get(name)
    if not text:
        return kind()
    import json

    try:
        value = json.loads(text)
    except ValueError as error:
        raise ValueError(f"{name} is not JSON: {error}; got {text!r}") from error
    if not isinstance(value, kind):
        raise ValueError(f"{name} must be a JSON {kind.__name__}, got {text!r}")
    return value
