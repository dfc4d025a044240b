"""What the app answers, and where it goes as it comes."""

from __future__ import annotations

from typing import Protocol

Headers = list[tuple[str, str]]


class WebResponse:
    """A whole response. Header values are Latin-1 readings of the bytes that the app sent."""

    __slots__ = ("body", "headers", "reason", "status")

    def __init__(self, status: int, reason: str, headers: Headers, body: bytes = b"") -> None:
        self.status = status
        self.reason = reason
        self.headers = headers
        self.body = body


class ResponseSink(Protocol):
    """Where an app's response goes: `start` once, then `write` for every piece of the body."""

    def start(self, status: int, reason: str, headers: Headers) -> None: ...

    def write(self, chunk: bytes) -> None: ...


class BufferedSink:
    """Keeps a response until it is whole."""

    def __init__(self) -> None:
        self._response: WebResponse | None = None
        self._chunks: list[bytes] = []

    def start(self, status: int, reason: str, headers: Headers) -> None:
        self._response = WebResponse(status, reason, headers)

    def write(self, chunk: bytes) -> None:
        self._chunks.append(chunk)

    def response(self) -> WebResponse:
        if self._response is None:
            raise RuntimeError("the app finished without starting a response")
        self._response.body = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        return self._response
