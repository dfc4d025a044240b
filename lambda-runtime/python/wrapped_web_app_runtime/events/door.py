"""What one event format is to the rest of the runtime."""

from __future__ import annotations

from typing import Any, Protocol

from ..web_request import WebRequest


class ResponsePayload:
    """A response that is ready for a Lambda result: lower-case headers, body as text or base64."""

    __slots__ = ("body", "headers", "is_base64", "reason", "status")

    def __init__(self, status: int, reason: str, headers: list[tuple[str, str]], body: str, is_base64: bool) -> None:
        self.status = status
        self.reason = reason
        self.headers = headers
        self.body = body
        self.is_base64 = is_base64


class Door(Protocol):
    """The door that an event came through: how to read it, and how to answer."""

    #: The name that the construct's contract has for it, or `lattice`.
    name: str
    #: Whether the door lists several values of a header: `apig_wsgi.multi_value_headers`.
    multi_value_headers: bool
    #: Whether the door takes base64 without any setting at deploy time.
    takes_binary: bool
    #: The door's limit on the JSON of a response, in bytes.
    response_limit: int
    #: Whether the door takes the length from us rather than setting its own.
    wants_content_length: bool

    def parse(self, mount_prefix: str, trust_forwarded_host: bool) -> WebRequest:
        """The event as an HTTP request; `mount_prefix` is what the construct says of this door."""
        ...

    def render(self, payload: ResponsePayload) -> dict[str, Any]:
        """The result that this door accepts."""
        ...

    def render_prelude(self, payload: ResponsePayload) -> dict[str, Any]:
        """The first part of a streamed response."""
        ...


#: A buffered response of Lambda's: 6 MB plus a little, counted in encoded JSON.
#: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LAMBDA_RESPONSE_LIMIT = 6_291_556


def group_values(headers: list[tuple[str, str]]) -> dict[str, list[str]]:
    """Every name once, with its values in their order."""
    grouped: dict[str, list[str]] = {}
    for name, value in headers:
        grouped.setdefault(name, []).append(value)
    return grouped
