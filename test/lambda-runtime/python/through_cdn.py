"""The cases of requests.json with a CDN before the door, as in `test/lambda-runtime/node/through-cdn.ts`."""

from __future__ import annotations

import re
from typing import Any

from tables import make_event

SECRET = "the-secret-of-the-cdn"
#: The address from which the CDN calls the door.
EDGE = "130.176.1.2"


def through_cdn(case: dict[str, Any]) -> dict[str, Any] | None:
    """The same case: the event has the door's own host and the CDN's address, and our headers say what the viewer's were.

    None where no CDN could send such an event.
    """
    if "error" in case["expected"] or "cdnSecrets" in case:
        return None
    event = make_event(case["event"])
    kind = _kind_of(event)
    doors = case.get("doors", [{"door": kind, "responseMode": "buffered"}])
    if kind is None or not any(door["door"] == kind for door in doors):
        return None
    maps = [fields for name in ("multiValueHeaders", "headers") if isinstance(fields := event.get(name), dict)]
    if not maps:
        return None
    names = {name.lower(): name for name in maps[0]}

    def value_of(name: str) -> str:
        value = maps[0].get(names.get(name))
        return ", ".join(value) if isinstance(value, list) else value or ""

    context = event["requestContext"]
    connection = context.get("http") or context.get("identity") or {}
    forwarded_for = value_of("x-forwarded-for")
    address = forwarded_for.rpartition(",")[2].strip() if kind == "alb" else connection.get("sourceIp")
    # A CDN refuses a request without a host, and knows the address.
    if not value_of("host") or not isinstance(address, str) or not re.fullmatch(r"[\da-fA-F.:]+", address):
        return None
    scheme = case["expected"].get("scheme") or ("http" if value_of("x-forwarded-proto") == "http" else "https")
    changes = {
        "x-wrapped-web-app-cdn-secret": SECRET,
        "x-wrapped-web-app-viewer-host": value_of("host"),
        "x-wrapped-web-app-viewer-address": address,
        "x-wrapped-web-app-viewer-proto": scheme,
        names["host"]: "origin.example",
        names.get("x-forwarded-for", "x-forwarded-for"): f"{forwarded_for}, {EDGE}" if forwarded_for else EDGE,
    }
    for fields in maps:
        fields.update({name: [value] if fields is event.get("multiValueHeaders") else value for name, value in changes.items()})
    if connection:
        connection["sourceIp"] = EDGE
    expected = dict(case["expected"])
    if expected.get("mountPrefix") not in [door.get("mountPrefix", "") for door in doors]:
        # The viewer's URL has no stage.
        expected.pop("mountPrefix", None)
    return {
        **case,
        "event": {"inline": event},
        "doors": [{**door, "behindCdn": door["door"] == kind} for door in doors],
        "cdnSecrets": [SECRET],
        "expected": expected,
    }


def _kind_of(event: Any) -> str | None:
    context = event.get("requestContext") if isinstance(event, dict) else None
    if not isinstance(context, dict) or context.get("serviceArn"):
        return None
    if context.get("elb"):
        return "alb"
    if event.get("version") == "2.0" and isinstance(context.get("http"), dict):
        return "function-url" if ".lambda-url." in str(context.get("domainName")) else "http-api"
    if not event.get("httpMethod"):
        return None
    return "http-api" if event.get("version") == "1.0" else "rest-api"
