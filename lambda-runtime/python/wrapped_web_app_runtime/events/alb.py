"""Application Load Balancers, with and without multi-value headers.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
"""

from __future__ import annotations

from functools import lru_cache

from . import mapping, read_body, text, texts
from .connection_facts import read_last_forwarded
from .web_request import HeaderNames, WebRequest, read_encoded_path, read_encoded_query, read_headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from ..respond import ResponseHeaders
    from ..settings import Settings
    from . import Event


_header_names = HeaderNames("alb")


class Alb:
    """The load balancer reads only the header field of the kind that it sent."""

    source = "alb"
    reply: Literal["http-response"] = "http-response"
    takes_base64 = True
    sets_content_length = False
    response_limit = 1_048_576
    header_limit: int | None = None

    def __init__(self, multi_value_headers: bool) -> None:
        self.multi_value_headers = multi_value_headers

    def parse(self, event: Event, settings: Settings) -> WebRequest:
        path = read_encoded_path(text(event.get("path")))
        if "alb" in settings.mounted:
            path = path.below(settings.find_door("alb", path.raw))
        headers = read_headers(event.get("headers"), event.get("multiValueHeaders"), names=_header_names)
        return WebRequest(
            event["httpMethod"].upper(),
            path,
            _join_query(event),
            headers,
            read_body(event.get("body"), event.get("isBase64Encoded")),
            read_last_forwarded(headers[0].get("x-forwarded-for")),
            "",
            settings.trust_forwarded_host,
        )

    def render(self, status: int, reason: str, headers: ResponseHeaders, body: str, is_base64: bool) -> dict[str, Any]:
        result: dict[str, Any] = {
            "statusCode": status,
            "statusDescription": describe_status(status, reason),
            "body": body,
            "isBase64Encoded": is_base64,
        }
        if self.multi_value_headers:
            result["multiValueHeaders"] = headers.group_values()
        else:
            result["headers"] = single_headers(headers)
        return result

    def render_head(self, status: int, headers: ResponseHeaders) -> dict[str, Any]:
        raise RuntimeError("an ALB cannot stream responses; use a function-url or a rest-api for responseStreaming")


def _join_query(event: Event) -> str:
    """The load balancer decodes nothing, so names and values stay as they are."""
    multi = event.get("multiValueQueryStringParameters")
    parameters = multi if isinstance(multi, dict) else mapping(event.get("queryStringParameters"))
    if not parameters:
        return ""
    try:
        # With multi-value headers nearly all names have one value.
        pairs = ["=".join((name, value)) for name, [value] in parameters.items()]
    except (TypeError, ValueError):
        pairs = [f"{name}={value}" for name, values in parameters.items() for value in texts(values)]
    return read_encoded_query("&".join(pairs))


def describe_status(status: int, reason: str) -> str:
    """Load balancers want the status in words too, and ASGI apps give none: `200 OK`."""
    return f"{status} {reason if reason.isprintable() and reason else _reason_phrase(status)}"


@lru_cache(maxsize=64)
def _reason_phrase(status: int) -> str:
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def single_headers(headers: ResponseHeaders) -> dict[str, str]:
    """One value for each name. Repetitions are joined with a comma, except cookies.

    Cookies cannot be joined. But names that differ in the case of their letters are separate keys of the map, and the
    same header for the client.
    """
    single: dict[str, str] = {}
    for name, values in headers.group_values().items():
        if name == "set-cookie":
            single.update((_vary_case(name, index), value) for index, value in enumerate(values))
        else:
            single[name] = ", ".join(values)
    return single


def _vary_case(name: str, index: int) -> str:
    """The index-th spelling of a name: the binary digits of the index say which letters are capitals."""
    letters = []
    for letter in name:
        if letter.isalpha():
            letters.append(letter.upper() if index & 1 else letter)
            index >>= 1
        else:
            letters.append(letter)
    return "".join(letters)
