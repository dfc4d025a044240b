"""Payload format 2.0: Function URLs and HTTP APIs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

from ..responses import LAMBDA_RESPONSE_LIMIT
from .request import (
    BadEvent,
    RequestPath,
    WebRequest,
    read_address,
    read_body,
    read_decoded_path,
    read_encoded_path,
    read_encoded_query,
    read_headers,
    text,
    texts,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..responses import ResponsePayload
    from .request import Event


class PayloadV2:
    """`name` says which of the two doors it is; they differ in how they send the path."""

    multi_value_headers = False
    takes_binary = True
    response_limit = LAMBDA_RESPONSE_LIMIT
    wants_content_length = False

    def __init__(self, name: str) -> None:
        self.name = name

    def parse(self, event: Event, mount_prefix: str, trust_forwarded_host: bool) -> WebRequest:
        context = event["requestContext"]
        http = context["http"]
        domain_name = text(context.get("domainName"))
        # A Function URL sends both the list and the header, an HTTP API the list alone.
        cookies = event.get("cookies")
        path = self._read_path(text(event.get("rawPath")), text(context.get("stage")), domain_name)
        return WebRequest(
            _read_method(http),
            path.without(mount_prefix) if mount_prefix else path,
            read_encoded_query(text(event.get("rawQueryString"))),
            read_headers(event.get("headers"), None, texts(cookies) if cookies else None),
            read_body(event.get("body"), event.get("isBase64Encoded")),
            read_address(text(http.get("sourceIp"))),
            domain_name,
            trust_forwarded_host,
        )

    def _read_path(self, raw_path: str, stage: str, domain_name: str) -> RequestPath:
        if self.name == "function-url":
            return read_encoded_path(raw_path)
        path = read_decoded_path(raw_path)
        if not stage or stage == "$default":
            return path
        # On a custom domain rawPath has the stage too, but the client's URL has the mapping key in its place.
        return path.without(f"/{stage}", public=".execute-api." in domain_name)

    def render(self, payload: ResponsePayload) -> dict[str, Any]:
        result = self.render_prelude(payload)
        result["body"] = payload.body
        result["isBase64Encoded"] = payload.is_base64
        return result

    def render_prelude(self, payload: ResponsePayload) -> dict[str, Any]:
        headers, cookies = payload.split_cookies()
        if len(headers) + len(cookies) != len(payload.headers):
            headers = {}
            for name, value in payload.headers:
                if name != "set-cookie":
                    headers[name] = f"{headers[name]}, {value}" if name in headers else value
        prelude: dict[str, Any] = {"statusCode": payload.status, "headers": headers}
        if cookies:
            prelude["cookies"] = cookies
        return prelude


def _read_method(http: Event) -> str:
    method = text(http.get("method"))
    if not method:
        raise BadEvent(f"the event's requestContext.http.method must be an HTTP method, got {http.get('method')!r}")
    return method.upper()
