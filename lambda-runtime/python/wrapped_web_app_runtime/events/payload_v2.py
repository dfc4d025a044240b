"""Payload format 2.0: Function URLs and HTTP APIs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

from ..responses import LAMBDA_RESPONSE_LIMIT
from .request import (
    BadEvent,
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

    from ..responses import ResponseHeaders
    from .request import Event, HeaderNames


class PayloadV2:
    """`name` says which of the two doors it is; they differ in how they send the path."""

    multi_value_headers = False
    takes_binary = True
    response_limit = LAMBDA_RESPONSE_LIMIT
    wants_content_length = False

    def __init__(self, name: str) -> None:
        self.name = name

    def parse(self, event: Event, names: HeaderNames, mount_prefix: str, trust_forwarded_host: bool) -> WebRequest:
        context = event["requestContext"]
        http = context["http"]
        method: Any = http.get("method")
        address: Any = http.get("sourceIp")
        domain_name: Any = context.get("domainName")
        stage: Any = context.get("stage")
        raw_path: Any = event.get("rawPath")
        query: Any = event.get("rawQueryString")
        try:
            "".join((method, address, raw_path, query, domain_name, stage))
        except TypeError:
            # Sent by hand.
            method, address, raw_path, query = text(method), text(address), text(raw_path), text(query)
            domain_name, stage = text(domain_name), text(stage)
        if not method:
            raise BadEvent(f"the event's requestContext.http.method must be an HTTP method, got {http.get('method')!r}")
        if self.name == "function-url":
            path = read_encoded_path(raw_path)
        else:
            path = read_decoded_path(raw_path)
            if stage and stage != "$default":
                # On a custom domain rawPath has the stage too, but the client's URL has the mapping key in its place.
                path = path.without(f"/{stage}", public=".execute-api." in domain_name)
        # A Function URL sends both the list and the header, an HTTP API the list alone.
        cookies = event.get("cookies")
        body = event.get("body")
        return WebRequest(
            names,
            method.upper(),
            path.without(mount_prefix) if mount_prefix else path,
            read_encoded_query(query),
            read_headers(names, event.get("headers"), None, texts(cookies) if cookies else None),
            b"" if body is None else read_body(body, event.get("isBase64Encoded")),
            read_address(address),
            domain_name,
            trust_forwarded_host,
        )

    def render(self, status: int, reason: str, headers: ResponseHeaders, body: str, is_base64: bool) -> dict[str, Any]:
        if not headers.cookies and not headers.are_repeated:
            return {"statusCode": status, "headers": headers.fields, "body": body, "isBase64Encoded": is_base64}
        result = self.render_prelude(status, headers)
        result["body"] = body
        result["isBase64Encoded"] = is_base64
        return result

    def render_prelude(self, status: int, headers: ResponseHeaders) -> dict[str, Any]:
        fields = headers.fields
        if headers.are_repeated:
            grouped = headers.group_values()
            grouped.pop("set-cookie", None)
            fields = {name: ", ".join(values) for name, values in grouped.items()}
        prelude: dict[str, Any] = {"statusCode": status, "headers": fields}
        if headers.cookies:
            prelude["cookies"] = headers.cookies
        return prelude
