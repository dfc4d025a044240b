"""The HTTP request in an event, whichever door sent it, and how its parts are read.

Fields of an event may be null, missing or of another type than documented: the console's test
button sends null maps, health checks leave most fields out, and people invoke functions by hand.

Most requests are made of plain ASCII, so each part is looked at once for that. Regular expressions
are for the rest, and are made when they are first needed: a cold start pays for each of them.
It pays for each module too, which is why what all formats need is in this one.
"""

from __future__ import annotations

import binascii
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping
    from typing import Any

    Event = Mapping[str, Any]


class BadEvent(ValueError):
    """The event is not what a front door sends. The message names the field and what it held."""


class NotAnHttpEvent(BadEvent):
    """No front door sends such an event. The message names its keys."""


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
        "names",
        "path",
        "query",
        "raw_path",
        "repeated",
        "scheme",
    )

    def __init__(
        self,
        names: HeaderNames,
        method: str,
        path: RequestPath,
        query: str,
        headers: tuple[dict[Any, str], dict[Any, list[str]] | None],
        body: bytes,
        client_address: str,
        domain_name: str = "",
        trust_forwarded_host: bool = False,
    ) -> None:
        #: What the app calls each header.
        self.names = names
        self.method = method
        #: Percent-encoded, without the mount prefix and the query. Starts with a slash.
        self.raw_path = path.raw
        #: `raw_path` decoded once.
        self.path = path.decoded
        #: Where the app is mounted: starts with a slash and ends without one, or is empty.
        self.mount_prefix = path.mount
        #: Percent-encoded, without its question mark.
        self.query = query
        fields, repeated = headers
        #: Repetitions are joined by a comma, and cookies are one header.
        self.headers = fields
        #: The values of each name that came more than once.
        self.repeated = repeated
        self.body = body
        #: `0.0.0.0` when the door does not say.
        self.client_address = client_address
        if body or names.content_length in fields:
            # REST leaves the length out, and others measure what they have since decoded.
            self._set_header(names.content_length, str(len(body)))
        proto = fields.get(names.forwarded_proto)
        self.scheme = "https" if proto == "https" or proto is None or proto.lower() != "http" else "http"
        host = fields.get(names.host)
        if host is None or trust_forwarded_host:
            host = self._settle_host(domain_name, trust_forwarded_host)
        #: With its port, if the client named one.
        self.host = host

    def server_address(self) -> tuple[str, int]:
        """Host name and port of this server, as the client addressed it."""
        name, port = _split_host(self.host)
        if port is not None:
            return name, port
        key = self.names.forwarded_port
        if key in self.headers:
            values = self.repeated.get(key) if self.repeated else None
            for value in values or (self.headers[key],):
                if value.isascii() and value.isdecimal():
                    return name, int(value)
        return name, 443 if self.scheme == "https" else 80

    def _set_header(self, key: Any, value: str) -> None:
        self.headers[key] = value
        if self.repeated:
            self.repeated.pop(key, None)

    def _settle_host(self, domain_name: str, trust_forwarded_host: bool) -> str:
        """The host that the client addressed, which is then the `host` header as well."""
        if trust_forwarded_host:
            claimed = self.headers.get(self.names["x-forwarded-host"], "").split(",")[0].strip()
            # It comes from outside, so it must at least look like a host.
            if _is_host(claimed):
                self._set_header(self.names.host, claimed)
                return claimed
        host = self.headers.get(self.names.host)
        if host is None:
            # An ALB's health check and the console's test button have none; HTTP/1.1 apps expect one.
            host = self.headers[self.names.host] = latin1(domain_name) if _is_host(domain_name) else "localhost"
        return host


@lru_cache(maxsize=256)
def _split_host(host: str) -> tuple[str, int | None]:
    name, colon, port = host.rpartition(":")
    if colon and port.isdecimal() and (":" not in name or name.endswith("]")):
        return name, int(port)
    return host, None


@lru_cache(maxsize=64)
def _is_host(value: str) -> bool:
    import re

    return re.fullmatch(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?", value) is not None


# Fields


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:
    """A scalar as text; anything that is not a scalar is empty."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else ""


def texts(value: Any) -> list[str]:
    """A list's scalars as text, or the one scalar; nulls are left out."""
    values = value if isinstance(value, list) else [value]
    return [text(item) for item in values if isinstance(item, (str, int, float))]


def latin1(value: str) -> str:
    """The text's UTF-8 bytes read as Latin-1: what a server reads from the wire."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode("latin-1")


# Headers

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
_TOKEN = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
_WHITESPACE = " \t\n\r\v\f\x1c\x1d\x1e\x1f"


class HeaderNames(dict[str, "Any"]):
    """What an app calls each header, by the name that an event has for it; None for one that it must not see.

    Names are looked at once, and apps get them in the form that their interface wants.
    """

    def __init__(self, to_app: Callable[[str], Any]) -> None:
        self._to_app = to_app
        self.host = self["host"]
        self.cookie = self["cookie"]
        self.content_length = self["content-length"]
        self.forwarded_for = self["x-forwarded-for"]
        self.forwarded_port = self["x-forwarded-port"]
        self.forwarded_proto = self["x-forwarded-proto"]

    def __missing__(self, name: str) -> Any:
        lower = name.lower()
        found = None if lower in _OURS_ALONE or lower.strip(_TOKEN) or not lower else self._to_app(lower)
        # Clients choose names: what is kept has its limit.
        if len(self) < 1024 and len(name) < 128:
            self[name] = found
        return found


def read_headers(
    names: HeaderNames, single: Any, multi: Any = None, cookies: list[str] | None = None
) -> tuple[dict[Any, str], dict[Any, list[str]] | None]:
    """The headers of a request as the app sees them, without those that only we may set, and all values of those that
    are repeated.

    Merges an event's two header maps; for a name that is in both, the list has every value.

    `cookies` that the event lists beside its headers take the place of those in its headers.
    """
    # Headers as nearly all are: ASCII without line breaks, every name with one value.
    plain = single if isinstance(single, dict) else {}
    try:
        if multi is not None:
            # A REST API sends all headers twice.
            if not isinstance(multi, dict) or not plain.keys() <= multi.keys():
                raise TypeError
            plain = {name: value for name, [value] in multi.items()}
        every = "".join(plain.values())
    except (TypeError, ValueError):
        return _read_any(names, mapping(single), mapping(multi), cookies)
    if not every.isascii() or "\r" in every or "\n" in every or "\0" in every:
        return _read_any(names, mapping(single), mapping(multi), cookies)
    fields = {names[name]: value.strip() for name, value in plain.items()}
    if len(fields) != len(plain):
        return _read_any(names, mapping(single), mapping(multi), cookies)
    if None in fields:
        del fields[None]
    if cookies:
        fields[names.cookie] = _field_value("; ".join(cookies))
    return fields, None


def _read_any(
    names: HeaderNames, single: Mapping[str, Any], multi: Mapping[str, Any], cookies: list[str] | None
) -> tuple[dict[Any, str], dict[Any, list[str]]]:
    found: dict[Any, list[str]] = {}
    listed: set[str] = set()
    for name, values in multi.items():
        if values is not None and (kept := texts(values)):
            listed.add(name.lower())
            found.setdefault(names[name], []).extend(kept)
    for name, value in single.items():
        if value is not None and name.lower() not in listed:
            # Lattice v2 has lists in its only map.
            found.setdefault(names[name], []).extend(texts(value) if isinstance(value, list) else [text(value)])
    found.pop(None, None)
    found_cookies = cookies or found.pop(names.cookie, None)
    mended = {name: [_field_value(value) for value in values] for name, values in found.items() if values}
    if found_cookies:
        # HTTP/2 splits them and RFC 9113, 8.2.3 wants them joined again before an app sees them.
        mended[names.cookie] = [_field_value("; ".join(found_cookies))]
    fields = {name: ", ".join(values) for name, values in mended.items()}
    return fields, {name: values for name, values in mended.items() if len(values) > 1}


def _field_value(value: str) -> str:
    if "\r" in value or "\n" in value or "\0" in value:
        import re

        value = re.sub(r"[\r\n\0]+", " ", value)
    # Not the no-break space, which is half a character in Latin-1 readings of UTF-8.
    return latin1(value).strip(_WHITESPACE)


# Path and query


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


def read_encoded_path(path: str) -> RequestPath:
    """A path as the client sent it. It is never resolved: `//evil.example/x` stays a path."""
    if "%" in path or not _is_plain_path(path):
        path = escape_path(path)
        return RequestPath(path, unquote_latin1(path))
    return RequestPath(path, path)


def read_decoded_path(path: str) -> RequestPath:
    """A path that the door has decoded. What looks like an escape in it may have been one or not
    (`%2F` and `%25` cannot be told from what they stood for), so it is not decoded again."""
    if "%" not in path and _is_plain_path(path):
        return RequestPath(path, path)
    decoded = _rooted(latin1(path))
    return RequestPath(_escape(_ILLEGAL_OR_LONE_PERCENT, decoded), decoded)


def read_disputed_path(path: str) -> RequestPath:
    """An HTTP API's payload 1.0: documentation and reports differ on whether the path is decoded."""
    if "%" not in path and _is_plain_path(path):
        return RequestPath(path, path)
    import re

    is_decoded = re.search(_ILLEGAL_OR_LONE_PERCENT, latin1(path)) is not None
    return read_decoded_path(path) if is_decoded else read_encoded_path(path)


def escape_path(path: str) -> str:
    """A path as the client sent it, whatever it holds."""
    return path if _is_plain_path(path) else _rooted(_escape(_ILLEGAL, latin1(path)))


def read_encoded_query(query: str) -> str:
    """A query as the client sent it, whatever it holds."""
    if not query or (query.isascii() and query.isprintable() and " " not in query and "#" not in query):
        return query
    return _escape(_ILLEGAL_IN_QUERY, latin1(query))


def unquote_latin1(value: str) -> str:
    if "%" not in value:
        return value
    from urllib.parse import unquote_to_bytes

    return unquote_to_bytes(value).decode("latin-1")


# What may not stand in the path of a request target (RFC 9112, 3.2): space, control and
# non-ASCII characters, `?` and `#`.
_ILLEGAL = r"[^\x21-\x7e]|[?#]"
_ILLEGAL_OR_LONE_PERCENT = r"[^\x21-\x7e]|[?#]|%(?![0-9A-Fa-f]{2})"
_ILLEGAL_IN_QUERY = r"[^\x21-\x7e]|#"


def _is_plain_path(path: str) -> bool:
    """Whether it starts with a slash, and no character needs a closer look but `%`."""
    return (
        path.isascii()
        and path.isprintable()
        and path.startswith("/")
        and " " not in path
        and "?" not in path
        and "#" not in path
    )


def _escape(illegal: str, value: str) -> str:
    import re

    return re.sub(illegal, _percent, value)


def _percent(match: re.Match[str]) -> str:
    return f"%{ord(match.group()):02X}"


def _rooted(path: str) -> str:
    return path if path.startswith("/") else "/" + path


# Body and client


def read_body(body: Any, is_base64: Any) -> bytes:
    """Raises `BadEvent` for a body that is no text, or not the base64 that it says it is."""
    if body is None:
        return b""
    if isinstance(body, bytes):
        # Not from Lambda, but from a user's tests, which apig-wsgi let pass.
        body = body.decode("latin-1") if is_base64 else body.decode("utf-8", "replace")
    if not isinstance(body, str):
        raise BadEvent(f"the event's body must be a string or null, got {type(body).__name__}")
    if not is_base64:
        return body.encode("utf-8", "replace")
    try:
        return binascii.a2b_base64(body)
    except ValueError as error:
        raise BadEvent(f"the event's body is not the base64 that isBase64Encoded says it is: {error}") from error


#: A valid address that no rule trusts, unlike 127.0.0.1.
UNKNOWN_ADDRESS = "0.0.0.0"


@lru_cache(maxsize=256)
def read_address(claimed: str) -> str:
    """An address without its port; `0.0.0.0` for anything else (the console sends `test-invoke-source-ip`)."""
    address = claimed.strip()
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    # Another millisecond of every cold start, were it imported above.
    import ipaddress

    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return UNKNOWN_ADDRESS


def read_last_forwarded(forwarded_for: str | None) -> str:
    """The last entry is the one that the load balancer added; those before it are the client's own claim.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
    """
    return read_address((forwarded_for or "").rpartition(",")[2])
