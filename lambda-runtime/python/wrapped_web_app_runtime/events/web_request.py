"""The HTTP request in an event, and how its headers and its path are read.

Most requests are plain ASCII, so each part is checked for that once. What the others need is in `irregular_headers`,
`escape` and `refusal`, which are loaded when they are first needed. The rest is one module, since every module costs
each cold start about 80 µs.
"""

from __future__ import annotations

from functools import lru_cache

from ..respond import NameTable
from . import mapping
from .connection_facts import fallback_host, forwarded_host, is_host, scheme_of, server_address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..settings import DoorSettings

    #: The values by lower-case names, repetitions joined; the values of each name that came more than once; and why no
    #: front door sends such headers, if none does.
    Headers = tuple[dict[str, str], dict[str, list[str]] | None, str | None]


#: Those that need no closer look.
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


class WebRequest:
    """What a plain HTTP server would have read from the connection.

    Strings are Latin-1 readings of the bytes on the wire, as WSGI has them.
    """

    # No dataclass: that takes half a millisecond of every cold start.
    __slots__ = (
        "body",
        "client_address",
        "headers",
        "host",
        "method",
        "mount_prefix",
        "path",
        "problem",
        "query",
        "raw_path",
        "repeated",
        "scheme",
    )

    def __init__(
        self,
        method: str,
        path: RequestPath,
        query: str,
        headers: Headers,
        body: bytes,
        client_address: str,
        domain_name: str = "",
        trust_forwarded_host: bool = False,
    ) -> None:
        self.method = method
        #: Percent-encoded, without the mount prefix and the query. Starts with a slash, or is `*` for the server as a whole.
        self.raw_path = path.raw
        #: `raw_path` decoded once. Starts with a slash, also for the server as a whole, since WSGI has no path without one.
        self.path = path.decoded
        #: Where the app is mounted: starts with a slash and ends without one, or is empty.
        self.mount_prefix = path.mount
        #: Percent-encoded, without its question mark.
        self.query = query
        fields, repeated, problem = headers
        #: By lower-case names. Repetitions are joined with a comma, and cookies are one header.
        self.headers = fields
        #: The values of each name that came more than once.
        self.repeated = repeated
        self.body = body
        #: `0.0.0.0` when the event does not say.
        self.client_address = client_address
        if body or "content-length" in fields:
            # REST APIs leave the length out. Others give that of a body which they have decoded since.
            self._set_header("content-length", str(len(body)))
        elif method in ("POST", "PUT", "PATCH"):
            # As browsers send it: https://www.rfc-editor.org/rfc/rfc9110#section-8.6
            fields["content-length"] = "0"
        proto = fields.get("x-forwarded-proto")
        self.scheme = "https" if proto == "https" or proto is None else scheme_of(proto)
        host = fields.get("host")
        if host and (not is_host(host) or (repeated and "host" in repeated)):
            problem = "the host header must be one host name or address, with or without a port"
        if not host or trust_forwarded_host:
            host = self._choose_host(domain_name, trust_forwarded_host)
        #: With its port, if the client named one.
        self.host = host
        target = path.raw + query
        if not (method in _METHODS and target.startswith("/") and target.isprintable() and " " not in target):
            from .refusal import problem_of_target

            problem = problem or problem_of_target(method, path.raw, query)
        #: Why no front door sends such a request; None if one could. It is then refused.
        self.problem = problem

    def server_address(self) -> tuple[str, int]:
        """Host name and port of this server, as the client addressed it."""
        ports: Any = self.headers.get("x-forwarded-port")
        if ports == "443" and ":" not in self.host:
            return self.host, 443
        if self.repeated and "x-forwarded-port" in self.repeated:
            ports = tuple(self.repeated["x-forwarded-port"])
        return server_address(self.host, ports, self.scheme)

    def _set_header(self, name: str, value: str) -> None:
        self.headers[name] = value
        if self.repeated:
            self.repeated.pop(name, None)

    def _choose_host(self, domain_name: str, trust_forwarded_host: bool) -> str:
        """The host that the client addressed, which then is the `host` header as well."""
        if trust_forwarded_host:
            claimed = forwarded_host(self.headers.get("x-forwarded-host", ""))
            if claimed is not None:
                self._set_header("host", claimed)
                return claimed
        host = self.headers.get("host")
        if not host:
            # An ALB's health check and the console's test button send none; HTTP/1.1 apps expect one.
            host = self.headers["host"] = fallback_host(domain_name)
        return host


# Headers

#: Tells an app that no client sent a request: its value is `event` on those made of an event of another service, and
#: `warm-up` on the one of the init phase.
SOURCE_HEADER = "x-wrapped-web-app-source"

#: Headers that only AWS or this runtime may set, and the doors that set them. They are removed from the requests of
#: clients through all other doors, so that the app can trust them. A name that ends with `*` stands for all names that
#: begin so. `lambda-runtime/contract.json` has the same list, with the page of each header.
PLATFORM_HEADERS: dict[str, tuple[str, ...]] = {
    "x-amzn-request-context": (),
    "x-amzn-lambda-context": (),
    "x-amz-tenant-id": (),
    "x-apigateway-event": (),
    "x-amzn-oidc-*": ("alb",),
    "x-amzn-mtls-*": ("alb",),
    "x-amzn-lattice-*": ("vpc-lattice",),
    "x-forwarded-prefix": (),
    SOURCE_HEADER: (),
    "x-wrapped-web-app-cdn-secret": (),
    "x-wrapped-web-app-viewer-*": (),
}
# RFC 9110, 5.6.2: a field name is a token.
_TOKEN = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"


class HeaderNames(NameTable):
    """Lower-case names by the names in the events of one source; empty for a header that the app must not see."""

    __slots__ = ("_forbidden", "_forbidden_prefixes", "unchanged")

    def __init__(self, source: str = "") -> None:
        super().__init__()
        # Transfer-encoding ended at the front door: the event has the whole body.
        forbidden = ["transfer-encoding", *(name for name, doors in PLATFORM_HEADERS.items() if source not in doors)]
        self._forbidden = frozenset(forbidden)
        self._forbidden_prefixes = tuple(name[:-1] for name in forbidden if name.endswith("*"))
        #: The known names that the app sees as they are. Most events have no others.
        self.unchanged: set[str] = set()

    def __getitem__(self, name: Any) -> str:
        found = super().__getitem__(name)
        if found == name != "" and name in self.known:
            self.unchanged.add(name)
        return found

    def convert(self, name: str) -> str:
        lower = name.lower()
        is_token = name.isascii() and lower and not lower.strip(_TOKEN)
        return "" if not is_token or lower in self._forbidden or lower.startswith(self._forbidden_prefixes) else lower


_header_names = HeaderNames()


def read_headers(
    single: Any, multi: Any = None, cookie: str = "", names: HeaderNames = _header_names
) -> Headers:
    """The headers of a request, without those that only the platform may set.

    :param single: the map with one value for each name.
    :param multi: the map with a list for each name. For a name in both maps the list has every value.
    :param cookie: the cookies that the event lists beside its headers; they replace those in the headers.
    """
    # In nearly all requests every name has one value, of ASCII without line breaks and without whitespace around it.
    plain = single if isinstance(single, dict) else {}
    known = names.known
    try:
        if multi is None:
            is_unchanged = names.unchanged.issuperset(plain)
            fields = plain.copy() if is_unchanged else {known[name]: value for name, value in plain.items()}
        elif isinstance(multi, dict) and plain.keys() <= multi.keys():
            # A REST API sends all headers twice.
            plain = multi
            fields = {known[name]: value for name, [value] in multi.items()}
        else:
            raise TypeError
        if len(fields) == len(plain) and "" not in fields:
            if cookie:
                fields["cookie"] = cookie
            every = " ".join(("", *fields.values(), ""))
            if (
                every.isascii()
                and "\r" not in every
                and "\n" not in every
                and "\0" not in every
                # Signs of whitespace around a value, or of no value.
                and "\t" not in every
                and "  " not in every
            ):
                return fields, None, None
    except KeyError:
        if names.learn(plain):
            return read_headers(single, multi, cookie, names)
    except (TypeError, ValueError):
        pass
    from .irregular_headers import read_irregular_headers

    return read_irregular_headers(mapping(single), mapping(multi), cookie, names)


def join_cookies(cookies: Any) -> str:
    """The cookies that an event lists as one header."""
    if not isinstance(cookies, list):
        return ""
    try:
        if "" not in cookies:
            return "; ".join(cookies)
    except TypeError:
        pass
    return "; ".join(cookie for cookie in cookies if isinstance(cookie, str) and cookie)


# Path and query

#: All visible ASCII characters but `#`, `%` and `?`.
_PLAIN = bytes(code for code in range(0x21, 0x7F) if code not in b"#%?")


class RequestPath:
    """Both strings are Latin-1 readings of bytes; `mount` is the part of the URL before `raw`. For the server as a whole they
    are `*` and `/*`."""

    __slots__ = ("decoded", "mount", "raw")

    def __init__(self, raw: str, decoded: str, mount: str = "") -> None:
        self.raw = raw
        self.decoded = decoded
        self.mount = mount

    def without(self, prefix: str) -> RequestPath:
        """Moves a percent-encoded prefix to the mount, once, on a segment boundary."""
        if not prefix or not (self.raw == prefix or self.raw.startswith(prefix + "/")):
            return self
        return RequestPath(
            self.raw[len(prefix) :] or "/",
            self.decoded[len(unquote_latin1(prefix)) :] or "/",
            self.mount + prefix,
        )

    def below(self, door: DoorSettings | None) -> RequestPath:
        """The path below the mount prefix of a door."""
        return self if door is None else self.without(door.mount_prefix)

    def on_custom_domain(self, stage_prefix: str, mapping_key: str) -> RequestPath:
        """The path of an HTTP API on a custom domain, where the client's URL has the mapping key and no stage."""
        # Events normally have no key; some sources say that they do, before or after the stage, so it is removed there:
        # https://github.com/CodeGenieApp/serverless-express/issues/465
        if not mapping_key:
            return RequestPath(self.raw, self.decoded)
        key = escape_path(f"/{mapping_key}")
        below = self.without(key)
        below = below if self.mount or below is self else below.without(stage_prefix)
        return RequestPath(below.raw, below.decoded, key)


def read_encoded_path(path: str) -> RequestPath:
    """A path as the client sent it. It is never resolved: `//evil.example/x` stays a path. Spaces and control characters
    stay too: such a request is refused."""
    if not (path.isascii() and path.startswith("/") and "?" not in path and "#" not in path):
        from .escape import escape_illegal_path

        path = escape_illegal_path(path)
        if path == "*":
            return RequestPath(path, "/*")
    elif "%" not in path:
        return RequestPath(path, path)
    return RequestPath(path, unquote_latin1(path))


def read_decoded_path(path: str) -> RequestPath:
    """A path that the front door has decoded. It is not decoded again: the client may have sent `%252F` where the
    event has `%2F`."""
    if path.startswith("/") and path.isascii() and not path.encode().translate(None, _PLAIN):
        return RequestPath(path, path)
    from .escape import escape_decoded_path

    return RequestPath(*escape_decoded_path(path))


@lru_cache(maxsize=64)
def escape_path(prefix: str) -> str:
    """Escapes what a path must not hold, in a part of it that is not the client's."""
    if prefix.isascii() and not prefix.encode().translate(None, _PLAIN):
        return prefix
    from .escape import escape_illegal_prefix

    return escape_illegal_prefix(prefix)


def read_encoded_query(query: str) -> str:
    """A query as the client sent it. Escapes what a query must not hold, but for spaces and control characters."""
    if query.isascii() and "#" not in query:
        return query
    from .escape import escape_query

    return escape_query(query)


def unquote_latin1(value: str) -> str:
    if "%" not in value:
        return value
    from urllib.parse import unquote_to_bytes

    return unquote_to_bytes(value).decode("latin-1")
