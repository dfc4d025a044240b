"""What apig-wsgi documents, for users who change to this package."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tables import read_event

from wrapped_web_app_runtime import make_lambda_handler

VERSION_2 = ["function-url.json", "http-api.json"]
VERSION_1_API = ["rest-api.json", "http-api-v1.json"]
ALB = ["alb.json", "alb-single.json"]


def app_of(content_type: str | None, body: bytes, *headers: tuple[str, str]) -> Any:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        named = [("Content-Type", content_type)] if content_type else []
        start_response("200 OK", [*named, *headers])
        return [body]

    return app


def is_base64(fixture: str, app: Any, context: Any, **options: Any) -> bool:
    result = make_lambda_handler(app, **options)(read_event(fixture), context)
    assert result["statusCode"] == 200
    return bool(result["isBase64Encoded"])


@pytest.mark.parametrize("fixture", VERSION_2 + ALB)
def test_binary_support_is_on_by_default_for_version_2_and_an_alb(fixture: str, context: Any) -> None:
    assert is_base64(fixture, app_of("application/octet-stream", b"text"), context)


@pytest.mark.parametrize("fixture", VERSION_1_API)
def test_binary_support_is_off_by_default_for_an_api_gateway_of_version_1(fixture: str, context: Any) -> None:
    assert not is_base64(fixture, app_of("application/octet-stream", b"text"), context)
    assert is_base64(fixture, app_of("application/octet-stream", b"text"), context, binary_support=True)


@pytest.mark.parametrize("fixture", VERSION_2 + ALB)
def test_binary_support_can_be_turned_off(fixture: str, context: Any) -> None:
    assert not is_base64(fixture, app_of("application/octet-stream", b"text"), context, binary_support=False)


@pytest.mark.parametrize("fixture", VERSION_2 + VERSION_1_API + ALB)
@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "text/html; charset=utf-8", "application/json", "application/problem+json", "application/vnd.api+json"],
)
def test_the_documented_text_types_are_text(fixture: str, content_type: str, context: Any) -> None:
    assert not is_base64(fixture, app_of(content_type, b"text"), context, binary_support=True)
    assert is_base64(fixture, app_of(content_type, b"text", ("Content-Encoding", "gzip")), context, binary_support=True)


@pytest.mark.parametrize("prefixes", [["test/custom", "application/vnd.custom"], ("test/custom", "application/vnd.custom")])
def test_the_text_types_can_be_replaced(prefixes: Any, context: Any) -> None:
    options = {"binary_support": True, "non_binary_content_type_prefixes": prefixes}
    assert not is_base64("rest-api.json", app_of("test/custom", b"text"), context, **options)
    assert not is_base64("rest-api.json", app_of("application/vnd.custom", b"text"), context, **options)
    assert is_base64("rest-api.json", app_of("text/plain", b"text"), context, **options)


def test_a_request_context_of_null_is_accepted(context: Any) -> None:
    event = {"httpMethod": "GET", "path": "/", "headers": {}, "requestContext": None}
    assert make_lambda_handler(app_of("text/plain", b"ok"))(event, context)["body"] == "ok"


def test_the_multi_value_headers_key_says_what_the_event_has(context: Any) -> None:
    seen: list[bool] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        seen.append(environ["apig_wsgi.multi_value_headers"])
        start_response("204 No Content", [])
        return []

    for fixture in ("rest-api.json", "alb.json", "alb-single.json", "function-url.json"):
        make_lambda_handler(app)(read_event(fixture), context)
    assert seen == [True, True, False, False]


def test_the_construct_turns_binary_support_on_for_a_rest_api(context: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("WRAPPED_WEB_APP_DOORS", '[{"door":"rest-api","responseMode":"buffered"}]')
    result = make_lambda_handler(app_of("image/png", b"\xff"))(read_event("rest-api.json"), context)
    assert (result["isBase64Encoded"], base64.b64decode(result["body"])) == (True, b"\xff")
