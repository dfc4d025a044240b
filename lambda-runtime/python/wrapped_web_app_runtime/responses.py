"""From what the app answered to what its front door takes: headers settled, body as text or base64."""

from __future__ import annotations

import binascii
import os
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, Protocol

    from .events.door import Door

    HeaderList = list[tuple[str, str]]

    class ResponseSink(Protocol):
        """Where an app's response goes: `start` once, then `write` for every piece of the body."""

        def start(self, status: int, reason: str, headers: HeaderList) -> None: ...

        @property
        def write(self) -> Callable[[bytes], None]: ...


#: Content types that are text, by prefix: what apig-wsgi documents.
TEXT_PREFIXES = ("text/", "application/json", "application/problem+json", "application/vnd.api+json")

#: A buffered response of Lambda's: 6 MB plus a little, counted in encoded JSON.
#: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LAMBDA_RESPONSE_LIMIT = 6_291_556

# They speak of the connection to the front door, which is not the app's.
_HOP_BY_HOP = frozenset(("transfer-encoding", "connection", "keep-alive"))
_UTF8_CHARSETS = frozenset(("utf-8", "utf8", "us-ascii", "ascii"))
_WHITESPACE = " \t\n\r\v\f\x1c\x1d\x1e\x1f"


class ResponseTooLarge(Exception):
    """The response does not fit through the door; the message names both sizes."""


class BinaryNotSupported(Exception):
    """The app sent bytes that are not text through a door that takes only text."""


class BufferedSink:
    """A response that is kept until it is whole. Header values are Latin-1 readings of the bytes that the app sent."""

    __slots__ = ("_chunks", "headers", "reason", "status", "write")

    def __init__(self) -> None:
        #: 0 before the start.
        self.status = 0
        self._chunks: list[bytes] = []
        self.write: Callable[[bytes], None] = self._chunks.append

    def start(self, status: int, reason: str, headers: HeaderList) -> None:
        self.status = status
        self.reason = reason
        self.headers = headers

    def body(self) -> bytes:
        chunks = self._chunks
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)


class ResponseHeaders:
    """The settled headers of a whole response, sorted for the maps of a result."""

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
        #: Whether other names than that of cookies come more than once.
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

    def spell_once(self) -> dict[str, str]:
        """For a door whose map has one value for each name. Repetitions are joined with a comma, but for cookies,
        which get a spelling each."""
        single: dict[str, str] = {}
        for name, values in self.group_values().items():
            if name == "set-cookie":
                single.update((_spell_variant(name, index), value) for index, value in enumerate(values))
            else:
                single[name] = ", ".join(values)
        return single


def _spell_variant(name: str, index: int) -> str:
    """The header's name with the letters in upper case that are set bits of `index`.

    Cookies cannot be joined, but names that differ in case are two keys of the map and one
    header on the wire.
    """
    letters = []
    for letter in name:
        if letter.isalpha():
            letters.append(letter.upper() if index & 1 else letter)
            index >>= 1
        else:
            letters.append(letter)
    return "".join(letters)


def settle_reason(status: int, reason: str) -> str:
    """ASGI apps give no reason, and only ALBs and Lattice want one."""
    return reason if reason and not _has_line_break(reason) else _reason_phrase(status)


@lru_cache(maxsize=64)
def _reason_phrase(status: int) -> str:
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


class BodyEncoding:
    """How a body becomes the string that a Lambda result has."""

    __slots__ = ("_is_text", "binary_support", "text_prefixes")

    def __init__(self, binary_support: bool, text_prefixes: Sequence[str] = TEXT_PREFIXES) -> None:
        #: Whether the door takes base64.
        self.binary_support = binary_support
        self.text_prefixes = tuple(text_prefixes)
        # Apps have few content types.
        self._is_text = lru_cache(maxsize=256)(self._is_text_type)

    def encode(self, body: bytes, content_type: str, content_encoding: str | None) -> tuple[str, bool]:
        """The body as text if it can be, and whether it is base64.

        Raises `BinaryNotSupported` rather than send damaged bytes.
        """
        if not self.binary_support:
            return self._encode_as_text(body, content_type), False
        if self._is_text(content_type) and (not content_encoding or content_encoding.lower() == "identity"):
            try:
                return body.decode(), False
            except UnicodeDecodeError:
                pass
        return binascii.b2a_base64(body, newline=False).decode("ascii"), True

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


def render_response(response: BufferedSink, method: str, door: Door, encoding: BodyEncoding) -> dict[str, Any]:
    """A whole response as the result that the door takes.

    Raises `BinaryNotSupported` or `ResponseTooLarge` when it does not take it.
    """
    status, pairs, body = response.status, response.headers, response.body()
    if method == "HEAD" or status == 204 or status == 304:
        # A 204 has no length (RFC 9110, 8.6); HEAD and 304 keep that of the GET.
        if status == 204:
            pairs = [pair for pair in pairs if pair[0] != "content-length"]
        return door.render(status, response.reason, ResponseHeaders(pairs), "", False)
    headers = ResponseHeaders(pairs)
    fields = headers.fields
    if body and "content-type" not in fields:
        headers.set("content-type", guess_content_type(body))
    if "content-length" in fields or door.wants_content_length:
        length = str(len(body))
        if fields.get("content-length") != length or headers.are_repeated:
            headers.set("content-length", length)
    if not body:
        return door.render(status, response.reason, headers, "", False)
    content_type = fields["content-type"]
    content_encoding = fields.get("content-encoding")
    if headers.are_repeated:
        # The first counts.
        content_type, content_encoding = headers.find("content-type") or "", headers.find("content-encoding")
    text, is_base64 = encoding.encode(body, content_type, content_encoding)
    result = door.render(status, response.reason, headers, text, is_base64)
    # No character takes more than six bytes of JSON, so most responses need no counting.
    if len(text) * (1 if is_base64 else 6) + 65_536 >= door.response_limit:
        _check_size(result, door)
    return result


def has_no_body(status: int, method: str) -> bool:
    return method == "HEAD" or status == 304 or status == 204


def settle_headers(headers: HeaderList) -> HeaderList:
    """Lower-case names and wire text, without what is the connection's own.

    Raises `ValueError` for a line break, which would let a value add headers of its own, and `TypeError` for what
    is not text.
    """
    every = "".join([value for _, value in headers])
    if every.isascii() and "\n" not in every and "\r" not in every and "\0" not in every:
        return [(lower, value.strip()) for name, value in headers if (lower := _field_names[name])]
    settled: HeaderList = []
    for name, value in headers:
        # Not the no-break space, which is half a character in Latin-1 readings of UTF-8.
        value = value.strip(_WHITESPACE)
        if _has_line_break(value):
            raise ValueError(f"the response header {name!r} has a line break in it: {value!r}")
        if lower := _field_names[name]:
            settled.append((lower, _read_wire_text(value)))
    return settled


def read_raw_headers(headers: Any) -> HeaderList:
    """The same of headers that are bytes, as ASGI has them."""
    pairs = headers if type(headers) is list else list(headers)
    try:
        settled = [(lower, value.decode("latin-1").strip()) for name, value in pairs if (lower := _raw_names[name])]
    except (AttributeError, TypeError):
        # Any other type that holds bytes.
        return settle_headers([(bytes(name).decode("latin-1"), bytes(value).decode("latin-1")) for name, value in pairs])
    every = "".join([value for _, value in settled])
    if every.isascii() and "\n" not in every and "\r" not in every and "\0" not in every:
        return settled
    return settle_headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs])


class _RawNames(dict[bytes, str]):
    def __missing__(self, name: bytes) -> str:
        lower = _field_names[name.decode("latin-1")]
        if len(self) < 1024 and len(name) < 128:
            self[name] = lower
        return lower


_raw_names = _RawNames()


class _FieldNames(dict[str, str]):
    """Lower-case names by those that the app gave; empty for a header that is the connection's own."""

    def __missing__(self, name: str) -> str:
        if _has_line_break(name):
            raise ValueError(f"the response header {name!r} has a line break in its name")
        lower = name.lower()
        if lower in _HOP_BY_HOP:
            lower = ""
        # Apps may make names of what clients sent: what is kept has its limit.
        if len(self) < 1024 and len(name) < 128:
            self[name] = lower
        return lower


_field_names = _FieldNames()


def _has_line_break(value: str) -> bool:
    return "\n" in value or "\r" in value or "\0" in value


def guess_content_type(body: bytes) -> str:
    """Each door fills in another content type where there is none, so none is left to them."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "text/plain; charset=utf-8"


def _read_wire_text(value: str) -> str:
    """Header bytes as the text whose UTF-8 they are, since the result is JSON."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def _check_size(result: dict[str, Any], door: Door) -> None:
    """AWS's client ends the process when a response is refused."""
    import json

    size = len(json.dumps(result, ensure_ascii=_escapes_non_ascii()).encode("utf-8"))
    if size > door.response_limit:
        raise ResponseTooLarge(
            f"the response is {size} bytes of JSON and {_name(door)} takes {door.response_limit}"
            + (" (base64 adds a third)" if result["isBase64Encoded"] else "")
        )


def _name(door: Door) -> str:
    names = {"function-url": "a Function URL", "http-api": "an HTTP API", "rest-api": "a REST API", "alb": "an ALB"}
    return names.get(door.name, "VPC Lattice")


def _escapes_non_ascii() -> bool:
    # AWS's client writes \uXXXX for every non-ASCII character on Python 3.11 and earlier.
    return os.environ.get("AWS_EXECUTION_ENV", "") in ("AWS_Lambda_python3.10", "AWS_Lambda_python3.11")
