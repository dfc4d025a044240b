"""The path of a request: raw and decoded, and where the app is mounted in it."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from .fields import latin1

# What may not stand in the path of a request target (RFC 9112, 3.2): space, control and
# non-ASCII characters, `?` and `#`.
_ILLEGAL = re.compile(r"[^\x21-\x7e]|[?#]")
_ILLEGAL_OR_LONE_PERCENT = re.compile(r"[^\x21-\x7e]|[?#]|%(?![0-9A-Fa-f]{2})")
# What most paths and queries are made of: nothing in it needs a closer look.
_PLAIN = re.compile(r"[A-Za-z0-9%&+,\-./:;=@_~]*")
_ILLEGAL_IN_QUERY = re.compile(r"[^\x21-\x7e]|#")


class RequestPath:
    """Both strings are Latin-1 readings of bytes; `mount` is the part of the URL before `raw`."""

    __slots__ = ("decoded", "mount", "raw")

    def __init__(self, raw: str, decoded: str, mount: str = "") -> None:
        self.raw = raw
        self.decoded = decoded
        self.mount = mount

    def without(self, prefix: str, public: bool = True) -> RequestPath:
        """Strips a prefix once, on a segment boundary; a public one is part of the URL that the client sees."""
        if not prefix or not (self.raw == prefix or self.raw.startswith(prefix + "/")):
            return self
        return RequestPath(
            self.raw[len(prefix) :] or "/",
            self.decoded[len(unquote_latin1(prefix)) :] or "/",
            self.mount + prefix if public else self.mount,
        )

    def below(self, prefix: str) -> RequestPath:
        """Adds a part of the URL that the door has already taken off."""
        return RequestPath(self.raw, self.decoded, self.mount + prefix)


def read_encoded_path(path: str) -> RequestPath:
    """A path as the client sent it. It is never resolved: `//evil.example/x` stays a path."""
    raw = _rooted(path if _PLAIN.fullmatch(path) else _ILLEGAL.sub(_percent, latin1(path)))
    return RequestPath(raw, unquote_latin1(raw))


def read_decoded_path(path: str) -> RequestPath:
    """A path that the door has decoded. What looks like an escape in it may have been one or not
    (`%2F` and `%25` cannot be told from what they stood for), so it is not decoded again."""
    decoded = _rooted(latin1(path))
    return RequestPath(_ILLEGAL_OR_LONE_PERCENT.sub(_percent, decoded), decoded)


def read_disputed_path(path: str) -> RequestPath:
    """An HTTP API's payload 1.0: documentation and reports differ on whether the path is decoded."""
    return read_decoded_path(path) if _ILLEGAL_OR_LONE_PERCENT.search(latin1(path)) else read_encoded_path(path)


def read_encoded_query(query: str) -> str:
    """A query as the client sent it, whatever it holds."""
    return query if _PLAIN.fullmatch(query) else _ILLEGAL_IN_QUERY.sub(_percent, latin1(query))


def unquote_latin1(value: str) -> str:
    return unquote_to_bytes(value).decode("latin-1") if "%" in value else value


def _percent(match: re.Match[str]) -> str:
    return f"%{ord(match.group()):02X}"


def _rooted(path: str) -> str:
    return path if path.startswith("/") else "/" + path
