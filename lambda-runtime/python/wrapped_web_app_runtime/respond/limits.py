"""The limits of front doors on the size of a response. Only responses that may be too large load this module."""

from __future__ import annotations

import json
import os
from typing import Any

from . import ResponseHeaders, ResponseTooLarge, encode_base64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..events.event_format import EventFormat


def check_response_limit(result: dict[str, Any], event_format: EventFormat, binary_support: bool) -> None:
    """Makes the body of a result base64 where it fits only then.

    Raises `ResponseTooLarge` when it does not fit. A front door would answer 502 without a reason, and AWS's client
    ends the process when Lambda refuses a response.
    """
    limit = event_format.response_limit
    size = _size_of(result)
    if size <= limit:
        return
    text = result["body"]
    if binary_support and not result["isBase64Encoded"]:
        # Base64 adds a third. JSON makes six characters of a control character.
        result.update(body=encode_base64(text.encode()), isBase64Encoded=True)
        if _size_of(result) <= limit:
            return
    raise ResponseTooLarge(describe_excess(str(size), limit, event_format))


def describe_excess(size: str, limit: int, event_format: EventFormat | None) -> str:
    taker = "an ALB" if event_format is not None and event_format.source == "alb" else "Lambda"
    return (
        f"the response is {size} bytes of JSON, and {taker} takes {limit}; "
        "compress it, split it, hand out a presigned S3 URL, or stream it through a Function URL or a REST API"
    )


def check_header_limit(headers: ResponseHeaders, event_format: EventFormat) -> None:
    limit = event_format.header_limit
    if limit is None:
        return
    size = sum(len(name.encode()) + len(value.encode()) for name, value in headers.pairs)
    if size > limit:
        raise ResponseTooLarge(
            f"the response has {size} bytes of headers, and API Gateway takes {limit}; "
            "send fewer or shorter cookies and headers"
        )


def _size_of(result: dict[str, Any]) -> int:
    # AWS's client writes \uXXXX for every non-ASCII character on Python 3.11 and earlier.
    escapes = os.environ.get("AWS_EXECUTION_ENV", "") in ("AWS_Lambda_python3.10", "AWS_Lambda_python3.11")
    return len(json.dumps(result, ensure_ascii=escapes).encode())
