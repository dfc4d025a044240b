"""VPC Lattice, event versions 1 and 2.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html
"""

from __future__ import annotations

from ..responses import LAMBDA_RESPONSE_LIMIT, settle_reason
from .request import (
    WebRequest,
    mapping,
    read_body,
    read_encoded_path,
    read_encoded_query,
    read_headers,
    read_last_forwarded,
    text,
    texts,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..responses import ResponseHeaders
    from .request import Event, HeaderNames


class Lattice:
    """Version 1 spells its fields in snake case and has the query in `raw_path`."""

    name = "lattice"
    multi_value_headers = False
    takes_binary = True
    response_limit = LAMBDA_RESPONSE_LIMIT
    wants_content_length = False

    def parse(self, event: Event, names: HeaderNames, mount_prefix: str, trust_forwarded_host: bool) -> WebRequest:
        headers = read_headers(names, event.get("headers"))
        target, question_mark, query = text(event.get("path", event.get("raw_path"))).partition("?")
        parameters = mapping(event.get("queryStringParameters", event.get("query_string_parameters")))
        return WebRequest(
            names,
            text(event.get("method")).upper(),
            read_encoded_path(target).without(mount_prefix),
            read_encoded_query(query) if question_mark else _join_query(parameters),
            headers,
            read_body(event.get("body"), event.get("isBase64Encoded", event.get("is_base64_encoded"))),
            read_last_forwarded(headers[0].get(names.forwarded_for)),
            "",
            trust_forwarded_host,
        )

    def render(self, status: int, reason: str, headers: ResponseHeaders, body: str, is_base64: bool) -> dict[str, Any]:
        return {
            "statusCode": status,
            "statusDescription": f"{status} {settle_reason(status, reason)}",
            "headers": headers.spell_once(),
            "body": body,
            "isBase64Encoded": is_base64,
        }

    def render_prelude(self, status: int, headers: ResponseHeaders) -> dict[str, Any]:
        raise RuntimeError("VPC Lattice cannot stream responses; use a function-url or a rest-api for responseStreaming")


def _join_query(parameters: Event) -> str:
    return "&".join(
        read_encoded_query(f"{name}={value}") for name, values in parameters.items() for value in texts(values)
    )
