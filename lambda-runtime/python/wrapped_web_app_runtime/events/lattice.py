"""VPC Lattice, event versions 1 and 2.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html
"""

from __future__ import annotations

from ..respond import LAMBDA_RESPONSE_LIMIT
from .alb import describe_status, single_headers
from . import mapping, read_body, text, texts
from .connection_facts import read_last_forwarded
from .web_request import HeaderNames, WebRequest, read_encoded_path, read_encoded_query, read_headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from ..respond import ResponseHeaders
    from ..settings import Settings
    from . import Event


_header_names = HeaderNames("vpc-lattice")


class Lattice:
    """Version 1 writes its field names in snake case and has the query in `raw_path`."""

    source = "vpc-lattice"
    reply: Literal["http-response"] = "http-response"
    multi_value_headers = False
    takes_base64 = True
    sets_content_length = False
    response_limit = LAMBDA_RESPONSE_LIMIT
    header_limit: int | None = None

    def parse(self, event: Event, settings: Settings) -> WebRequest:
        headers = read_headers(event.get("headers"), names=_header_names)
        is_version_1 = event.get("raw_path") is not None
        target, question_mark, query = text(event.get("raw_path" if is_version_1 else "path")).partition("?")
        parameters = mapping(event.get("query_string_parameters" if is_version_1 else "queryStringParameters"))
        return WebRequest(
            event["method"].upper(),
            read_encoded_path(target),
            read_encoded_query(query if question_mark else _join_query(parameters)),
            headers,
            read_body(event.get("body"), event.get("is_base64_encoded" if is_version_1 else "isBase64Encoded")),
            read_last_forwarded(headers[0].get("x-forwarded-for")),
            "",
            settings.trust_forwarded_host,
        )

    def render(self, status: int, reason: str, headers: ResponseHeaders, body: str, is_base64: bool) -> dict[str, Any]:
        return {
            "statusCode": status,
            "statusDescription": describe_status(status, reason),
            "headers": single_headers(headers),
            "body": body,
            "isBase64Encoded": is_base64,
        }

    def render_head(self, status: int, headers: ResponseHeaders) -> dict[str, Any]:
        raise RuntimeError("VPC Lattice cannot stream responses; use a function-url or a rest-api for responseStreaming")


def _join_query(parameters: Event) -> str:
    """AWS does not document whether names and values arrive decoded. To escape only what would end them, what no query
    may hold, and a `%` that begins no escape, suits both."""
    pairs = []
    for name, values in parameters.items():
        escaped_name = _escape(name).replace("=", "%3D")
        pairs += [f"{escaped_name}={_escape(value)}" for value in texts(values)]
    return "&".join(pairs)


def _escape(value: str) -> str:
    if value.isalnum():
        return value
    import re

    return re.sub(r"[&\x00- \x7f]|%(?![0-9A-Fa-f]{2})", lambda found: f"%{ord(found.group()):02X}", value)
