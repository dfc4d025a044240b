"""VPC Lattice, event versions 1 and 2.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html
"""

from __future__ import annotations

from ..respond import LAMBDA_RESPONSE_LIMIT
from .alb import describe_status, single_headers
from . import mapping, read_body, read_last_forwarded, text, texts
from .web_request import WebRequest, read_encoded_path, read_encoded_query, read_headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from ..respond import ResponseHeaders
    from ..settings import Settings
    from . import Event


class Lattice:
    """Version 1 writes its field names in snake case and has the query in `raw_path`."""

    source = "vpc-lattice"
    reply: Literal["http-response"] = "http-response"
    multi_value_headers = False
    takes_base64 = True
    sets_content_length = True
    response_limit = LAMBDA_RESPONSE_LIMIT
    header_limit: int | None = None

    def parse(self, event: Event, settings: Settings) -> WebRequest:
        headers = read_headers(event.get("headers"))
        target, question_mark, query = text(event.get("path", event.get("raw_path"))).partition("?")
        parameters = mapping(event.get("queryStringParameters", event.get("query_string_parameters")))
        return WebRequest(
            event["method"].upper(),
            read_encoded_path(target).without(settings.mount_prefix_of("vpc-lattice")),
            read_encoded_query(query) if question_mark else _join_query(parameters),
            headers,
            read_body(event.get("body"), event.get("isBase64Encoded", event.get("is_base64_encoded"))),
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
    return "&".join(
        read_encoded_query(f"{name}={value}") for name, values in parameters.items() for value in texts(values)
    )
