"""Payload format 2.0: Function URLs and HTTP APIs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

from typing import Any

from ..web_request import WebRequest
from .body import read_body
from .client_address import read_address
from .door import LAMBDA_RESPONSE_LIMIT, ResponsePayload
from .fields import BadEvent, Event, mapping, text, texts
from .header_list import read_headers, settle_content_length, settle_host, settle_scheme
from .request_path import RequestPath, read_decoded_path, read_encoded_path, read_encoded_query


class PayloadV2:
    """`name` says which of the two doors it is; they differ in how they send the path."""

    multi_value_headers = False
    takes_binary = True
    response_limit = LAMBDA_RESPONSE_LIMIT
    wants_content_length = False

    def __init__(self, event: Event, name: str) -> None:
        self.name = name
        self._event = event

    def parse(self, mount_prefix: str, trust_forwarded_host: bool) -> WebRequest:
        event = self._event
        context = mapping(event.get("requestContext"))
        http = mapping(context.get("http"))
        domain_name = text(context.get("domainName"))
        # A Function URL sends both the list and the header, an HTTP API the list alone.
        cookies = event.get("cookies")
        headers = read_headers(mapping(event.get("headers")), cookies=texts(cookies) if cookies else None)
        body = read_body(event.get("body"), event.get("isBase64Encoded"))
        settle_content_length(headers, body)
        path = self._read_path(text(event.get("rawPath")), text(context.get("stage")), domain_name).without(mount_prefix)
        return WebRequest(
            method=_read_method(http),
            raw_path=path.raw,
            path=path.decoded,
            query=read_encoded_query(text(event.get("rawQueryString"))),
            headers=headers,
            body=body,
            client_address=read_address(text(http.get("sourceIp"))),
            scheme=settle_scheme(headers),
            host=settle_host(headers, domain_name, trust_forwarded_host),
            mount_prefix=path.mount,
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
        headers: dict[str, str] = {}
        cookies: list[str] = []
        for name, value in payload.headers:
            if name == "set-cookie":
                cookies.append(value)
            else:
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
