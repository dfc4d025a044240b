"""The frameworks that people use, each at its current version, behind every front door."""

from __future__ import annotations

import json
import warnings
from typing import Any

import frameworks
import pytest
from tables import read_event

from wrapped_web_app_runtime import make_lambda_handler


FORM = "name=Zo%C3%AB&tag=a&tag=b"
HANDLERS: dict[str, Any] = {}
DOORS = '[{"door":"function-url","responseMode":"buffered"},{"door":"http-api","responseMode":"buffered"},{"door":"rest-api","responseMode":"buffered"},{"door":"alb","responseMode":"buffered"}]'


def handler_of(make_app: Any, monkeypatch: Any) -> Any:
    """One handler for each framework and all front doors, as in a function with several."""
    if make_app.__name__ not in HANDLERS:
        monkeypatch.setenv("WRAPPED_WEB_APP_DOORS", DOORS)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            HANDLERS[make_app.__name__] = make_lambda_handler(make_app())
    return HANDLERS[make_app.__name__]


def request(door: str, method: str, path: str, query: str = "") -> dict[str, Any]:
    event = read_event(f"{door}.json")
    body = FORM if method == "POST" else None
    headers = {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(FORM))} if body else {}
    event["body"] = body
    for field in ("headers", "multiValueHeaders"):
        if isinstance(event.get(field), dict):
            kept = {name: value for name, value in event[field].items() if not name.lower().startswith("content-")}
            event[field] = {**kept, **{name: [value] if field != "headers" else value for name, value in headers.items()}}
    pairs = [pair.split("=") for pair in query.split("&") if pair]
    decoded: dict[str, list[str]] = {}
    for name, value in pairs:
        decoded.setdefault(name, []).append(value)
    if "rawPath" in event:
        event.update(rawPath=path, rawQueryString=query)
        event["requestContext"]["http"]["method"] = method
    else:
        event.update(path=path, httpMethod=method, multiValueQueryStringParameters=decoded,
                     queryStringParameters={name: values[-1] for name, values in decoded.items()})
        if "path" in event["requestContext"]:
            event["requestContext"]["path"] = "/live" + path
    return event


def cookies_of(result: dict[str, Any]) -> list[str]:
    if "cookies" in result:
        return list(result["cookies"])
    if "set-cookie" in result.get("multiValueHeaders", {}):
        return list(result["multiValueHeaders"]["set-cookie"])
    return [value for name, value in result["headers"].items() if name.lower() == "set-cookie"]


@pytest.mark.parametrize("door", ["function-url", "http-api", "rest-api", "alb", "alb-single"])
@pytest.mark.parametrize("make_app", frameworks.APPS)
def test_a_form_a_path_a_query_and_cookies_reach_the_app_and_come_back(make_app: Any, door: str, context: Any, monkeypatch: Any) -> None:
    event = request(door, "POST", "/echo/a b" if door == "http-api" else "/echo/a%20b", "q=1&q=2" if door != "alb-single" else "q=2")
    result = handler_of(make_app, monkeypatch)(event, context)
    assert result["statusCode"] == 200, result["body"]
    seen = json.loads(result["body"])
    address = seen.pop("address")
    assert address == ("192.0.2.7" if door == "alb-single" else "68.8.83.18")
    assert seen == {
        "rest": "a b",
        "q": ["1", "2"] if door != "alb-single" else ["2"],
        "tags": ["a", "b"],
        "name": "Zoë",
        "cookie": "abc123",
        "secure": door != "alb",
        "url": "/live/echo/x" if door == "rest-api" else "/echo/x",
    }
    assert [cookie.partition(";")[0] for cookie in cookies_of(result)] == ["a=1", "b=2"]


@pytest.mark.parametrize("door", ["function-url", "rest-api", "alb"])
@pytest.mark.parametrize("make_app", frameworks.APPS)
def test_an_image_arrives_byte_for_byte(make_app: Any, door: str, context: Any, monkeypatch: Any) -> None:
    import base64

    result = handler_of(make_app, monkeypatch)(request(door, "GET", "/image"), context)
    assert (result["statusCode"], result["isBase64Encoded"]) == (200, True)
    assert base64.b64decode(result["body"]) == bytes(range(256))


@pytest.mark.parametrize("make_app", frameworks.APPS)
def test_an_unknown_path_gets_the_framework_s_404(make_app: Any, context: Any, monkeypatch: Any) -> None:
    assert handler_of(make_app, monkeypatch)(request("alb", "GET", "/nowhere"), context)["statusCode"] == 404


def test_starlette_s_middleware_background_tasks_threads_and_streams_work(context: Any) -> None:
    import contextvars

    import anyio
    from starlette.applications import Starlette
    from starlette.background import BackgroundTask
    from starlette.middleware import Middleware
    from starlette.middleware.base import BaseHTTPMiddleware
    from starlette.responses import PlainTextResponse, StreamingResponse
    from starlette.routing import Route

    done: list[str] = []
    variable = contextvars.ContextVar("variable", default="none")

    async def background(name: str) -> None:
        await anyio.sleep(0.001)
        done.append(name)

    async def plain(request: Any) -> Any:
        with anyio.fail_after(5):
            return PlainTextResponse(variable.get(), background=BackgroundTask(background, "plain"))

    def thread(request: Any) -> Any:
        return PlainTextResponse(variable.get(), background=BackgroundTask(done.append, "thread"))

    async def stream(request: Any) -> Any:
        async def chunks() -> Any:
            yield "a"
            await anyio.sleep(0)
            yield variable.get()

        return StreamingResponse(chunks())

    async def dispatch(request: Any, call_next: Any) -> Any:
        variable.set("set")
        response = await call_next(request)
        response.headers["x-middleware"] = "1"
        return response

    routes = [Route("/plain", plain), Route("/thread", thread), Route("/stream", stream)]
    for middleware in ([], [Middleware(BaseHTTPMiddleware, dispatch=dispatch)]):
        handler = make_lambda_handler(Starlette(routes=routes, middleware=middleware))
        value = "set" if middleware else "none"
        for _ in range(2):
            for path, body in (("/plain", value), ("/thread", value), ("/stream", "a" + value)):
                result = handler(request("function-url", "GET", path), context)
                assert (result["statusCode"], result["body"]) == (200, body)
                assert ("x-middleware" in result["headers"]) == bool(middleware)
    assert done == ["plain", "thread"] * 4
