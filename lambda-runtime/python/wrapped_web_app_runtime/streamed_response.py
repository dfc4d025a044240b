"""A response that reaches the client as the app makes it.

The stream begins with the head as JSON and eight NUL bytes; the rest is the body.
https://docs.aws.amazon.com/lambda/latest/dg/response-streaming.html
"""

from __future__ import annotations

import json

from .responses import BufferedSink, ResponseHeaders, guess_content_type, has_no_body
from .runtime_api import ResponseStream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .events.door import Door
    from .responses import HeaderList


class StreamedSink:
    """Sends the head as soon as it is known and every piece of the body at once."""

    def __init__(self, stream: ResponseStream, door: Door, method: str) -> None:
        self._stream = stream
        self._door = door
        self._method = method
        self._head: tuple[int, str, HeaderList] | None = None
        self._bodiless = False
        #: Whether anything has gone to the client that cannot be taken back.
        self.sent = False

    def start(self, status: int, reason: str, headers: HeaderList) -> None:
        self._head = (status, reason, headers)
        self._bodiless = has_no_body(status, self._method)
        if self._bodiless or any(name == "content-type" for name, _ in headers):
            self._send_head()

    def write(self, chunk: bytes) -> None:
        if self._bodiless:
            return
        if not self.sent and self._head is not None:
            self._head[2].append(("content-type", guess_content_type(chunk)))
            self._send_head()
        self._stream.write(chunk)

    def finish(self) -> None:
        if not self.sent:
            self._send_head()
        self._stream.close()

    def replace(self, response: BufferedSink) -> None:
        """Sends a whole other response, when nothing of the app's has been sent."""
        self.start(response.status, response.reason, response.headers)
        self.write(response.body())
        self.finish()

    def _send_head(self) -> None:
        if self._head is None:
            raise RuntimeError("the app finished without starting a response")
        status, _, headers = self._head
        prelude = self._door.render_prelude(status, ResponseHeaders(headers))
        self.sent = True
        self._stream.write(json.dumps(prelude).encode("utf-8") + bytes(8))
