"""VPC Lattice, event versions 1 and 2.

https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html
"""

from __future__ import annotations

from typing import Any

from ..web_request import WebRequest
from .body import read_body
from .client_address import read_last_forwarded
from .door import LAMBDA_RESPONSE_LIMIT, ResponsePayload
from .fields import Event, mapping, text, texts
from .header_list import find_header, read_headers, settle_content_length, settle_host, settle_scheme
from .request_path import read_encoded_path, read_encoded_query
from .single_headers import render_single_headers


class Lattice:
    """Version 1 spells its fields in snake case and has the query in `raw_path`."""

    name = "lattice"
    multi_value_headers = False
    takes_binary = True
    response_limit = LAMBDA_RESPONSE_LIMIT
    wants_content_length = False

    def __init__(self, event: Event) -> None:
        self._event = event

    def parse(self, mount_prefix: str, trust_forwarded_host: bool) -> WebRequest:
        event = self._event
        headers = read_headers(mapping(event.get("headers")))
        body = read_body(event.get("body"), event.get("isBase64Encoded", event.get("is_base64_encoded")))
        settle_content_length(headers, body)
        target, question_mark, query = text(event.get("path", event.get("raw_path"))).partition("?")
        path = read_encoded_path(target).without(mount_prefix)
        parameters = mapping(event.get("queryStringParameters", event.get("query_string_parameters")))
        return WebRequest(
            method=text(event.get("method")).upper(),
            raw_path=path.raw,
            path=path.decoded,
            query=read_encoded_query(query) if question_mark else _join_query(parameters),
            headers=headers,
            body=body,
            client_address=read_last_forwarded(find_header(headers, "x-forwarded-for")),
            scheme=settle_scheme(headers),
            host=settle_host(headers, "", trust_forwarded_host),
            mount_prefix=path.mount,
        )

    def render(self, payload: ResponsePayload) -> dict[str, Any]:
        return {
            "statusCode": payload.status,
            "statusDescription": f"{payload.status} {payload.reason}",
            "headers": render_single_headers(payload.headers),
            "body": payload.body,
            "isBase64Encoded": payload.is_base64,
        }

    def render_prelude(self, payload: ResponsePayload) -> dict[str, Any]:
        raise RuntimeError("VPC Lattice cannot stream responses; use a function-url or a rest-api for responseStreaming")


def _join_query(parameters: Event) -> str:
    return "&".join(
        read_encoded_query(f"{name}={value}") for name, values in parameters.items() for value in texts(values)
    )
