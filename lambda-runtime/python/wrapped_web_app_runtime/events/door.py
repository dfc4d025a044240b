"""What one event format is to the rest of the runtime. For the type checker alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from ..responses import ResponseHeaders
    from .request import HeaderNames, WebRequest


class Door(Protocol):
    """A door that events come through: how to read them, and how to answer."""

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

    def parse(
        self, event: dict[str, Any], names: HeaderNames, mount_prefix: str, trust_forwarded_host: bool
    ) -> WebRequest:
        """The event as an HTTP request; `mount_prefix` is what the construct says of this door."""
        ...

    def render(self, status: int, reason: str, headers: ResponseHeaders, body: str, is_base64: bool) -> dict[str, Any]:
        """The result that this door accepts."""
        ...

    def render_prelude(self, status: int, headers: ResponseHeaders) -> dict[str, Any]:
        """The first part of a streamed response."""
        ...
