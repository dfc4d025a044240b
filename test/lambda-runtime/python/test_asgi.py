"""The http scope and the messages of the ASGI specification."""

from __future__ import annotations

import asyncio
import json
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from asgi_apps import App, answer, call
from tables import read_event

from wrapped_web_app_runtime import make_lambda_handler


def test_the_scope_has_the_fields_of_the_specification(context: Any) -> None:
    app, event = App(), read_event("rest-api.json")
    call(app, context, event)
    scope = app.scopes[1]
    assert {key: scope[key] for key in ("type", "http_version", "method", "scheme", "path", "raw_path", "root_path")} == {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": "/live/capture/space value",
        "raw_path": b"/live/capture/space%20value",
        "root_path": "/live",
    }
    assert scope["asgi"]["version"] == "3.0"
    assert scope["client"] == ("68.8.83.18", 0)
    assert scope["server"] == ("5h7pqvr9u4.execute-api.us-west-2.amazonaws.com", 443)
    assert scope["state"] == {"pool": ["a connection"]}
    assert scope["aws.event"] is event and scope["aws.context"] is context
    assert (b"x-voker-probe", b"first") in scope["headers"] and (b"x-voker-probe", b"second") in scope["headers"]


@pytest.mark.parametrize(
    ("version", "path"),
    [("0.19.1", "/capture/space value"), ("0.34.0.post1", "/capture/space value"), ("0.35.0", "/live/capture/space value"), ("1.0.0", "/live/capture/space value")],
)
def test_starlette_before_0_35_gets_the_path_without_root_path(
    context: Any, monkeypatch: pytest.MonkeyPatch, version: str, path: str
) -> None:
    monkeypatch.setitem(sys.modules, "starlette", SimpleNamespace(__version__=version))
    app = App()
    call(app, context, read_event("rest-api.json"))
    assert [app.scopes[1][key] for key in ("path", "raw_path", "root_path")] == [path, path.replace(" ", "%20").encode(), "/live"]


def test_a_second_receive_waits_for_the_response_and_then_gives_http_disconnect(context: Any) -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        seen.append((await receive())["type"])
        waiting = asyncio.create_task(receive())
        await asyncio.sleep(0.01)
        seen.append(waiting.done())
        await answer(send)
        seen.append((await waiting)["type"])

    call(app, context)
    assert seen == ["http.request", False, "http.disconnect"]


def test_an_error_after_the_response_is_logged_and_the_response_is_sent(context: Any, capsys: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await answer(send)
            raise ValueError("background")

    assert call(app, context)["body"] == "ok"
    line = json.loads(capsys.readouterr().err)
    assert line["errorMessage"] == "background" and "after its response" in line["message"]


def test_a_body_in_pieces_is_joined(context: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [[b"Content-Type", b"text/plain"]]})
            for piece in (b"one,", b"", b"two"):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body"})

    assert call(app, context)["body"] == "one,two"


def bad_apps() -> dict[str, Any]:
    async def never_starts(scope: Any, receive: Any, send: Any) -> None:
        return None

    async def never_ends(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def body_first(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.body", "body": b"x"})

    async def starts_twice(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def text(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": "text"})

    async def websocket(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "websocket.accept"})

    async def cancels_itself(scope: Any, receive: Any, send: Any) -> None:
        raise asyncio.CancelledError

    async def exits(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            raise SystemExit(3)

    apps = (never_starts, never_ends, body_first, starts_twice, text, websocket, cancels_itself, exits)
    return {app.__name__: app for app in apps}


@pytest.mark.parametrize("app", bad_apps().values(), ids=bad_apps().keys())
def test_fails_with_500_and_one_log_line_on_an_app_that_breaks_the_specification(app: Any, context: Any, capsys: Any) -> None:
    handler = make_lambda_handler(app)
    for _ in range(2):
        result = handler(read_event("alb.json"), context)
        assert (result["statusCode"], result["body"]) == (500, "Internal Server Error")
        assert json.loads(capsys.readouterr().err)["level"] == "ERROR"


def test_an_upgrade_to_websocket_is_an_http_request(context: Any) -> None:
    app, event = App(), read_event("function-url.json")
    event["headers"].update({"upgrade": "websocket", "connection": "Upgrade"})
    call(app, context, event)
    assert [scope["type"] for scope in app.scopes] == ["lifespan", "http"]
