"""Requests that must not reach the app, since no front door sends them.

All kinds of apps are protected alike, since few would check: docs/decisions/0013-requests-that-no-door-sends-are-refused.md.
"""

from __future__ import annotations

# RFC 9110, 5.6.2: a method is a token. It is in capitals here.
_TOKEN = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def problem_of_target(method: str, path: str, query: str) -> str | None:
    """What the log says of a request that is refused; None for one that the app gets."""
    target = path + query
    # Not the form `http://host/path`, which only proxies get.
    is_rooted = path.startswith("/") or (target == "*" and method == "OPTIONS")
    if not is_rooted or " " in target or not target.isprintable():
        return "the request target must begin with a slash and have neither spaces nor control characters"
    if not method or method.strip(_TOKEN):
        return "the method of the request must be a token"
    return None
