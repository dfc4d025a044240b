"""Every case of responses.json, answered by a WSGI app under wsgiref.validate and by an ASGI app."""

from __future__ import annotations

import base64
import json
from http import HTTPStatus
from typing import Any, cast

import pytest
from tables import settings_environ, make_event, read_cases, remove

from wrapped_web_app_runtime import LambdaHandler
from wrapped_web_app_runtime.settings import settings_from_environment
from wrapped_web_app_runtime.streaming.streamed_response import StreamedSink

CASES = [case for case in read_cases("responses.json") if case.get("compare") != "stream"]
STREAMS = [case for case in read_cases("responses.json") if case.get("compare") == "stream"]


def read_body(app: dict[str, Any]) -> bytes:
    if "bodyRepeat" in app:
        character, times = app["bodyRepeat"]
        return character.encode("latin-1") * times
    return base64.b64decode(app["body"])


def read_headers(app: dict[str, Any]) -> list[tuple[str, str]]:
    headers = [(name, value) for name, value in app["headers"]]
    if "headerRepeat" in app:
        name, character, times = app["headerRepeat"]
        headers.append((name, character * times))
    return headers


def wsgi_app(app: dict[str, Any]) -> Any:
    body = read_body(app)

    def run(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        reason = app.get("reason", HTTPStatus(app["status"]).phrase)
        start_response(f"{app['status']} {reason}", read_headers(app))
        return [body[:5], body[5:]]

    return run


def asgi_app(app: dict[str, Any]) -> Any:
    body = read_body(app)

    async def run(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        headers = [(name.encode(), value.encode("latin-1")) for name, value in read_headers(app)]
        await send({"type": "http.response.start", "status": app["status"], "headers": headers})
        await send({"type": "http.response.body", "body": body[:5], "more_body": True})
        await send({"type": "http.response.body", "body": body[5:]})

    return run


@pytest.mark.parametrize("make_app", [wsgi_app, asgi_app])
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_response(case: dict[str, Any], make_app: Any, context: Any, capfd: Any) -> None:
    handler = LambdaHandler(make_app(case["app"]), settings_from_environment(settings_environ(case)))
    result = handler(make_event(case["event"]), context)
    for path in case.get("ignore", []):
        remove(result, path)
    expected = case["expected"]
    if case.get("compare") == "status":
        assert result["statusCode"] == expected["statusCode"]
        assert expected.get("bodyIncludes", "") in result["body"]
        # A fault is one line of log, anything else none.
        assert len(capfd.readouterr().err.splitlines()) == (expected["statusCode"] >= 400)
    else:
        assert result == expected


def wsgi_stream(app: dict[str, Any]) -> Any:
    def run(environ: dict[str, Any], start_response: Any) -> Any:
        start_response(f"{app['status']} OK", read_headers(app))
        return (base64.b64decode(chunk) for chunk in app["chunks"])

    return run


def asgi_stream(app: dict[str, Any]) -> Any:
    async def run(scope: Any, receive: Any, send: Any) -> None:
        headers = [(name.encode(), value.encode("latin-1")) for name, value in read_headers(app)]
        await send({"type": "http.response.start", "status": app["status"], "headers": headers})
        for chunk in app["chunks"]:
            await send({"type": "http.response.body", "body": base64.b64decode(chunk), "more_body": True})
        await send({"type": "http.response.body"})

    return run


class Stream:
    """What the Runtime API gets of one response."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data += data


@pytest.mark.parametrize("make_app", [wsgi_stream, asgi_stream])
@pytest.mark.parametrize("case", STREAMS, ids=[case["name"] for case in STREAMS])
def test_stream(case: dict[str, Any], make_app: Any, context: Any) -> None:
    handler = LambdaHandler(make_app(case["app"]), settings_from_environment(settings_environ(case)))
    event, stream = make_event(case["event"]), Stream()
    event_format = handler.streaming_format(event)
    assert event_format is not None
    request = event_format.parse(event, handler.settings)
    sink: Any = StreamedSink(cast(Any, stream), event_format, request.method)
    assert handler.run(request, event, context, event_format, sink) is None
    head, _, body = stream.data.partition(bytes(8))
    assert {"prelude": json.loads(head), "body": base64.b64encode(body).decode()} == case["expected"]
