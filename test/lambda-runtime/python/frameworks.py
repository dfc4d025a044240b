"""One app for each framework. Each echoes a form, sets two cookies and sends an image."""

from __future__ import annotations

from typing import Any


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


APPS = [
    flask_app,
    create_app,
    bottle_app,
    falcon_app,
    starlette_app,
    fastapi_app,
    litestar_app,
    quart_app,
    django_wsgi_app,
    django_asgi_app,
]
