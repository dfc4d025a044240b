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


class WebResponse:
    """A whole response. Header values are Latin-1 readings of the bytes that the app sent."""

    __slots__ = ("body", "headers", "reason", "status")

    def __init__(self, status: int, reason: str, headers: HeaderList, body: bytes = b"") -> None:
        self.status = status
        self.reason = reason
        self.headers = headers
        self.body = body


class BufferedSink:
    """Keeps a response until it is whole."""

    __slots__ = ("_chunks", "_response", "write")

    def __init__(self) -> None:
        self._response: WebResponse | None = None
        self._chunks: list[bytes] = []
        self.write: Callable[[bytes], None] = self._chunks.append

    def start(self, status: int, reason: str, headers: HeaderList) -> None:
        self._response = WebResponse(status, reason, headers)

    def response(self) -> WebResponse:
        response = self._response
        if response is None:
            raise RuntimeError("the app finished without starting a response")
        chunks = self._chunks
        response.body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        return response


class ResponsePayload:
    """A response that is ready for a Lambda result: lower-case headers, body as text or base64."""

    __slots__ = ("_fields", "_reason", "body", "headers", "is_base64", "status")

    def __init__(
        self,
        status: int,
        reason: str,
        headers: HeaderList,
        body: str,
        is_base64: bool,
        fields: dict[str, str] | None = None,
    ) -> None:
        self.status = status
        self._reason = reason
        self.headers = headers
        # A dict of the headers, if there is one already.
        self._fields = fields
        self.body = body
        self.is_base64 = is_base64

    def status_line(self) -> str:
        reason = self._reason
        if not reason or _has_line_break(reason):
            reason = _reason_phrase(self.status)
        return f"{self.status} {reason}"

    def split_cookies(self) -> tuple[dict[str, str], list[str]]:
        """Cookies apart; of other names that come more than once, the last value only."""
        fields = dict(self.headers) if self._fields is None else self._fields
        if "set-cookie" not in fields:
            return fields, []
        del fields["set-cookie"]
        return fields, [value for name, value in self.headers if name == "set-cookie"]

    def group_values(self) -> dict[str, list[str]]:
        """Every name once, with its values in their order."""
        grouped: dict[str, list[str]] = {}
        for name, value in self.headers:
            if name in grouped:
                grouped[name].append(value)
            else:
                grouped[name] = [value]
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


@lru_cache(maxsize=64)
def _reason_phrase(status: int) -> str:
    # ASGI apps give no reason, and only ALBs and Lattice want one.
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


class BodyEncoding:
    """How a body becomes the string that a Lambda result has."""

    __slots__ = ("binary_support", "text_prefixes")

    def __init__(self, binary_support: bool, text_prefixes: Sequence[str] = TEXT_PREFIXES) -> None:
        #: Whether the door takes base64.
        self.binary_support = binary_support
        self.text_prefixes = tuple(text_prefixes)

    def encode(self, body: bytes, content_type: str, content_encoding: str) -> tuple[str, bool]:
        """The body as text if it can be, and whether it is base64.

        Raises `BinaryNotSupported` rather than send damaged bytes.
        """
        if not self.binary_support:
            return self._encode_as_text(body, content_type), False
        if (
            (not content_encoding or content_encoding.lower() == "identity")
            and content_type.lower().startswith(self.text_prefixes)
            and _has_text_charset(content_type)
        ):
            try:
                return body.decode(), False
            except UnicodeDecodeError:
                pass
        return binascii.b2a_base64(body, newline=False).decode("ascii"), True

    def _encode_as_text(self, body: bytes, content_type: str) -> str:
        try:
            return body.decode()
        except UnicodeDecodeError as error:
            raise BinaryNotSupported(
                f"the response is binary ({content_type or 'no content type'}) and binary support is off: "
                "set binaryMediaTypes to ['*/*'] on the REST API and pass binary_support=True"
            ) from error


@lru_cache(maxsize=256)
def _has_text_charset(content_type: str) -> bool:
    if "charset" not in content_type.lower():
        return True
    import re

    charset = re.search(r";\s*charset\s*=\s*\"?([^\s;\"]+)", content_type, re.IGNORECASE)
    return charset is None or charset.group(1).lower() in _UTF8_CHARSETS


def settle_response(response: WebResponse, method: str, door: Door, encoding: BodyEncoding) -> ResponsePayload:
    """A whole response, ready for the door to render."""
    status, body = response.status, response.body
    headers = settle_headers(response.headers)
    if has_no_body(status, method):
        # A 204 has no length (RFC 9110, 8.6); HEAD and 304 keep that of the GET.
        kept = [pair for pair in headers if status != 204 or pair[0] != "content-length"]
        return ResponsePayload(status, response.reason, kept, "", False)
    fields = dict(headers)
    # The first value counts where there are several.
    found = fields if len(fields) == len(headers) else dict(reversed(headers))
    if body and "content-type" not in found:
        found["content-type"] = fields["content-type"] = settle_content_type(headers, body)
    if "content-length" in found or door.wants_content_length:
        length = str(len(body))
        if found.get("content-length") != length or (
            found is not fields and sum([name == "content-length" for name, _ in headers]) > 1
        ):
            headers = [pair for pair in headers if pair[0] != "content-length"]
            headers.append(("content-length", length))
            fields["content-length"] = length
    if not body:
        return ResponsePayload(status, response.reason, headers, "", False, fields)
    content, is_base64 = encoding.encode(body, found.get("content-type", ""), found.get("content-encoding", ""))
    return ResponsePayload(status, response.reason, headers, content, is_base64, fields)


def has_no_body(status: int, method: str) -> bool:
    return method == "HEAD" or status == 304 or status == 204


def settle_headers(headers: HeaderList) -> HeaderList:
    """Lower-case names and wire text, without what is the connection's own.

    Raises `ValueError` for a line break: it would let a value add headers of its own.
    """
    every = "".join([value for _, value in headers])
    if every.isascii() and not _has_line_break(every):
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


def settle_content_type(headers: HeaderList, body: bytes) -> str:
    """Adds a content type. Each door fills in another one where there is none, so none is left to them."""
    try:
        body.decode()
        content_type = "text/plain; charset=utf-8"
    except UnicodeDecodeError:
        content_type = "application/octet-stream"
    headers.append(("content-type", content_type))
    return content_type


def _read_wire_text(value: str) -> str:
    """Header bytes as the text whose UTF-8 they are, since the result is JSON."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def check_size(result: dict[str, Any], door: Door) -> None:
    """Raises `ResponseTooLarge` before the platform does: AWS's client ends the process when it is refused."""
    # No character takes more than six bytes of JSON, so most responses need no counting.
    if len(result["body"]) * (1 if result["isBase64Encoded"] else 6) + 65_536 < door.response_limit:
        return
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
