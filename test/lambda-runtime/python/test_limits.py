"""The limits of front doors on the size of a response, and bodies that are not text."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from tables import read_event

from wrapped_web_app_runtime import make_lambda_handler


def test_the_client_and_the_log_of_too_large_a_response_get_the_limit(context: Any, capsys: Any) -> None:
    def big(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"x" * 7_000_000]

    result = make_lambda_handler(big)(read_event("function-url.json"), context)
    assert result["statusCode"] == 502 and "6291556" in result["body"]
    assert "6291556" in json.loads(capsys.readouterr().err)["message"]


@pytest.mark.parametrize(
    ("client", "repeats", "expected"),
    # Python 3.11's client makes six characters of an é, base64 makes 8/3; 6.3 MB are the limit.
    [("3.13", 1_500_000, (200, False)), ("3.11", 1_500_000, (200, True)), ("3.11", 2_500_000, (502, False))],
)
def test_the_size_of_text_is_that_of_the_json_of_aws_client(
    client: str, repeats: int, expected: tuple[int, bool], context: Any, capsys: Any, monkeypatch: Any
) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
        return ["é".encode() * repeats]

    monkeypatch.setenv("AWS_EXECUTION_ENV", f"AWS_Lambda_python{client}")
    result = make_lambda_handler(app)(read_event("function-url.json"), context)
    assert (result["statusCode"], result["isBase64Encoded"]) == expected
    if result["isBase64Encoded"]:
        assert base64.b64decode(result["body"]) == "é".encode() * repeats
    capsys.readouterr()


def test_headers_that_the_runtime_adds_count(context: Any, capsys: Any) -> None:
    """10,220 bytes of the app's; `content-type: text/plain; charset=utf-8` makes too many of them."""

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("X-Big", "a" * 10_215)])
        return [b"x"]

    result = make_lambda_handler(app)(read_event("rest-api.json"), context)
    assert (result["statusCode"], result["body"]) == (
        502,
        "the response has 10257 bytes of headers, and API Gateway takes 10240; send fewer or shorter cookies and headers",
    )
    assert json.loads(capsys.readouterr().err)["message"] == result["body"]


def wsgi_app(name: str, count: int) -> Any:
    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain"), *((f"{name}-{index}", "a") for index in range(count))])
        return [b"x"]

    return app


def asgi_app(name: str, count: int) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/plain"), *((f"{name}-{index}".encode(), b"a") for index in range(count))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"x"})

    return app


@pytest.mark.parametrize("make_app", [wsgi_app, asgi_app])
@pytest.mark.parametrize(("name", "count", "status"), [("x", 300, 200), ("x" * 120, 90, 502), ("x" * 11_000, 1, 502)])
def test_header_names_count(make_app: Any, name: str, count: int, status: int, context: Any, capsys: Any) -> None:
    """Also where the names are known from an earlier response."""
    handler = make_lambda_handler(make_app(name, count))
    for _ in range(3):
        assert handler(read_event("http-api.json"), context)["statusCode"] == status
    capsys.readouterr()


def test_header_bytes_count_and_not_characters(context: Any, capsys: Any) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain"), ("X-Big", ("é" * 5_110).encode().decode("latin-1"))])
        return [b"x"]

    assert make_lambda_handler(app)(read_event("http-api.json"), context)["statusCode"] == 502
    assert "10247 bytes of headers" in json.loads(capsys.readouterr().err)["message"]


def test_binary_that_the_front_door_cannot_take_is_refused_with_a_fix(context: Any, capsys: Any) -> None:
    def image(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "image/png")])
        return [b"\x89PNG"]

    assert make_lambda_handler(image)(read_event("rest-api.json"), context)["statusCode"] == 500
    assert "binaryMediaTypes" in json.loads(capsys.readouterr().err)["message"]
