"""What one event format is to the rest of the runtime. Only the type checker loads this file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from ..respond import ResponseHeaders
    from ..settings import Settings
    from .web_request import WebRequest


class EventFormat(Protocol):
    """How the events of one source are read, and how they are answered."""

    #: The front door that sends these events: `function-url`, `http-api`, `rest-api`, `alb` or `vpc-lattice`.
    source: str
    #: What the invocation returns. An event that is not HTTP wants a result instead (`OtherEvent`).
    reply: Literal["http-response"]
    #: Whether events list several values of a header: `wrapped_web_app.multi_value_headers`.
    multi_value_headers: bool
    #: Whether the front door decodes base64 without any setting at deploy time.
    takes_base64: bool
    #: The front door computes `content-length` itself, and renames or overwrites one that it is given.
    sets_content_length: bool
    #: The largest JSON of a response, in bytes.
    response_limit: int
    #: The most bytes of names and values of response headers; None where there is no such limit.
    header_limit: int | None

    def parse(self, event: dict[str, Any], settings: Settings) -> WebRequest:
        """The HTTP request in an event."""
        ...

    def render(self, status: int, reason: str, headers: ResponseHeaders, body: str, is_base64: bool) -> dict[str, Any]:
        """The result that the front door accepts."""
        ...

    def render_head(self, status: int, headers: ResponseHeaders) -> dict[str, Any]:
        """The JSON that a streamed response starts with."""
        ...
