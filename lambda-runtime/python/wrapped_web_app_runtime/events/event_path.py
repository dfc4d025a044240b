"""The path to which events of other services are posted, and everything below it.

Clients must not reach it in any spelling that an app, a router or a URL parser may take for it:

- escaped (even several times), in another letter case, with characters that URL parsers skip;
- with empty segments, dot segments, backslashes or parameters (`/events;a=1`);
- after an authority: `urlsplit("//evil.example/events").path` is `/events`;
- below it, even where dots lead out again: Starlette's `Mount("/events")` takes `/events/..`.

The Node runtime's `events/event-path.ts` does the same, and both are tested with one table. It is the second line of
defence: only requests that the runtime makes of events carry its source header.
"""

from __future__ import annotations

import re
import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .web_request import WebRequest

#: Most paths: no escapes, empty segments, dots or parameters that some framework could read in another way.
_PLAIN_PATH = re.compile(r"(?:/[\w-][\w.-]*)*/?", re.ASCII)
#: `%25` is an escaped percent sign: `%252565` is `e`, escaped three times.
_ESCAPE = re.compile(r"%(?:25)*([0-9A-Fa-f]{2})")
#: A path that is still escaped after so many rounds was not made by any client that wants an answer.
_MOST_ROUNDS = 5


class EventPath:
    """Tells requests of clients for the path from all others."""

    __slots__ = ("_plain", "_segments")

    def __init__(self, path: str) -> None:
        self._segments = [segment for segment in _segments_of(_normalize(path) or "") if segment]
        self._plain = "/" + "/".join(self._segments)

    def is_target_of(self, request: WebRequest) -> bool:
        """Whether an app could take the request of a client for one that was made of an event."""
        # Some apps do not know their mount point, and route on the whole path.
        path, mount = request.raw_path, request.mount_prefix
        return self.has(path) or (mount != "" and self.has(mount + path))

    def has(self, path: str) -> bool:
        """:param path: the path of a client's request, percent-encoded."""
        if _PLAIN_PATH.fullmatch(path):
            lower = path.lower()
            return lower.startswith(self._plain) and lower[len(self._plain) :][:1] in ("", "/")
        normal = _normalize(path)
        return normal is None or self._is_in(normal) or self._is_in(re.split(r"[?#]", normal, maxsplit=1)[0])

    def _is_in(self, path: str) -> bool:
        """Whether the way through the segments, with dots resolved, comes to the event path.

        Empty segments are segments to a URL parser, and nothing to most routers. A parser also takes the first segment
        after two slashes for a host.
        """
        segments = _segments_of(path)
        wanted = self._segments
        has_host = False
        for kept in (segments, [segment for segment in segments if segment]):
            way: list[str] = []
            named: list[str] = []
            for segment in kept:
                if segment == "..":
                    if way and way.pop() != "":
                        named.pop()
                elif segment != ".":
                    way.append(segment)
                    if segment:
                        named.append(segment)
                has_host = has_host or (bool(way) and way[0] == "")
                if named == wanted or (has_host and len(named) == len(wanted) + 1 and named[1:] == wanted):
                    return True
        return False


def _segments_of(path: str) -> list[str]:
    """The segments after the first slash, without their parameters."""
    segments = [re.split(r"[;?#]", segment, maxsplit=1)[0] for segment in path.split("/")]
    return segments[1:] if path.startswith("/") else segments


def _normalize(path: str) -> str | None:
    """Unescaped, in lower case, with slashes only. None if the path is escaped too often."""
    rounds = 0
    while "%" in path:
        unescaped = _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), path)
        if unescaped == path:
            break
        if rounds == _MOST_ROUNDS:
            return None
        rounds += 1
        path = unescaped
    text = unicodedata.normalize("NFKC", path.encode("latin-1", "replace").decode("utf-8", "replace")).lower()
    return re.sub(r"[\x00- \x7f]", "", text.replace("\\", "/"))
