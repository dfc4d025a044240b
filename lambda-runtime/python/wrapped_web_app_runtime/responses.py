"""From what the app answered to what its front door takes: headers settled, body as text or base64."""

from __future__ import annotations

import binascii
import json
import os
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from .events import Door, ResponsePayload
from .web_response import Headers, WebResponse

#: Content types that are text, by prefix: what apig-wsgi documents.
TEXT_PREFIXES = ("text/", "application/json", "application/problem+json", "application/vnd.api+json")

# They speak of the connection to the front door, which is not the app's.
_HOP_BY_HOP = frozenset(("transfer-encoding", "connection", "keep-alive"))
_LINE_BREAK = re.compile(r"[\r\n\0]")
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
_UTF8_CHARSETS = frozenset(("utf-8", "utf8", "us-ascii", "ascii"))


class ResponseTooLarge(Exception):
    """The response does not fit through the door; the message names both sizes."""


class BinaryNotSupported(Exception):
    """The app sent bytes that are not text through a door that takes only text."""


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
        if self._is_text(content_type, content_encoding):
            try:
                return body.decode("utf-8"), False
            except UnicodeDecodeError:
                pass
        return binascii.b2a_base64(body, newline=False).decode("ascii"), True

    def _is_text(self, content_type: str, content_encoding: str) -> bool:
        if content_encoding and content_encoding.lower() != "identity":
            return False
        return _has_text_charset(content_type) and content_type.lower().startswith(self.text_prefixes)

    def _encode_as_text(self, body: bytes, content_type: str) -> str:
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BinaryNotSupported(
                f"the response is binary ({content_type or 'no content type'}) and binary support is off: "
                "set binaryMediaTypes to ['*/*'] on the REST API and pass binary_support=True"
            ) from error


@lru_cache(maxsize=256)
def _has_text_charset(content_type: str) -> bool:
    charset = _CHARSET.search(content_type)
    return charset is None or charset.group(1).lower() in _UTF8_CHARSETS


def settle_response(response: WebResponse, method: str, door: Door, encoding: BodyEncoding) -> ResponsePayload:
    """A whole response, ready for the door to render."""
    headers = settle_headers(response.headers)
    reason = settle_reason(response.status, response.reason)
    if has_no_body(response.status, method):
        # A 204 has no length (RFC 9110, 8.6); HEAD and 304 keep that of the GET.
        kept = [pair for pair in headers if response.status != 204 or pair[0] != "content-length"]
        return ResponsePayload(response.status, reason, kept, "", False)
    if response.body:
        settle_content_type(headers, response.body)
    _settle_content_length(headers, len(response.body), door)
    if not response.body:
        return ResponsePayload(response.status, reason, headers, "", False)
    body, is_base64 = encoding.encode(
        response.body, _find(headers, "content-type") or "", _find(headers, "content-encoding") or ""
    )
    return ResponsePayload(response.status, reason, headers, body, is_base64)


def has_no_body(status: int, method: str) -> bool:
    return method == "HEAD" or status in (204, 304)


def settle_headers(headers: Headers) -> Headers:
    """Lower-case names and wire text, without what is the connection's own.

    Raises `ValueError` for a line break: it would let a value add headers of its own.
    """
    settled: Headers = []
    for name, value in headers:
        lower = _field_name(name)
        # Most values are printable ASCII, in which there can be no line break.
        if not (value.isascii() and value.isprintable()):
            if _LINE_BREAK.search(value):
                raise ValueError(f"the response header {name!r} has a line break in it: {value!r}")
            value = _read_wire_text(value)
        if lower is not None:
            settled.append((lower, value))
    return settled


@lru_cache(maxsize=1024)
def _field_name(name: str) -> str | None:
    """None for a header that is the connection's own."""
    if _LINE_BREAK.search(name):
        raise ValueError(f"the response header {name!r} has a line break in its name")
    lower = name.lower()
    return None if lower in _HOP_BY_HOP else lower


def settle_reason(status: int, reason: str) -> str:
    if reason and not _LINE_BREAK.search(reason):
        return reason
    # ASGI apps give no reason, and only ALBs want one.
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def settle_content_type(headers: Headers, body: bytes) -> None:
    """Each door fills in another content type where there is none, so none is left to them."""
    if _find(headers, "content-type") is not None:
        return
    try:
        body.decode("utf-8")
        headers.append(("content-type", "text/plain; charset=utf-8"))
    except UnicodeDecodeError:
        headers.append(("content-type", "application/octet-stream"))


def _settle_content_length(headers: Headers, length: int, door: Door) -> None:
    given = [value for name, value in headers if name == "content-length"]
    if given == [str(length)]:
        return
    if given:
        headers[:] = [pair for pair in headers if pair[0] != "content-length"]
    if given or door.wants_content_length:
        headers.append(("content-length", str(length)))


def _find(headers: Headers, name: str) -> str | None:
    for found, value in headers:
        if found == name:
            return value
    return None


def _read_wire_text(value: str) -> str:
    """Header bytes as the text whose UTF-8 they are, since the result is JSON."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def check_size(result: dict[str, Any], door: Door) -> None:
    """Raises `ResponseTooLarge` before the platform does: AWS's client ends the process when it is refused."""
    body = result["body"]
    # No character takes more than six bytes of JSON, so most responses need no counting.
    if len(body) * (1 if result["isBase64Encoded"] else 6) + 65_536 < door.response_limit:
        return
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
