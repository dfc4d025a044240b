"""Paths and queries with characters that a request target must not hold (RFC 9112, 3.2)."""

from __future__ import annotations

import re

from . import latin1

# Space, control and non-ASCII characters, `?` and `#`.
_ILLEGAL_IN_PREFIX = re.compile(r"[^\x21-\x7e]|[?#]")
_ILLEGAL_IN_DECODED_PATH = re.compile(r"[^\x21-\x7e]|[?#]|%(?![0-9A-Fa-f]{2})")
# In what a client sent, spaces and control characters stay: such a target is refused.
_ILLEGAL_IN_PATH = re.compile(r"[^\x00-\x7f]|[?#]")
_ILLEGAL_IN_QUERY = re.compile(r"[^\x00-\x7f]|#")


def escape_illegal_path(path: str) -> str:
    """A path as the client sent it."""
    return _ILLEGAL_IN_PATH.sub(_percent, latin1(path)) or "/"


def escape_illegal_prefix(prefix: str) -> str:
    """A part of the path that is not the client's, such as a stage."""
    return _ILLEGAL_IN_PREFIX.sub(_percent, latin1(prefix)) or "/"


def escape_decoded_path(path: str) -> tuple[str, str]:
    """The path escaped, and as it is."""
    decoded = latin1(path) or "/"
    if decoded == "*":
        return decoded, "/*"
    return _ILLEGAL_IN_DECODED_PATH.sub(_percent, decoded), decoded


def is_decoded_path(path: str) -> bool:
    """Whether a client cannot have sent this path, so that something must have decoded it."""
    return _ILLEGAL_IN_DECODED_PATH.search(latin1(path)) is not None


def escape_query(query: str) -> str:
    return _ILLEGAL_IN_QUERY.sub(_percent, latin1(query))


def _percent(match: re.Match[str]) -> str:
    return f"%{ord(match.group()):02X}"
