"""The front doors behind a CDN, which only the CDN may use: it knows one of the secrets.

An event with a secret becomes the one that the door would have sent for the viewer's own request. So all that reads
events, the app included, sees the viewer's host, scheme and address, and no secret. The Node runtime's
`events/behind-cdn.ts` does the same. Only apps behind a CDN load this module.
"""

from __future__ import annotations

import hmac

from ..settings import CDN_SECRETS_VARIABLE
from . import mapping, text, utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ..settings import DoorSettings, Settings
    from . import Event
    from .web_request import WebRequest

#: What the CDN adds to each request, so that the function knows that it passed through it.
CDN_SECRET_HEADER = "x-wrapped-web-app-cdn-secret"

# What the CDN says of the viewer, whose own headers of these names it overwrites.
_VIEWER_HOST = "x-wrapped-web-app-viewer-host"
_VIEWER_ADDRESS = "x-wrapped-web-app-viewer-address"
_VIEWER_PROTO = "x-wrapped-web-app-viewer-proto"

#: All our headers begin so. None of them reaches the app: some are secret, and a viewer can send the others.
_OURS = "x-wrapped-web-app-"


class BehindCdn:
    """Recognizes the requests of the CDN."""

    def __init__(self, doors: list[DoorSettings], secrets: tuple[str, ...]) -> None:
        """Raises `ValueError` without a secret, since everybody could call the function."""
        if not secrets:
            raise ValueError(
                f"{CDN_SECRETS_VARIABLE} must have a secret, since a front door is behind a CDN, and everybody could "
                "call it; deploy again"
            )
        self._doors = doors
        self._secrets = [utf8(secret) for secret in secrets]

    def guards(self, source: str) -> bool:
        """Whether the requests of a door need a secret."""
        return any(door.door == source for door in self._doors)

    def event_of_viewer(self, event: Any) -> Any | None:
        """The event of the viewer's request; None if the event has no secret, another one, or several."""
        if not isinstance(event, dict):
            return None
        claims = _read_claims(event)
        if not self._is_secret(claims.get(CDN_SECRET_HEADER, [])):
            return None
        host = _joined(claims, _VIEWER_HOST)
        address = _joined(claims, _VIEWER_ADDRESS)
        proto = "http" if _joined(claims, _VIEWER_PROTO) == "http" else "https"
        changes = {"x-forwarded-proto": proto}
        if host:
            changes["host"] = host
        if address:
            changes["x-forwarded-for"] = _forwarded_for(claims.get("x-forwarded-for", []), address)
        if proto == "https":
            changes["x-forwarded-port"] = "443"
        seen = dict(event)
        if isinstance(event.get("headers"), dict):
            seen["headers"] = _with_changes(event["headers"], changes, str)
        if isinstance(event.get("multiValueHeaders"), dict):
            seen["multiValueHeaders"] = _with_changes(event["multiValueHeaders"], changes, lambda value: [value])
        if address:
            seen["requestContext"] = _with_address(mapping(event.get("requestContext")), address)
        return seen

    def mount_of_viewer(self, request: WebRequest, source: str) -> str:
        """The viewer's URL has the path that the door is mounted at, but not the stage that the CDN adds."""
        mount = request.mount_prefix
        prefixes = [door.mount_prefix for door in self._doors if door.door == source and mount.endswith(door.mount_prefix)]
        return max(prefixes, key=len, default="") if mount else ""

    def _is_secret(self, values: list[str]) -> bool:
        """Takes the same time for all values of one length."""
        if len(values) != 1:
            return False
        given = utf8(values[0])
        return any([hmac.compare_digest(given, secret) for secret in self._secrets])


def _read_claims(event: Event) -> dict[str, list[str]]:
    """The values of our headers and of `x-forwarded-for`, by name."""
    claims: dict[str, list[str]] = {}
    multi = event.get("multiValueHeaders")
    fields = multi if isinstance(multi, dict) else mapping(event.get("headers"))
    for name, value in fields.items():
        lower = name.lower()
        if lower.startswith(_OURS) or lower == "x-forwarded-for":
            values = value if isinstance(value, list) else [value]
            claims.setdefault(lower, []).extend(each if isinstance(each, str) else "" for each in values)
    return claims


def _joined(claims: Mapping[str, list[str]], name: str) -> str:
    return ", ".join(claims.get(name, ()))


def _forwarded_for(values: list[str], address: str) -> str:
    """The door has added the address of the CDN, and the CDN that of the viewer before it."""
    entries = [entry.strip() for entry in ",".join(values).split(",")][:-1]
    return ", ".join(entries if entries and entries[-1] == address else [*entries, address])


def _with_changes(fields: Mapping[str, Any], changes: Mapping[str, str], to_field: Callable[[str], Any]) -> dict[str, Any]:
    """The headers in their order, with other values, and without ours."""
    missing = dict(changes)
    changed: dict[str, Any] = {}
    for name, value in fields.items():
        lower = name.lower()
        if lower.startswith(_OURS):
            continue
        if lower not in changes:
            changed[name] = value
        elif lower in missing:
            changed[name] = to_field(missing.pop(lower))
    changed.update((name, to_field(value)) for name, value in missing.items())
    return changed


def _with_address(context: Mapping[str, Any], address: str) -> Mapping[str, Any]:
    """A load balancer has the address in `x-forwarded-for` only."""
    for field in ("http", "identity"):
        if isinstance(context.get(field), dict):
            return {**context, field: {**context[field], "sourceIp": address}}
    return context
