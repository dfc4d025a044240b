"""Application Load Balancer, with and without multi-value headers.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
"""

from __future__ import annotations

from ..responses import settle_reason
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


class Alb:
    """The answer has the one header field that the event has."""

    name = "alb"
    takes_binary = True
    response_limit = 1_048_576
    wants_content_length = True

    def __init__(self, multi_value_headers: bool) -> None:
        self.multi_value_headers = multi_value_headers

    def parse(self, event: Event, names: HeaderNames, mount_prefix: str, trust_forwarded_host: bool) -> WebRequest:
        path = read_encoded_path(text(event.get("path")))
        headers = read_headers(names, event.get("headers"), event.get("multiValueHeaders"))
        return WebRequest(
            names,
            text(event.get("httpMethod")).upper(),
            path.without(mount_prefix) if mount_prefix else path,
            _join_query(event),
            headers,
            read_body(event.get("body"), event.get("isBase64Encoded")),
            read_last_forwarded(headers[0].get(names.forwarded_for)),
            "",
            trust_forwarded_host,
        )

    def render(self, status: int, reason: str, headers: ResponseHeaders, body: str, is_base64: bool) -> dict[str, Any]:
        result: dict[str, Any] = {
            "statusCode": status,
            "statusDescription": f"{status} {settle_reason(status, reason)}",
            "body": body,
            "isBase64Encoded": is_base64,
        }
        if self.multi_value_headers:
            result["multiValueHeaders"] = headers.group_values()
        else:
            result["headers"] = headers.spell_once()
        return result

    def render_prelude(self, status: int, headers: ResponseHeaders) -> dict[str, Any]:
        raise RuntimeError("an ALB cannot stream responses; use a function-url or a rest-api for responseStreaming")


def _join_query(event: Event) -> str:
    """The load balancer decodes nothing: names and values go on as they are."""
    multi = event.get("multiValueQueryStringParameters")
    parameters = multi if isinstance(multi, dict) else mapping(event.get("queryStringParameters"))
    if not parameters:
        return ""
    pairs = [f"{name}={value}" for name, values in parameters.items() for value in texts(values)]
    return read_encoded_query("&".join(pairs))
