"""Payload format 1.0: REST APIs, and HTTP APIs that ask for it.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

from ..responses import LAMBDA_RESPONSE_LIMIT
from .request import (
    RequestPath,
    WebRequest,
    escape_path,
    mapping,
    read_address,
    read_body,
    read_disputed_path,
    read_encoded_path,
    read_headers,
    text,
    texts,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Mapping
    from typing import Any

    from ..responses import ResponseHeaders
    from .request import Event, HeaderNames


class PayloadV1:
    """`name` says whether it is a REST API or an HTTP API."""

    multi_value_headers = True
    #: A REST API does only with `binaryMediaTypes: ['*/*']`, which the construct sets.
    takes_binary = False
    response_limit = LAMBDA_RESPONSE_LIMIT
    wants_content_length = False

    def __init__(self, name: str) -> None:
        self.name = name

    def parse(self, event: Event, names: HeaderNames, mount_prefix: str, trust_forwarded_host: bool) -> WebRequest:
        context = mapping(event.get("requestContext"))
        path = (_read_http_api_path if self.name == "http-api" else _read_rest_path)(event, context)
        single, multi = event.get("queryStringParameters"), event.get("multiValueQueryStringParameters")
        body = event.get("body")
        return WebRequest(
            names,
            text(event.get("httpMethod")).upper(),
            path.without(mount_prefix) if mount_prefix else path,
            _encode_query(mapping(single), mapping(multi)) if single or multi else "",
            read_headers(names, event.get("headers"), event.get("multiValueHeaders")),
            b"" if body is None else read_body(body, event.get("isBase64Encoded")),
            read_address(text(mapping(context.get("identity")).get("sourceIp"))),
            text(context.get("domainName")),
            trust_forwarded_host,
        )

    def render(self, status: int, reason: str, headers: ResponseHeaders, body: str, is_base64: bool) -> dict[str, Any]:
        # REST answers 502 to a key that it does not know.
        result = self.render_prelude(status, headers)
        result["body"] = body
        result["isBase64Encoded"] = is_base64
        return result

    def render_prelude(self, status: int, headers: ResponseHeaders) -> dict[str, Any]:
        if not headers.are_repeated and not headers.cookies:
            return {"statusCode": status, "headers": headers.fields}
        # Both maps are merged by the door: a name in both would be sent twice.
        grouped = headers.group_values()
        prelude: dict[str, Any] = {
            "statusCode": status,
            "headers": {name: values[0] for name, values in grouped.items() if len(values) == 1},
        }
        repeated = {name: values for name, values in grouped.items() if len(values) > 1}
        if repeated:
            prelude["multiValueHeaders"] = repeated
        return prelude


def _read_rest_path(event: Event, context: Event) -> RequestPath:
    path = read_encoded_path(text(event.get("path")))
    full = escape_path(text(context.get("path"))).rstrip("/")
    tail = path.raw.rstrip("/")
    # The default domain: `path` is without the stage, requestContext.path has it.
    if len(full) > len(tail) and full.endswith(tail) and full.startswith("/"):
        path.mount = full[: len(full) - len(tail)]
        return path
    domain_name = text(context.get("domainName"))
    if domain_name and ".execute-api." not in domain_name:
        return path.without(_mapping_key(event, tail))
    return path


def _mapping_key(event: Event, path: str) -> str:
    """A custom domain's mapping key is in front of the resource in both paths, and named nowhere."""
    parameters = mapping(event.get("pathParameters"))
    resource = text(event.get("resource"))
    if not resource.startswith("/"):
        return ""
    import re

    def fill_in(found: re.Match[str]) -> str:
        return text(parameters.get(found.group(1)))

    suffix = re.sub(r"\{([^}]+?)\+?\}", fill_in, resource).rstrip("/")
    return path[: len(path) - len(suffix)] if len(path) > len(suffix) and path.endswith(suffix) else ""


def _read_http_api_path(event: Event, context: Event) -> RequestPath:
    path = read_disputed_path(text(event.get("path")))
    stage = text(context.get("stage"))
    # As in payload 2.0 the path has a named stage in front; where it has not, requestContext.path is the longer one.
    if not stage or stage == "$default" or event.get("path") != context.get("path"):
        return path
    return path.without(f"/{stage}", public=".execute-api." in text(context.get("domainName")))


def _encode_query(single: Mapping[str, Any], multi: Mapping[str, Any]) -> str:
    """The door has decoded names and values, `+` included; the client's own spelling is lost."""
    pairs = [
        f"{_encode(name)}={_encode(value)}"
        for name, values in multi.items()
        if values is not None
        for value in texts(values)
    ]
    if not single.keys() <= multi.keys():
        pairs += [f"{_encode(name)}={_encode(text(value))}" for name, value in single.items() if name not in multi]
    return "&".join(pairs)


def _encode(value: str) -> str:
    if value.isalnum() and value.isascii():
        return value
    from urllib.parse import quote

    # The characters that encodeURIComponent leaves, so that both runtimes spell alike.
    return quote(value, safe="!'()*~", encoding="utf-8", errors="replace")
