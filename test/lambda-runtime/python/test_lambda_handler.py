"""A fault of an app is one line of log and a 5xx response, and the next request is served."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

import pytest
from tables import read_event

from wrapped_web_app_runtime import make_lambda_handler


def wsgi(fault: Any) -> Any:
    def app(environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/fine":
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"fine"]
        return fault(environ, start_response)

    return app


def asgi(fault: Any) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        if scope["path"] == "/fine":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"fine"})
        else:
            await fault(scope, receive, send)

    return app


def raises_before(environ: Any, start_response: Any) -> Any:
    raise ValueError("before")


def raises_after(environ: Any, start_response: Any) -> Any:
    start_response("200 OK", [])
    raise ValueError("after")


def raises_midway(environ: Any, start_response: Any) -> Any:
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"half"
    raise ValueError("midway")


def exits(environ: Any, start_response: Any) -> Any:
    sys.exit(1)


def hangs(environ: Any, start_response: Any) -> Any:
    time.sleep(30)


def hangs_busily(environ: Any, start_response: Any) -> Any:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            sum(range(1000))
        except Exception:
            continue


async def raises_before_async(scope: Any, receive: Any, send: Any) -> None:
    raise ValueError("before")


async def raises_midway_async(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"half", "more_body": True})
    raise ValueError("midway")


async def hangs_async(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.sleep(30)


async def hangs_uncancellably(scope: Any, receive: Any, send: Any) -> None:
    while True:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            continue


async def blocks_the_loop(scope: Any, receive: Any, send: Any) -> None:
    time.sleep(30)


FAULTS = [
    (wsgi(raises_before), 500, "ValueError"),
    (wsgi(raises_after), 500, "ValueError"),
    (wsgi(raises_midway), 500, "ValueError"),
    (wsgi(exits), 500, "SystemExit"),
    (wsgi(hangs), 504, "DeadlineExceeded"),
    (wsgi(hangs_busily), 504, "DeadlineExceeded"),
    (asgi(raises_before_async), 500, "ValueError"),
    (asgi(raises_midway_async), 500, "ValueError"),
    (asgi(hangs_async), 504, "DeadlineExceeded"),
    (asgi(hangs_uncancellably), 504, "DeadlineExceeded"),
    (asgi(blocks_the_loop), 504, "DeadlineExceeded"),
]
NAMES = [app.__closure__[0].cell_contents.__name__ for app, _, _ in FAULTS]


@pytest.mark.parametrize("fixture", ["function-url.json", "http-api.json", "rest-api.json", "alb.json", "alb-single.json"])
@pytest.mark.parametrize(("app", "status", "error"), [row for row in FAULTS if row[1] == 500], ids=[n for n in NAMES if "hang" not in n and "block" not in n])
def test_an_app_that_fails_gets_its_client_a_500_behind_every_front_door(app: Any, status: int, error: str, fixture: str, context: Any, capsys: Any) -> None:
    check(app, status, error, fixture, context, capsys)


@pytest.mark.parametrize(("app", "status", "error"), [row for row in FAULTS if row[1] == 504], ids=[n for n in NAMES if "hang" in n or "block" in n])
def test_an_app_that_never_answers_gets_its_client_504_before_the_deadline(
    app: Any, status: int, error: str, short_context: Any, capsys: Any
) -> None:
    check(app, status, error, "alb.json", short_context, capsys)
    assert short_context.get_remaining_time_in_millis() > 0


def check(app: Any, status: int, error: str, fixture: str, context: Any, capsys: Any) -> None:
    handler = make_lambda_handler(app)
    result = handler(read_event(fixture), context)
    assert result["statusCode"] == status and not result["isBase64Encoded"]
    line = json.loads(capsys.readouterr().err)
    assert (line["errorType"], line["status"], line["level"]) == (error, status, "ERROR")
    assert line["path"] == "/capture/space%20value" and line["requestId"] == context.aws_request_id
    again = handler({**read_event("function-url.json"), "rawPath": "/fine"}, type(context)())
    assert (again["statusCode"], again["body"]) == (200, "fine")


def test_the_log_line_of_an_app_that_hangs_has_its_stack(short_context: Any, capsys: Any) -> None:
    make_lambda_handler(wsgi(hangs))(read_event("alb.json"), short_context)
    assert "in hangs" in "".join(json.loads(capsys.readouterr().err)["stackTrace"])


def test_an_event_of_a_front_door_that_the_stack_does_not_have_is_served_with_one_warning(context: Any, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("WRAPPED_WEB_APP_DOORS", '[{"door":"alb","responseMode":"buffered"}]')
    handler = make_lambda_handler(wsgi(raises_before))
    for _ in range(2):
        assert handler({**read_event("function-url.json"), "rawPath": "/fine"}, context)["statusCode"] == 200
    line = json.loads(capsys.readouterr().err)
    assert line["level"] == "WARN" and "function-url" in line["message"] and "alb" in line["message"]
