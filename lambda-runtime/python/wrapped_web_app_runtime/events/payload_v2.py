"""Payload format 2.0: Function URLs and HTTP APIs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

from ..respond import API_GATEWAY_HEADER_LIMIT, LAMBDA_RESPONSE_LIMIT
from . import read_body, text
from .connection_facts import read_address
from .web_request import (
    WebRequest,
    escape_path,
    join_cookies,
    read_decoded_path,
    read_encoded_path,
    read_encoded_query,
    read_headers,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from ..respond import ResponseHeaders
    from ..settings import Settings
    from . import Event


class PayloadV2:
    """The two sources differ in how they send the path, and in the limit on response headers."""

    reply: Literal["http-response"] = "http-response"
    multi_value_headers = False
    takes_base64 = True
    sets_content_length = True
    response_limit = LAMBDA_RESPONSE_LIMIT

    def __init__(self, source: str) -> None:
        self.source = source
        self.header_limit = None if source == "function-url" else API_GATEWAY_HEADER_LIMIT

    def parse(self, event: Event, settings: Settings) -> WebRequest:
        context = event["requestContext"]
        http = context["http"]
        try:
            address, raw_path, query = http["sourceIp"], event["rawPath"], event["rawQueryString"]
            domain_name, stage = context["domainName"], context["stage"]
            "".join((address, raw_path, query, domain_name, stage))
        except (KeyError, TypeError):
            # An event that somebody made by hand.
            address, raw_path, query = text(http.get("sourceIp")), text(event.get("rawPath")), text(event.get("rawQueryString"))
            domain_name, stage = text(context.get("domainName")), text(context.get("stage"))
        if self.source == "function-url":
            path = read_encoded_path(raw_path)
            if self.source in settings.mounted:
                path = path.below(settings.find_door(self.source, path.raw))
        else:
            path = read_decoded_path(raw_path)
            prefix = ""
            if stage and stage != "$default":
                prefix = escape_path(f"/{stage}")
                path = path.without(prefix)
            door = settings.find_door(self.source, path.raw, event) if self.source in settings.mounted else None
            if domain_name and ".execute-api." not in domain_name:
                path = path.on_custom_domain(prefix, "" if door is None else door.mapping_key)
            if door is not None:
                path = path.below(door)
        # A Function URL sends both the list and the header, an HTTP API only the list.
        cookies = event.get("cookies")
        cookie = join_cookies(cookies) if cookies else ""
        body = event.get("body")
        return WebRequest(
            http["method"].upper(),
            path,
            query and read_encoded_query(query),
            read_headers(event.get("headers"), None, cookie),
            b"" if body is None else read_body(body, event.get("isBase64Encoded")),
            read_address(address),
            domain_name,
            settings.trust_forwarded_host,
        )

    def render(self, status: int, reason: str, headers: ResponseHeaders, body: str, is_base64: bool) -> dict[str, Any]:
        if not headers.cookies and not headers.are_repeated:
            return {"statusCode": status, "headers": headers.fields, "body": body, "isBase64Encoded": is_base64}
        result = self.render_head(status, headers)
        result["body"] = body
        result["isBase64Encoded"] = is_base64
        return result

    def render_head(self, status: int, headers: ResponseHeaders) -> dict[str, Any]:
        fields = headers.fields
        if headers.are_repeated:
            grouped = headers.group_values()
            grouped.pop("set-cookie", None)
            fields = {name: ", ".join(values) for name, values in grouped.items()}
        head: dict[str, Any] = {"statusCode": status, "headers": fields}
        if headers.cookies:
            head["cookies"] = headers.cookies
        return head
