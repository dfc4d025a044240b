"""The headers of a request as the app sees them: lower-case names, none that only we may set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .fields import latin1, text, texts

HeaderList = list[tuple[str, str]]

#: The platform and this runtime speak through these; a client's own are somebody posing as them.
_OURS_ALONE = frozenset(
    (
        "x-amzn-request-context",
        "x-amzn-lambda-context",
        "x-amz-tenant-id",
        "x-apigateway-event",
        "x-forwarded-prefix",
        # The door has undone it: the event's body is whole.
        "transfer-encoding",
    )
)
# RFC 9110, 5.6.2: a field name is a token.
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_LINE_BREAKS = re.compile(r"[\r\n\0]+")
_HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")


def read_headers(
    single: Mapping[str, Any], multi: Mapping[str, Any] | None = None, cookies: list[str] | None = None
) -> HeaderList:
    """Merges an event's two header maps; for a name that is in both, the list has every value.

    `cookies` that the event lists beside its headers take the place of those in its headers.
    """
    headers: HeaderList = []
    found_cookies: list[str] = []
    listed: set[str] = set()
    for name, values in (multi or {}).items():
        found = texts(values) if values is not None else []
        if found:
            lower = _field_name(name)
            listed.add(lower or name.lower())
            _add(headers, found_cookies, lower, found)
    for name, value in single.items():
        if value is None:
            continue
        lower = _field_name(name)
        if (lower or name.lower()) in listed:
            continue
        if type(value) is str and lower != "cookie":
            if lower is not None:
                headers.append((lower, _field_value(value)))
        else:
            # Lattice v2 has lists in its only map.
            _add(headers, found_cookies, lower, texts(value) if isinstance(value, list) else [text(value)])
    if cookies or found_cookies:
        # HTTP/2 splits them and RFC 9113, 8.2.3 wants them joined again before an app sees them.
        headers.append(("cookie", _field_value("; ".join(cookies or found_cookies))))
    return headers


def _add(headers: HeaderList, cookies: list[str], name: str | None, values: list[str]) -> None:
    if name == "cookie":
        cookies.extend(values)
    elif name is not None:
        for value in values:
            headers.append((name, _field_value(value)))


@lru_cache(maxsize=1024)
def _field_name(name: str) -> str | None:
    """The name as the app sees it, or None for one that it must not see."""
    lower = name.lower()
    return lower if lower not in _OURS_ALONE and _TOKEN.fullmatch(lower) else None


def _field_value(value: str) -> str:
    # Most values are printable ASCII, in which there is nothing to mend but the edges.
    if value.isascii() and value.isprintable():
        return value.strip(" ")
    return _LINE_BREAKS.sub(" ", latin1(value)).strip()


def find_header(headers: HeaderList, name: str) -> str | None:
    """All values of a header, joined, or None when it is not there."""
    found = None
    for other, value in headers:
        if other == name:
            found = value if found is None else f"{found}, {value}"
    return found


def set_header(headers: HeaderList, name: str, value: str) -> None:
    if find_header(headers, name) is not None:
        headers[:] = [pair for pair in headers if pair[0] != name]
    headers.append((name, value))


def settle_content_length(headers: HeaderList, body: bytes) -> None:
    """REST leaves the length out, and others measure what they have since decoded."""
    if body or find_header(headers, "content-length") is not None:
        set_header(headers, "content-length", str(len(body)))


def settle_host(headers: HeaderList, domain_name: str, trust_forwarded_host: bool) -> str:
    """The host that the client addressed, which is then the `host` header as well."""
    if trust_forwarded_host:
        claimed = (find_header(headers, "x-forwarded-host") or "").split(",")[0].strip()
        # It comes from outside, so it must at least look like a host.
        if _HOST.fullmatch(claimed):
            set_header(headers, "host", claimed)
            return claimed
    host = find_header(headers, "host")
    if host is None:
        # An ALB's health check and the console's test button have none; HTTP/1.1 apps expect one.
        host = latin1(domain_name) if _HOST.fullmatch(domain_name) else "localhost"
        headers.append(("host", host))
    return host


def settle_scheme(headers: HeaderList) -> str:
    return "http" if (find_header(headers, "x-forwarded-proto") or "").lower() == "http" else "https"
