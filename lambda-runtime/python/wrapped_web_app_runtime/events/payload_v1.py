"""Payload format 1.0: REST APIs, and HTTP APIs that ask for it.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

from ..respond import API_GATEWAY_HEADER_LIMIT, LAMBDA_RESPONSE_LIMIT
from . import mapping, read_body, text, texts, utf8
from .connection_facts import read_address
from .web_request import RequestPath, WebRequest, escape_path, read_decoded_path, read_encoded_path, read_headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Mapping
    from typing import Any, Literal

    from ..respond import ResponseHeaders
    from ..settings import Settings
    from . import Event


class PayloadV1:
    """The source is `rest-api` or `http-api`; they differ in how they send the path."""

    reply: Literal["http-response"] = "http-response"
    multi_value_headers = True
    #: A REST API does so only with `binaryMediaTypes: ['*/*']`, which the construct sets.
    takes_base64 = False
    sets_content_length = True
    response_limit = LAMBDA_RESPONSE_LIMIT
    header_limit: int | None = API_GATEWAY_HEADER_LIMIT

    def __init__(self, source: str) -> None:
        self.source = source

    def parse(self, event: Event, settings: Settings) -> WebRequest:
        try:
            context = event["requestContext"]
            raw_path, full_path, domain_name = event["path"], context["path"], context["domainName"]
            address = context["identity"]["sourceIp"]
            "".join((raw_path, full_path, domain_name, address))
        except (KeyError, TypeError):
            # The console's test button, or an event that somebody made by hand.
            context = mapping(event.get("requestContext"))
            raw_path, full_path, domain_name = text(event.get("path")), text(context.get("path")), text(context.get("domainName"))
            address = text(mapping(context.get("identity")).get("sourceIp"))
        is_custom_domain = domain_name != "" and ".execute-api." not in domain_name
        if self.source == "http-api":
            path = _read_http_api_path(event, context, raw_path, full_path, is_custom_domain, settings)
        else:
            path = _read_rest_path(event, raw_path, full_path, is_custom_domain)
            if self.source in settings.mounted:
                path = path.below(settings.find_door(self.source, path.raw, event))
        single, multi = event.get("queryStringParameters"), event.get("multiValueQueryStringParameters")
        body = event.get("body")
        return WebRequest(
            event["httpMethod"].upper(),
            path,
            _encode_query(mapping(single), mapping(multi)) if single or multi else "",
            read_headers(event.get("headers"), event.get("multiValueHeaders")),
            b"" if body is None else read_body(body, event.get("isBase64Encoded")),
            read_address(address),
            domain_name,
            settings.trust_forwarded_host,
        )

    def render(self, status: int, reason: str, headers: ResponseHeaders, body: str, is_base64: bool) -> dict[str, Any]:
        # A REST API answers 502 to a key that it does not know.
        result = self.render_head(status, headers)
        result["body"] = body
        result["isBase64Encoded"] = is_base64
        return result

    def render_head(self, status: int, headers: ResponseHeaders) -> dict[str, Any]:
        if not headers.are_repeated and not headers.cookies:
            return {"statusCode": status, "headers": headers.fields}
        # API Gateway merges both maps: a name in both would be sent twice.
        grouped = headers.group_values()
        head: dict[str, Any] = {
            "statusCode": status,
            "headers": {name: values[0] for name, values in grouped.items() if len(values) == 1},
        }
        repeated = {name: values for name, values in grouped.items() if len(values) > 1}
        if repeated:
            head["multiValueHeaders"] = repeated
        return head


def _read_rest_path(event: Event, raw_path: str, full_path: str, is_custom_domain: bool) -> RequestPath:
    path = read_encoded_path(raw_path)
    full, tail = full_path.rstrip("/"), raw_path.rstrip("/")
    # On the default domain `path` has no stage, and requestContext.path has it.
    if len(full) > len(tail) and full.endswith(tail) and full.startswith("/"):
        path.mount = escape_path(full[: len(full) - len(tail)])
        return path
    if is_custom_domain:
        return path.without(_mapping_key(event, path.raw.rstrip("/")))
    return path


def _mapping_key(event: Event, path: str) -> str:
    """On a custom domain both paths have the mapping key before the resource, and no field has it alone."""
    parameters = mapping(event.get("pathParameters"))
    resource = text(event.get("resource"))
    if not resource.startswith("/"):
        return ""
    import re

    if not all(text(parameters.get(name)) for name in re.findall(r"\{([^}]+?)\+?\}", resource)):
        return ""

    def fill_in(found: re.Match[str]) -> str:
        return text(parameters.get(found.group(1)))

    suffix = re.sub(r"\{([^}]+?)\+?\}", fill_in, resource).rstrip("/")
    return path[: len(path) - len(suffix)] if len(path) > len(suffix) and path.endswith(suffix) else ""


def _read_http_api_path(
    event: Event, context: Event, raw_path: str, full_path: str, is_custom_domain: bool, settings: Settings
) -> RequestPath:
    path = _read_disputed_path(raw_path)
    stage = text(context.get("stage"))
    prefix = "" if not stage or stage == "$default" else escape_path(f"/{stage}")
    if prefix and full_path == f"/{stage}{raw_path}":
        # The path has lost its stage already.
        path.mount = prefix
    elif prefix:
        path = path.without(prefix)
    door = settings.find_door("http-api", path.raw, event) if "http-api" in settings.mounted else None
    if is_custom_domain:
        path = path.on_custom_domain(prefix, "" if door is None else door.mapping_key)
    return path if door is None else path.below(door)


def _read_disputed_path(path: str) -> RequestPath:
    """Documentation and reports differ on whether an HTTP API decodes the path in payload 1.0."""
    if "%" in path:
        from .escape import is_decoded_path

        if not is_decoded_path(path):
            return read_encoded_path(path)
    return read_decoded_path(path)


def _encode_query(single: Mapping[str, Any], multi: Mapping[str, Any]) -> str:
    """API Gateway has decoded names and values, `+` included, so the client's own spelling is lost."""
    try:
        # Nearly all names have one value.
        pairs = [f"{_encode(name)}={_encode(value)}" for name, [value] in multi.items()]
    except (AttributeError, TypeError, ValueError):
        pairs = [f"{_encode(name)}={_encode(value)}" for name, values in multi.items() if values is not None for value in texts(values)]
    if not single.keys() <= multi.keys():
        pairs += [f"{_encode(name)}={_encode(text(value))}" for name, value in single.items() if name not in multi]
    return "&".join(pairs)


def _encode(value: str) -> str:
    if value.isalnum() and value.isascii():
        return value
    from urllib.parse import quote

    # The characters that encodeURIComponent leaves, so that both runtimes give the same query.
    return quote(utf8(value), safe="!'()*~")
