"""What goes wrong ends in one line of log and a proper status, and the next request is served."""

from __future__ import annotations

import asyncio
import base64
import functools
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tables import read_event

import wrapped_web_app_runtime
from wrapped_web_app_runtime import make_lambda_handler
from wrapped_web_app_runtime.apps import is_asgi


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
def test_an_app_that_fails_behind_every_door(app: Any, status: int, error: str, fixture: str, context: Any, capsys: Any) -> None:
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


def test_the_line_of_a_hanging_app_says_where_it_hung(short_context: Any, capsys: Any) -> None:
    make_lambda_handler(wsgi(hangs))(read_event("alb.json"), short_context)
    assert "in hangs" in json.loads(capsys.readouterr().err)["stackTrace"]


def test_a_response_over_the_limit_names_it(context: Any, capsys: Any) -> None:
    def big(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"x" * 7_000_000]

    result = make_lambda_handler(big)(read_event("function-url.json"), context)
    assert result["statusCode"] == 502 and "6291556" in result["body"]
    assert "6291556" in json.loads(capsys.readouterr().err)["message"]


def test_binary_that_a_door_cannot_take_names_the_fix(context: Any, capsys: Any) -> None:
    def image(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "image/png")])
        return [b"\x89PNG"]

    assert make_lambda_handler(image)(read_event("rest-api.json"), context)["statusCode"] == 500
    assert "binaryMediaTypes" in json.loads(capsys.readouterr().err)["message"]


@pytest.mark.parametrize(
    ("client", "repeats", "expected"),
    # Python 3.11's client makes six characters of an é, base64 makes 8/3; 6.3 MB are the limit.
    [("3.13", 1_500_000, (200, False)), ("3.11", 1_500_000, (200, True)), ("3.11", 2_500_000, (502, False))],
)
def test_the_size_of_text_is_what_aws_client_makes_of_it(
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


def test_an_event_through_a_door_that_the_stack_has_not_is_served_and_said_once(context: Any, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("WRAPPED_WEB_APP_DOORS", '[{"door":"alb","responseMode":"buffered"}]')
    handler = make_lambda_handler(wsgi(raises_before))
    for _ in range(2):
        assert handler({**read_event("function-url.json"), "rawPath": "/fine"}, context)["statusCode"] == 200
    line = json.loads(capsys.readouterr().err)
    assert line["level"] == "WARN" and "function-url" in line["message"] and "alb" in line["message"]


@pytest.mark.parametrize("value", ["{", '{"door":"alb"}', '[{"name":"alb"}]'])
def test_fails_on_a_contract_that_the_construct_never_writes(value: str, monkeypatch: Any) -> None:
    monkeypatch.setenv("WRAPPED_WEB_APP_DOORS", value)
    with pytest.raises(ValueError, match="WRAPPED_WEB_APP_DOORS"):
        make_lambda_handler(wsgi(raises_before))


@pytest.mark.parametrize("app", [None, 1, "app", dict], ids=["None", "int", "str", "class"])
def test_fails_on_what_is_no_app(app: Any) -> None:
    with pytest.raises(TypeError, match="WSGI or ASGI"):
        make_lambda_handler(app)


def test_a_deadline_that_passes_while_the_interpreter_ends_does_no_harm() -> None:
    program = """
import sys, time
from wrapped_web_app_runtime.deadline import Deadline

class Context:
    def get_remaining_time_in_millis(self):
        return 300

class EndsSlowly:
    def __del__(self, time=time.time):
        started = time()
        while time() - started < 0.5:
            pass

with Deadline(Context()):
    pass
sys.modules["ends slowly"] = EndsSlowly()
"""
    path = str(Path(wrapped_web_app_runtime.__file__).parents[1])
    assert subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": path}).returncode == 0


def app_kinds() -> dict[str, tuple[Any, bool]]:
    def wsgi_function(environ: Any, start_response: Any) -> Any: ...

    def asgi_function(scope: Any, receive: Any, send: Any) -> Any: ...

    async def coroutine_function(scope: Any, receive: Any, send: Any) -> None: ...

    @functools.wraps(coroutine_function)
    def decorated(*arguments: Any) -> Any: ...

    @functools.wraps(wsgi_function)
    def decorated_wsgi(*arguments: Any) -> Any: ...

    def with_default(environ: Any, start_response: Any, more: Any = None) -> Any: ...

    class Object:
        def __init__(self, app: Any = None) -> None:
            if app is not None:
                self.__wrapped__ = app

        def __call__(self, environ: Any, start_response: Any) -> Any: ...

        def method(self, scope: Any, receive: Any, send: Any) -> Any: ...

    class AsyncObject:
        async def __call__(self, *arguments: Any) -> None: ...

    return {
        "WSGI function": (wsgi_function, False),
        "ASGI function": (asgi_function, True),
        "coroutine function": (coroutine_function, True),
        "decorated ASGI": (decorated, True),
        "decorated WSGI": (decorated_wsgi, False),
        "optional third parameter": (with_default, False),
        "WSGI object": (Object(), False),
        "ASGI object": (AsyncObject(), True),
        "proxy of an ASGI function": (Object(asgi_function), True),
        "bound method": (Object().method, True),
        "partial": (functools.partial(asgi_function), True),
        "partial with a parameter": (functools.partial(asgi_function, None), False),
        "lambda": (lambda *arguments: None, False),
    }


@pytest.mark.parametrize(("app", "expected"), app_kinds().values(), ids=app_kinds().keys())
def test_the_kind_of_an_app_is_told_by_what_it_is(app: Any, expected: bool) -> None:
    assert is_asgi(app) == expected
