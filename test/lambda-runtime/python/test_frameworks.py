"""The frameworks that people use, each at its current version, behind every door."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest
from tables import read_event

from wrapped_web_app_runtime import make_lambda_handler

FORM = "name=Zo%C3%AB&tag=a&tag=b"


def flask_app() -> Any:
    from flask import Flask, Response, jsonify, request, url_for

    app = Flask("flask_app")

    @app.route("/echo/<path:rest>", methods=["POST"])
    def echo(rest: str) -> Any:
        response = jsonify(rest=rest, q=request.args.getlist("q"), tags=request.form.getlist("tag"),
                           name=request.form["name"], cookie=request.cookies.get("session"), secure=request.is_secure,
                           address=request.remote_addr, url=url_for("echo", rest="x"))
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        return response

    @app.get("/image")
    def image() -> Any:
        return Response(bytes(range(256)), mimetype="image/png")

    @app.get("/fails")
    def fails() -> Any:
        raise ValueError("on purpose")

    return app


def create_app() -> Any:
    return flask_app()


def bottle_app() -> Any:
    import bottle

    app = bottle.Bottle()

    @app.post("/echo/<rest:path>")
    def echo(rest: str) -> Any:
        request = bottle.request
        bottle.response.set_cookie("a", "1")
        bottle.response.set_cookie("b", "2")
        return {"rest": rest, "q": request.query.getall("q"), "tags": request.forms.getall("tag"),
                "name": request.forms.getunicode("name"), "cookie": request.get_cookie("session"),
                "secure": request.urlparts.scheme == "https", "address": request.remote_addr,
                "url": request.script_name.rstrip("/") + "/echo/x"}

    @app.get("/image")
    def image() -> Any:
        bottle.response.content_type = "image/png"
        return bytes(range(256))

    return app


def falcon_app() -> Any:
    import falcon

    class Echo:
        def on_post(self, request: Any, response: Any, rest: str) -> None:
            form = request.get_media()
            response.media = {"rest": rest, "q": request.get_param_as_list("q"), "tags": form["tag"], "name": form["name"],
                              "cookie": request.cookies.get("session"), "secure": request.scheme == "https",
                              "address": request.remote_addr, "url": request.root_path + "/echo/x"}
            response.set_cookie("a", "1")
            response.set_cookie("b", "2")

    class Image:
        def on_get(self, request: Any, response: Any) -> None:
            response.content_type, response.data = "image/png", bytes(range(256))

    app = falcon.App()
    app.add_route("/echo/{rest:path}", Echo())
    app.add_route("/image", Image())
    return app


def starlette_app() -> Any:
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    async def echo(request: Any) -> Any:
        form = await request.form()
        response = JSONResponse({"rest": request.path_params["rest"], "q": request.query_params.getlist("q"),
                                 "tags": form.getlist("tag"), "name": form["name"], "cookie": request.cookies.get("session"),
                                 "secure": request.url.scheme == "https", "address": request.client.host,
                                 "url": request.url_for("echo", rest="x").path})
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        return response

    async def image(request: Any) -> Any:
        return Response(bytes(range(256)), media_type="image/png")

    return Starlette(routes=[Route("/echo/{rest:path}", echo, methods=["POST"]), Route("/image", image)])


def fastapi_app() -> Any:
    from fastapi import FastAPI, Form, Query, Request, Response

    app = FastAPI()

    def echo(rest: str, request: Request, response: Response, q: Any = Query(), name: str = Form(), tag: Any = Form()) -> Any:
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        return {"rest": rest, "q": q, "tags": tag, "name": name, "cookie": request.cookies.get("session"),
                "secure": request.url.scheme == "https", "address": request.client.host if request.client else None,
                "url": request.url_for("echo", rest="x").path}

    # The annotations of this file are strings, which FastAPI would look for among the module's names.
    echo.__annotations__.update({"request": Request, "response": Response, "q": list[str], "tag": list[str]})
    app.post("/echo/{rest:path}")(echo)

    @app.get("/image")
    def image() -> Any:
        return Response(bytes(range(256)), media_type="image/png")

    return app


def litestar_app() -> Any:
    from litestar import Litestar, Request, Response, get, post
    from litestar.datastructures import Cookie

    async def echo(request: Any) -> Any:
        form = await request.form()
        return Response({"rest": request.path_params["rest"].lstrip("/"), "q": request.query_params.getall("q"),
                         "tags": form.getall("tag"), "name": form["name"], "cookie": request.cookies.get("session"),
                         "secure": request.url.scheme == "https", "address": request.client.host,
                         "url": request.scope["root_path"] + "/echo/x"}, cookies=[Cookie("a", value="1"), Cookie("b", value="2")])

    echo.__annotations__.update({"request": Request, "return": Response})

    def image() -> Any:
        return Response(bytes(range(256)), media_type="image/png")

    image.__annotations__["return"] = Response
    routes = [post("/echo/{rest:path}", status_code=200)(echo), get("/image", sync_to_thread=False)(image)]
    return Litestar(routes, logging_config=None)


def quart_app() -> Any:
    from quart import Quart, Response, jsonify, request, url_for

    app = Quart("quart_app")

    @app.route("/echo/<path:rest>", methods=["POST"])
    async def echo(rest: str) -> Any:
        form = await request.form
        response = jsonify(rest=rest, q=request.args.getlist("q"), tags=form.getlist("tag"), name=form["name"],
                           cookie=request.cookies.get("session"), secure=request.is_secure, address=request.remote_addr,
                           url=url_for("echo", rest="x"))
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        return response

    @app.get("/image")
    async def image() -> Any:
        return Response(bytes(range(256)), mimetype="image/png")

    return app


def django_urls() -> Any:
    from django.http import HttpResponse, JsonResponse
    from django.urls import path, reverse

    def echo(request: Any, rest: str) -> Any:
        response = JsonResponse({"rest": rest, "q": request.GET.getlist("q"), "tags": request.POST.getlist("tag"),
                                 "name": request.POST["name"], "cookie": request.COOKIES.get("session"),
                                 "secure": request.is_secure(), "address": request.META["REMOTE_ADDR"] if "REMOTE_ADDR" in request.META else None,
                                 "url": reverse("echo", args=["x"])})
        response.set_cookie("a", "1")
        response.set_cookie("b", "2")
        return response

    def image(request: Any) -> Any:
        return HttpResponse(bytes(range(256)), content_type="image/png")

    return [path("echo/<path:rest>", echo, name="echo"), path("image", image)]


def set_up_django() -> None:
    import sys
    import types

    from django.conf import settings

    if settings.configured:
        return
    urls = types.ModuleType("django_test_urls")
    sys.modules["django_test_urls"] = urls
    settings.configure(ROOT_URLCONF="django_test_urls", ALLOWED_HOSTS=["*"], SECRET_KEY="secret",
                       SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"))
    import django

    django.setup()
    urls.urlpatterns = django_urls()  # type: ignore[attr-defined]


def django_wsgi_app() -> Any:
    set_up_django()
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def django_asgi_app() -> Any:
    set_up_django()
    from django.core.asgi import get_asgi_application

    return get_asgi_application()


APPS = [flask_app, create_app, bottle_app, falcon_app, starlette_app, fastapi_app, litestar_app, quart_app, django_wsgi_app, django_asgi_app]
HANDLERS: dict[str, Any] = {}
DOORS = '[{"door":"function-url","responseMode":"buffered"},{"door":"http-api","responseMode":"buffered"},{"door":"rest-api","responseMode":"buffered"},{"door":"alb","responseMode":"buffered"}]'


def handler_of(make_app: Any, monkeypatch: Any) -> Any:
    """One handler for each framework and all doors, as one function has."""
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
@pytest.mark.parametrize("make_app", APPS)
def test_a_form_a_path_a_query_and_cookies_pass_both_ways(make_app: Any, door: str, context: Any, monkeypatch: Any) -> None:
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
@pytest.mark.parametrize("make_app", APPS)
def test_an_image_arrives_byte_for_byte(make_app: Any, door: str, context: Any, monkeypatch: Any) -> None:
    import base64

    result = handler_of(make_app, monkeypatch)(request(door, "GET", "/image"), context)
    assert (result["statusCode"], result["isBase64Encoded"]) == (200, True)
    assert base64.b64decode(result["body"]) == bytes(range(256))


@pytest.mark.parametrize("make_app", APPS)
def test_a_path_that_is_not_there_is_the_framework_s_404(make_app: Any, context: Any, monkeypatch: Any) -> None:
    assert handler_of(make_app, monkeypatch)(request("alb", "GET", "/nowhere"), context)["statusCode"] == 404


def test_starlette_s_middleware_background_tasks_threads_and_streams(context: Any) -> None:
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
