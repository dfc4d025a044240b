"""One HTTP request, whichever front door it came through."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WebRequest:
    """What a plain HTTP server would have read from the connection.

    Strings are Latin-1 readings of the bytes on the wire, as WSGI has them.
    """

    method: str
    #: Percent-encoded, without the mount prefix and the query. Starts with a slash.
    raw_path: str
    #: `raw_path` decoded once.
    path: str
    #: Percent-encoded, without its question mark.
    query: str
    #: Names in lower case. Repetitions stay apart; cookies are one header.
    headers: list[tuple[str, str]]
    body: bytes
    #: `0.0.0.0` when the door does not say.
    client_address: str
    scheme: str
    #: With its port, if the client named one.
    host: str
    #: Where the app is mounted: starts with a slash and ends without one, or is empty.
    mount_prefix: str

    @property
    def raw_uri(self) -> str:
        """The request target as the client sent it to the door."""
        target = self.mount_prefix + self.raw_path
        return f"{target}?{self.query}" if self.query else target

    def server_address(self) -> tuple[str, int]:
        """Host name and port of this server, as the client addressed it."""
        name, colon, port = self.host.rpartition(":")
        if colon and port.isdecimal() and (":" not in name or name.endswith("]")):
            return name, int(port)
        for header, value in self.headers:
            if header == "x-forwarded-port" and value.isascii() and value.isdecimal():
                return self.host, int(value)
        return self.host, 443 if self.scheme == "https" else 80
