"""Detects the format of an event, and reads single fields of it.

One module for each format reads its events and renders the responses. Fields may be null, missing or of another type
than documented: the console's test button sends null maps, health checks leave most fields out, and people invoke
functions by hand.
"""

from __future__ import annotations

import binascii

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..settings import Settings
    from .event_format import EventFormat
    from .other_event import OtherEvent

    Event = Mapping[str, Any]


class BadEvent(ValueError):
    """The event is not what a front door sends. The message names the field and its value."""


class NotAnHttpEvent(BadEvent):
    """No front door sends such an event. The message names its keys."""


def detect(event: Any, settings: Settings) -> EventFormat | OtherEvent:
    """The format of an event, detected by fields that only its source sends.

    Raises `NotAnHttpEvent` for an event of another service, unless the settings have a path for those. An HTTP
    response would make SQS delete the messages.
    """
    if isinstance(event, dict):
        variant, method = _detect_http(event, settings)
        # Every HTTP event has a method, whatever its format.
        if method and isinstance(method, str):
            return _formats[variant]
    if settings.event_path is not None:
        from .other_event import OTHER_EVENT

        return OTHER_EVENT
    found = f"an object with the keys {', '.join(map(str, event)) or '(none)'}" if isinstance(event, dict) else type(event).__name__
    raise NotAnHttpEvent(
        "the event must be an HTTP event of a Function URL, an HTTP API, a REST API, an ALB or VPC Lattice, "
        f"got {found}; invoke the function through its front door, or set eventPath to have the app handle other events"
    )


def load_formats(settings: Settings) -> None:
    """Loads the formats of the stack's front doors during Lambda's init phase."""
    for door in settings.doors:
        _formats[door]


def _detect_http(event: Event, settings: Settings) -> tuple[str, Any]:
    """The format's key in `_formats`, which counts only if there is a method, and the method."""
    context = event.get("requestContext")
    if isinstance(context, dict):
        # Version 2.0 alone does not tell, since Lattice's second version has it too. Nor does a rawPath, which events of a
        # REST API behind a custom domain may have.
        http = context.get("http")
        if isinstance(http, dict) and event.get("version") == "2.0":
            return _source_of_version_2(context, settings), http.get("method")
        if context.get("elb") is not None:
            return "alb" if isinstance(event.get("multiValueHeaders"), dict) else "alb-single", event.get("httpMethod")
        if context.get("serviceArn"):
            return "vpc-lattice", event.get("method")
    if "raw_path" in event and isinstance(event["raw_path"], str) and isinstance(event.get("method"), str):
        return "vpc-lattice", event["method"]
    # A REST API's events have no version.
    return "http-api-1.0" if event.get("version") == "1.0" else "rest-api", event.get("httpMethod")


def _source_of_version_2(context: Event, settings: Settings) -> str:
    domain_name = context.get("domainName")
    if isinstance(domain_name, str):
        if ".lambda-url." in domain_name:
            return "function-url"
        if ".execute-api." in domain_name:
            return "http-api"
    # Behind a CDN the domain is the user's own, and the construct knows which of the two it made.
    return "function-url" if "function-url" in settings.doors and "http-api" not in settings.doors else "http-api"


class _Formats(dict[str, "EventFormat"]):
    """A function has one or two front doors, so each format is loaded when it is first needed."""

    def __missing__(self, variant: str) -> EventFormat:
        made: EventFormat
        if variant in ("function-url", "http-api"):
            from .payload_v2 import PayloadV2

            made = PayloadV2(variant)
        elif variant in ("rest-api", "http-api-1.0"):
            from .payload_v1 import PayloadV1

            made = PayloadV1("rest-api" if variant == "rest-api" else "http-api")
        elif variant in ("alb", "alb-single"):
            from .alb import Alb

            made = Alb(variant == "alb")
        else:
            from .lattice import Lattice

            made = Lattice()
        self[variant] = made
        return made


_formats = _Formats()


# Fields


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:
    """A scalar as text; empty for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else ""


def texts(value: Any) -> list[str]:
    """The scalars of a list as text, or the one scalar; nulls are left out."""
    values = value if isinstance(value, list) else [value]
    return [text(item) for item in values if isinstance(item, (str, int, float))]


def utf8(value: str) -> bytes:
    try:
        return value.encode()
    except UnicodeEncodeError:
        # JSON can hold half of a surrogate pair, which has no UTF-8. It becomes U+FFFD, as in JavaScript.
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def latin1(value: str) -> str:
    """The text's UTF-8 bytes read as Latin-1: what a server reads from the wire."""
    return value if value.isascii() else utf8(value).decode("latin-1")


def read_body(body: Any, is_base64: Any) -> bytes:
    """Raises `BadEvent` for a body that is not text, or not the base64 that it says it is."""
    if body is None:
        return b""
    if isinstance(body, bytes):
        # Lambda sends no bytes, but apig-wsgi accepts them, and its users' tests may send them.
        body = body.decode("latin-1") if is_base64 else body.decode("utf-8", "replace")
    if not isinstance(body, str):
        raise BadEvent(f"event.body must be a string or null, got {type(body).__name__}")
    if not is_base64:
        return utf8(body)
    try:
        return binascii.a2b_base64(body)
    except ValueError as error:
        raise BadEvent(f"event.body must be base64 where isBase64Encoded is true: {error}") from error
