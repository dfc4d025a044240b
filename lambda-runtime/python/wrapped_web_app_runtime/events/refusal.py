"""Requests that must not reach the app: those that no front door sends, and those for the event path.

All kinds of apps are protected alike, since few would check: docs/decisions/0013-requests-that-no-door-sends-are-refused.md.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .event_path import EventPath
    from .web_request import WebRequest

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
# RFC 9110, 5.6.2: a method is a token. It is in capitals here.
_TOKEN = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def refusal_of(request: WebRequest, event_path: EventPath | None) -> tuple[int, str] | None:
    """The status with which a request is refused, and what the log says; None for a request that the app gets."""
    if request.problem is not None:
        return 400, request.problem
    path, query, method = request.raw_path, request.query, request.method
    target = path + query
    # Not the form `http://host/path`, which only proxies get.
    is_rooted = path.startswith("/") or (target == "*" and method == "OPTIONS")
    if not is_rooted or " " in target or not target.isprintable():
        return 400, "the request target must begin with a slash and have neither spaces nor control characters"
    if method not in _METHODS and method.strip(_TOKEN):
        return 400, "the method of the request must be a token"
    if event_path is not None:
        # Some apps do not know their mount point, and route on the whole path.
        mount = request.mount_prefix
        if event_path.has(path) or (mount and event_path.has(mount + path)):
            # Clients must not be able to send a forged event of another service.
            return 404, "a client requested the event path"
    return None
