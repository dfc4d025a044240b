"""A response that reaches the client while the app makes it.

The stream begins with the head as JSON and eight NUL bytes; the rest is the body.
https://docs.aws.amazon.com/lambda/latest/dg/response-streaming.html
"""

from __future__ import annotations

import json

from ..respond import (
    BufferedSink,
    ResponseHeaders,
    ResponseTooLarge,
    drop_forbidden_length,
    guess_content_type,
    has_no_body,
)
from ..respond.limits import check_header_limit
from .runtime_api import ResponseStream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..events.event_format import EventFormat
    from ..respond import HeaderList


class StreamedSink:
    """Sends the head as soon as it is known, and every piece of the body at once."""

    def __init__(self, stream: ResponseStream, event_format: EventFormat, method: str) -> None:
        self._stream = stream
        self._format = event_format
        self._method = method
        self._head: tuple[int, str, HeaderList] | None = None
        self._has_no_body = False
        #: Whether the client has been sent something, which cannot be taken back.
        self.sent = False
        self.refusal: ResponseTooLarge | None = None

    def start(self, status: int, reason: str, headers: HeaderList, header_bytes: int) -> None:
        self._head = (status, reason, headers)
        self._has_no_body = has_no_body(status, self._method)
        if self._has_no_body or any(name == "content-type" for name, _ in headers):
            self._send_head()

    def write(self, chunk: bytes) -> None:
        if self._has_no_body:
            return
        if not self.sent and self._head is not None:
            _, _, headers = self._head
            if all(name != "content-type" for name, _ in headers):
                headers.append(("content-type", guess_content_type(chunk, False)))
            self._send_head()
        self._stream.write(chunk)

    def end(self) -> None:
        if not self.sent:
            self._send_head()

    def replace(self, response: BufferedSink) -> None:
        """Sends a whole response in place of the app's, of which nothing has been sent."""
        self.start(response.status, response.reason, response.headers, response.header_bytes)
        self.write(response.body())
        self.end()

    def _send_head(self) -> None:
        """Raises `ResponseTooLarge` into the app, which has no other way to learn that nobody takes its response."""
        if self._head is None:
            raise RuntimeError("the app finished without starting a response")
        status, _, pairs = self._head
        headers = ResponseHeaders(drop_forbidden_length(status, pairs))
        try:
            check_header_limit(headers, self._format)
        except ResponseTooLarge as error:
            self.refusal = error
            raise
        head = self._format.render_head(status, headers)
        self.sent = True
        self._stream.write(json.dumps(head).encode("utf-8") + bytes(8))
