"""One HTTP request, whichever front door it came through."""

from __future__ import annotations


class WebRequest:
    """What a plain HTTP server would have read from the connection.

    Strings are Latin-1 readings of the bytes on the wire, as WSGI has them.
    """

    # No dataclass: each would cost every cold start half a millisecond.
    __slots__ = (
        "body",
        "client_address",
        "headers",
        "host",
        "method",
        "mount_prefix",
        "path",
        "query",
        "raw_path",
        "scheme",
    )

    def __init__(
        self,
        method: str,
        raw_path: str,
        path: str,
        query: str,
        headers: list[tuple[str, str]],
        body: bytes,
        client_address: str,
        scheme: str,
        host: str,
        mount_prefix: str,
    ) -> None:
        self.method = method
        #: Percent-encoded, without the mount prefix and the query. Starts with a slash.
        self.raw_path = raw_path
        #: `raw_path` decoded once.
        self.path = path
        #: Percent-encoded, without its question mark.
        self.query = query
        #: Names in lower case. Repetitions stay apart; cookies are one header.
        self.headers = headers
        self.body = body
        #: `0.0.0.0` when the door does not say.
        self.client_address = client_address
        self.scheme = scheme
        #: With its port, if the client named one.
        self.host = host
        #: Where the app is mounted: starts with a slash and ends without one, or is empty.
        self.mount_prefix = mount_prefix

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
