"""Renders the app's response as the result that its front door takes.

This is one module because every app needs all of it, and each module costs every cold start about 80 µs. What few
responses need is in `limits` and `other_event_reply`.
"""

from __future__ import annotations

import binascii
from codecs import utf_8_decode
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any, Protocol

    from ..events.event_format import EventFormat

    HeaderList = list[tuple[str, str]]

    class ResponseSink(Protocol):
        """Where an app's response goes: `start` once, `write` for every piece of the body, `end` once.

        `header_bytes` are at least as many as the names and values of the headers have.
        """

        #: The response cannot be sent: its client gets 502 and this message.
        refusal: ResponseTooLarge | None

        def start(self, status: int, reason: str, headers: HeaderList, header_bytes: int) -> None: ...

        def write(self, chunk: bytes) -> None: ...

        def end(self) -> None: ...


#: Content types that are sent as text, by prefix: what apig-wsgi documents.
TEXT_PREFIXES = ("text/", "application/json", "application/problem+json", "application/vnd.api+json")

#: A buffered response of Lambda's, in bytes of JSON.
#: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LAMBDA_RESPONSE_LIMIT = 6_291_556
#: Bytes of header names and values.
#: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
API_GATEWAY_HEADER_LIMIT = 10_240

#: The content type and the length that may be added to the app's headers have fewer bytes.
_ADDED_BYTES = 64
# They are about the connection between client and front door, which the app has no part in.
_HOP_BY_HOP = frozenset(("transfer-encoding", "connection", "keep-alive"))
_UTF8_CHARSETS = frozenset(("utf-8", "utf8", "us-ascii", "ascii"))
# RFC 9110, 5.6.2: a field name is a token.
_TOKEN = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
PRINTABLE = bytes(range(0x20, 0x7F))
_WHITESPACE = " \t\n\r\v\f\x1c\x1d\x1e\x1f"


class ResponseTooLarge(Exception):
    """The front door does not take a response of this size. The message has the size and the limit."""


class BinaryNotSupported(Exception):
    """The app sent bytes that are not text, and the front door takes only text."""


class BufferedSink:
    """Keeps a response until it is whole. Header values are Latin-1 readings of the bytes that the app sent."""

    __slots__ = ("_format", "_left", "_method", "chunks", "header_bytes", "headers", "reason", "refusal", "status")

    def __init__(self, event_format: EventFormat | None = None, method: str = "") -> None:
        #: 0 before the start.
        self.status = 0
        #: The pieces of the body.
        self.chunks: list[bytes] = []
        self._format = event_format
        self._method = method
        #: The bytes that the front door takes yet. JSON and base64 only make a body larger.
        self._left = LAMBDA_RESPONSE_LIMIT if event_format is None else event_format.response_limit
        self.refusal: ResponseTooLarge | None = None

    def start(self, status: int, reason: str, headers: HeaderList, header_bytes: int) -> None:
        self.status = status
        self.reason = reason
        self.headers = headers
        self.header_bytes = header_bytes

    def write(self, chunk: bytes) -> None:
        """Raises `ResponseTooLarge` into the app, which may never stop otherwise."""
        self._left -= len(chunk)
        if self._left < 0:
            self._overflow()
        else:
            self.chunks.append(chunk)

    def end(self) -> None:
        """The response is rendered later, as a whole."""

    def body(self) -> bytes:
        return b"".join(self.chunks)

    def _overflow(self) -> None:
        self.chunks.clear()
        if self.status and has_no_body(self.status, self._method):
            # Nobody gets this body, however large it is.
            self._left = LAMBDA_RESPONSE_LIMIT
            return
        from .limits import describe_excess

        limit = LAMBDA_RESPONSE_LIMIT if self._format is None else self._format.response_limit
        self.refusal = ResponseTooLarge(describe_excess(f"more than {limit}", limit, self._format))
        raise self.refusal


class ResponseHeaders:
    """The headers of a response, sorted for the maps of a result."""

    __slots__ = ("are_repeated", "cookies", "fields", "pairs")

    def __init__(self, pairs: HeaderList) -> None:
        self.pairs = pairs
        #: All but cookies. Of names that come more than once, the last value only.
        self.fields = fields = dict(pairs)
        self.cookies: list[str] = []
        count = len(fields)
        if "set-cookie" in fields:
            del fields["set-cookie"]
            self.cookies = [value for name, value in pairs if name == "set-cookie"]
            count += len(self.cookies) - 1
        #: Whether a name other than set-cookie comes more than once.
        self.are_repeated = count != len(pairs)

    def find(self, name: str) -> str | None:
        """The first value, if there is one."""
        return next((value for found, value in self.pairs if found == name), None)

    def set(self, name: str, value: str) -> None:
        if name in self.fields:
            self.pairs = [pair for pair in self.pairs if pair[0] != name]
        self.pairs.append((name, value))
        self.fields[name] = value

    def group_values(self) -> dict[str, list[str]]:
        """Every name once, with its values in their order."""
        if not self.are_repeated:
            grouped = {name: [value] for name, value in self.fields.items()}
            if self.cookies:
                grouped["set-cookie"] = self.cookies
            return grouped
        grouped = {}
        for name, value in self.pairs:
            grouped.setdefault(name, []).append(value)
        return grouped


class BodyEncoding:
    """Turns a body into the string that a Lambda result has."""

    __slots__ = ("_is_text", "binary_support", "text_prefixes")

    def __init__(self, binary_support: bool, text_prefixes: Sequence[str] = TEXT_PREFIXES) -> None:
        #: Whether the front door decodes base64.
        self.binary_support = binary_support
        self.text_prefixes = tuple(text_prefixes)
        # Apps have few content types.
        self._is_text = lru_cache(maxsize=256)(self._is_text_type)

    def encode(self, body: bytes, content_type: str, content_encoding: str | None) -> tuple[str, bool]:
        """The body, and whether it is base64. Text stays text where that is possible.

        Raises `BinaryNotSupported` rather than send damaged bytes.
        """
        if not self.binary_support:
            return self._encode_as_text(body, content_type), False
        if self._is_text(content_type) and (not content_encoding or content_encoding.lower() == "identity"):
            try:
                return body.decode(), False
            except UnicodeDecodeError:
                pass
        return encode_base64(body), True

    def _is_text_type(self, content_type: str) -> bool:
        lower = content_type.lower()
        if not lower.startswith(self.text_prefixes):
            return False
        if "charset" not in lower:
            return True
        import re

        charset = re.search(r";\s*charset\s*=\s*\"?([^\s;\"]+)", lower)
        return charset is None or charset.group(1) in _UTF8_CHARSETS

    def _encode_as_text(self, body: bytes, content_type: str) -> str:
        try:
            return body.decode()
        except UnicodeDecodeError as error:
            raise BinaryNotSupported(
                f"the response is binary ({content_type or 'no content type'}) and binary support is off: "
                "set binaryMediaTypes to ['*/*'] on the REST API and pass binary_support=True"
            ) from error


def encode_base64(body: bytes) -> str:
    return binascii.b2a_base64(body, newline=False).decode("ascii")


def render_response(
    response: BufferedSink, method: str, event_format: EventFormat, encoding: BodyEncoding
) -> dict[str, Any]:
    """A whole response as the result that the front door takes.

    Raises `BinaryNotSupported` or `ResponseTooLarge` when it takes no such response.
    """
    status, pairs, body = response.status, response.headers, b"".join(response.chunks)
    text, is_base64 = "", False
    if status == 204 or status == 304 or method == "HEAD":
        headers = ResponseHeaders(drop_forbidden_length(status, pairs))
    else:
        headers = ResponseHeaders(pairs)
        fields = headers.fields
        if body and "content-type" not in fields:
            # Every front door would guess another one.
            headers.set("content-type", guess_content_type(body))
        if not event_format.sets_content_length or "content-length" in fields:
            # Of the body as sent.
            length = str(len(body))
            if fields.get("content-length") != length or headers.are_repeated:
                headers.set("content-length", length)
        if body:
            content_type, content_encoding = fields["content-type"], fields.get("content-encoding")
            if headers.are_repeated:
                # The first counts.
                content_type, content_encoding = headers.find("content-type") or "", headers.find("content-encoding")
            text, is_base64 = encoding.encode(body, content_type, content_encoding)
    result = event_format.render(status, response.reason, headers, text, is_base64)
    # Most responses are so far below the limits that nothing has to be counted. A character takes up to six bytes of JSON.
    header_bytes = response.header_bytes + _ADDED_BYTES
    if event_format.header_limit is not None and header_bytes > event_format.header_limit:
        from .limits import check_header_limit

        check_header_limit(headers, event_format)
    if len(text) * (1 if is_base64 else 6) + header_bytes * 6 + 1024 > event_format.response_limit:
        from .limits import check_response_limit

        check_response_limit(result, event_format, encoding.binary_support)
    return result


def drop_forbidden_length(status: int, pairs: HeaderList) -> HeaderList:
    """A 204 has no length (RFC 9110, 8.6). Responses to HEAD and those with status 304 keep that of the GET."""
    return [pair for pair in pairs if pair[0] != "content-length"] if status == 204 else pairs


def has_no_body(status: int, method: str) -> bool:
    return method == "HEAD" or status == 304 or status == 204


def check_status(status: int) -> int:
    """Raises `ValueError` for a status that no front door sends."""
    if not 200 <= status <= 599:
        raise ValueError(f"the status {status} cannot be sent: front doors take 200 to 599")
    return status


def guess_content_type(body: bytes, is_whole: bool = True) -> str:
    """The type of a body whose app gave none. One that is not whole may end within a character."""
    try:
        utf_8_decode(body, "strict", is_whole)
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "text/plain; charset=utf-8"


def clean_headers(headers: HeaderList) -> tuple[HeaderList, int]:
    """Lower-case names and text, without the headers of the connection; and at least as many bytes as they have.

    Raises `ValueError` for a name that is no token and for a control character in a value: a line break would let it add
    headers of its own, and front doors refuse the others. Raises `TypeError` for a value that is not text.
    """
    every = "".join([value for _, value in headers])
    if every.isascii() and not every.encode().translate(None, PRINTABLE):
        known = field_names.known
        try:
            clean = [(lower, value.strip()) for name, value in headers if (lower := known[name])]
            return clean, len(every) + LONGEST_KNOWN_NAME * len(headers)
        except KeyError:
            clean = [(lower, value.strip()) for name, value in headers if (lower := field_names[name])]
            return clean, _count_bytes(clean)
    clean = []
    for name, value in headers:
        # Not the no-break space, which is half a character in Latin-1 readings of UTF-8.
        value = value.strip(_WHITESPACE)
        if _has_control_character(value):
            raise ValueError(f"the response header {name!r} has a line break or another control character in it: {value!r}")
        if lower := field_names[name]:
            clean.append((lower, _decode_wire_text(value)))
    return clean, _count_bytes(clean)


def _count_bytes(headers: HeaderList) -> int:
    return sum(len(name) + len(value.encode()) for name, value in headers)


#: In characters.
LONGEST_KNOWN_NAME = 127


class NameTable:
    """What becomes of the names of headers. Those that were seen are in `known`: a plain dict is looked up faster than a
    subclass, so a loop over headers reads that, and starts again with the table itself after a `KeyError`."""

    __slots__ = ("known",)

    def __init__(self) -> None:
        self.known: dict[Any, str] = {}

    def __getitem__(self, name: Any) -> str:
        found = self.known.get(name)
        if found is None:
            found = self.convert(name)
            # Clients and apps choose names, so the number and length of those that are kept is limited.
            if len(self.known) < 1024 and len(name) <= LONGEST_KNOWN_NAME:
                self.known[name] = found
        return found

    def learn(self, names: Collection[Any]) -> bool:
        """Whether all of them are known now."""
        for name in names:
            self[name]
        return all(name in self.known for name in names)

    def convert(self, name: Any) -> str:
        """Empty for a header that is left out."""
        raise NotImplementedError


class _FieldNames(NameTable):
    """Lower-case names by the names that the app gave; empty for a header of the connection."""

    __slots__ = ()

    def convert(self, name: str) -> str:
        lower = name.lower()
        if not name.isascii() or not lower or lower.strip(_TOKEN):
            raise ValueError(f"the response header {name!r} must have a name of letters, digits and hyphens, without a line break")
        return "" if lower in _HOP_BY_HOP else lower


field_names = _FieldNames()


def _has_control_character(value: str) -> bool:
    import re

    return re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value) is not None


def _decode_wire_text(value: str) -> str:
    """Header bytes as the text whose UTF-8 they are, since the result is JSON."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        # Raises for half of a surrogate pair, which nobody can send.
        return value.encode().decode()
