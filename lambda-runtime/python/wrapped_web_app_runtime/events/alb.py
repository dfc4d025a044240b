"""Application Load Balancer, with and without multi-value headers.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
"""

from __future__ import annotations

from typing import Any

from ..web_request import WebRequest
from .body import read_body
from .client_address import read_last_forwarded
from .door import ResponsePayload, group_values
from .fields import Event, mapping, text, texts
from .header_list import find_header, read_headers, settle_content_length, settle_host, settle_scheme
from .request_path import read_encoded_path, read_encoded_query
from .single_headers import render_single_headers


class Alb:
    """The answer has the one header field that the event has."""

    name = "alb"
    takes_binary = True
    response_limit = 1_048_576
    wants_content_length = True

    def __init__(self, event: Event) -> None:
        self._event = event
        self.multi_value_headers = isinstance(event.get("multiValueHeaders"), dict)

    def parse(self, mount_prefix: str, trust_forwarded_host: bool) -> WebRequest:
        event = self._event
        headers = read_headers(mapping(event.get("headers")), mapping(event.get("multiValueHeaders")))
        body = read_body(event.get("body"), event.get("isBase64Encoded"))
        settle_content_length(headers, body)
        path = read_encoded_path(text(event.get("path"))).without(mount_prefix)
        return WebRequest(
            method=text(event.get("httpMethod")).upper(),
            raw_path=path.raw,
            path=path.decoded,
            query=_join_query(event),
            headers=headers,
            body=body,
            client_address=read_last_forwarded(find_header(headers, "x-forwarded-for")),
            scheme=settle_scheme(headers),
            host=settle_host(headers, "", trust_forwarded_host),
            mount_prefix=path.mount,
        )

    def render(self, payload: ResponsePayload) -> dict[str, Any]:
        result: dict[str, Any] = {
            "statusCode": payload.status,
            "statusDescription": f"{payload.status} {payload.reason}",
            "body": payload.body,
            "isBase64Encoded": payload.is_base64,
        }
        if self.multi_value_headers:
            result["multiValueHeaders"] = group_values(payload.headers)
        else:
            result["headers"] = render_single_headers(payload.headers)
        return result

    def render_prelude(self, payload: ResponsePayload) -> dict[str, Any]:
        raise RuntimeError("an ALB cannot stream responses; use a function-url or a rest-api for responseStreaming")


def _join_query(event: Event) -> str:
    """The load balancer decodes nothing: names and values go on as they are."""
    multi = event.get("multiValueQueryStringParameters")
    parameters = multi if isinstance(multi, dict) else mapping(event.get("queryStringParameters"))
    return "&".join(
        read_encoded_query(f"{name}={value}") for name, values in parameters.items() for value in texts(values)
    )
