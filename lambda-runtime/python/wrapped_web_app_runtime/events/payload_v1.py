"""Payload format 1.0: REST APIs, and HTTP APIs that ask for it.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ..web_request import WebRequest
from .body import read_body
from .client_address import read_address
from .door import LAMBDA_RESPONSE_LIMIT, ResponsePayload
from .fields import Event, mapping, text, texts
from .header_list import read_headers, settle_content_length, settle_host, settle_scheme
from .request_path import RequestPath, read_disputed_path, read_encoded_path

_PARAMETER = re.compile(r"\{([^}]+?)\+?\}")


class PayloadV1:
    """A REST API's events have no `version`; an HTTP API's say 1.0."""

    multi_value_headers = True
    #: A REST API does only with `binaryMediaTypes: ['*/*']`, which the construct sets.
    takes_binary = False
    response_limit = LAMBDA_RESPONSE_LIMIT
    wants_content_length = False

    def __init__(self, event: Event) -> None:
        self.name = "http-api" if event.get("version") == "1.0" else "rest-api"
        self._event = event

    def parse(self, mount_prefix: str, trust_forwarded_host: bool) -> WebRequest:
        event = self._event
        context = mapping(event.get("requestContext"))
        headers = read_headers(mapping(event.get("headers")), mapping(event.get("multiValueHeaders")))
        body = read_body(event.get("body"), event.get("isBase64Encoded"))
        settle_content_length(headers, body)
        read_path = _read_http_api_path if self.name == "http-api" else _read_rest_path
        path = read_path(event, context).without(mount_prefix)
        return WebRequest(
            method=text(event.get("httpMethod")).upper(),
            raw_path=path.raw,
            path=path.decoded,
            query=_encode_query(
                mapping(event.get("queryStringParameters")), mapping(event.get("multiValueQueryStringParameters"))
            ),
            headers=headers,
            body=body,
            client_address=read_address(text(mapping(context.get("identity")).get("sourceIp"))),
            scheme=settle_scheme(headers),
            host=settle_host(headers, text(context.get("domainName")), trust_forwarded_host),
            mount_prefix=path.mount,
        )

    def render(self, payload: ResponsePayload) -> dict[str, Any]:
        # REST answers 502 to a key that it does not know.
        result = self.render_prelude(payload)
        result["body"] = payload.body
        result["isBase64Encoded"] = payload.is_base64
        return result

    def render_prelude(self, payload: ResponsePayload) -> dict[str, Any]:
        # Both maps are merged by the door: a name in both would be sent twice.
        headers: dict[str, str] = {}
        repeated: dict[str, list[str]] = {}
        for name, value in payload.headers:
            if name in repeated:
                repeated[name].append(value)
            elif name in headers:
                repeated[name] = [headers.pop(name), value]
            else:
                headers[name] = value
        prelude: dict[str, Any] = {"statusCode": payload.status, "headers": headers}
        if repeated:
            prelude["multiValueHeaders"] = repeated
        return prelude


def _read_rest_path(event: Event, context: Event) -> RequestPath:
    path = read_encoded_path(text(event.get("path")))
    full = read_encoded_path(text(context.get("path"))).raw.rstrip("/")
    tail = path.raw.rstrip("/")
    # The default domain: `path` is without the stage, requestContext.path has it.
    if len(full) > len(tail) and full.endswith(tail) and full[: len(full) - len(tail)].startswith("/"):
        return path.below(full[: len(full) - len(tail)])
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
    suffix = _PARAMETER.sub(lambda found: text(parameters.get(found.group(1))), resource).rstrip("/")
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
    pairs = [(name, value) for name, values in multi.items() if values is not None for value in texts(values)]
    pairs += [(name, text(value)) for name, value in single.items() if name not in multi]
    return "&".join(f"{_encode(name)}={_encode(value)}" for name, value in pairs)


def _encode(value: str) -> str:
    # The characters that encodeURIComponent leaves, so that both runtimes spell alike.
    return quote(value, safe="!'()*~", encoding="utf-8", errors="replace")
