"""Paths and queries with characters that a request target must not hold (RFC 9112, 3.2)."""

from __future__ import annotations

import re

from . import latin1

# Space, control and non-ASCII characters, `?` and `#`.
_ILLEGAL_IN_PATH = re.compile(r"[^\x21-\x7e]|[?#]")
_ILLEGAL_IN_DECODED_PATH = re.compile(r"[^\x21-\x7e]|[?#]|%(?![0-9A-Fa-f]{2})")
_ILLEGAL_IN_QUERY = re.compile(r"[^\x21-\x7e]|#")


def escape_illegal_path(path: str) -> str:
    return _rooted(_ILLEGAL_IN_PATH.sub(_percent, latin1(path)))


def escape_decoded_path(path: str) -> tuple[str, str]:
    """The path escaped, and as it is."""
    decoded = _rooted(latin1(path))
    return _ILLEGAL_IN_DECODED_PATH.sub(_percent, decoded), decoded


def is_decoded_path(path: str) -> bool:
    """Whether a client cannot have sent this path, so that something must have decoded it."""
    return _ILLEGAL_IN_DECODED_PATH.search(latin1(path)) is not None


def escape_query(query: str) -> str:
    return _ILLEGAL_IN_QUERY.sub(_percent, latin1(query))


def _percent(match: re.Match[str]) -> str:
    return f"%{ord(match.group()):02X}"


def _rooted(path: str) -> str:
    return path if path.startswith("/") else "/" + path
