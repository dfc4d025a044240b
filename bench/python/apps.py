"""The same app in each framework, made by the framework's name."""

import json

SMALL = {"hello": "world", "ok": True, "items": [1, 2, 3], "user": {"id": 7, "name": "Ada"}}
LARGE = [
    {"id": i, "name": f"user-{i}", "email": f"user-{i}@example.com", "tags": ["a", "b", "c"], "active": i % 2 == 0}
    for i in range(1000)
]


def image_of(size: int) -> bytes:
    """Binary data, the same as in the apps for Node."""
    image = bytearray(size)
    state = 1
    for i in range(size):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        image[i] = (state >> 16) & 0xFF
    return bytes(image)


IMAGES: dict[str, bytes] = {}
MANY_HEADERS = [(f"x-answer-{i}", f"value {i}") for i in range(40)]
COOKIES = [f"cookie{i}=value{i}; Path=/; HttpOnly; Expires=Wed, 01 Jan 2031 00:00:00 GMT" for i in range(5)]


def seen(headers: dict) -> dict:
    lower = {name.lower(): value for name, value in headers.items()}
    return {"count": sum(name.startswith("x-ask-") for name in lower), "cookie": lower.get("cookie")}


def own_path(request) -> str:
    """The path of an ASGI request without the stage of a REST API."""
    return request.scope["path"].removeprefix(request.scope["root_path"])


def make_app(framework: str):
    if framework in ("flask", "django", "starlette", "fastapi"):
        return globals()[f"make_{framework}"]()
    raise SystemExit(f"framework must be flask, django, starlette or fastapi, got {framework}")


def make_flask():
    from flask import Flask, Response, jsonify, request

    app = Flask(__name__)
    app.json.ensure_ascii = False

    @app.get("/json")
    def small():
        return jsonify(SMALL)

    @app.get("/large")
    def large():
        return jsonify(LARGE)

    @app.post("/echo")
    def echo():
        return jsonify(request.get_json())

    @app.post("/upload")
    def upload():
        return jsonify({"bytes": len(request.get_data())})

    @app.get("/headers")
    def headers():
        response = jsonify(seen(dict(request.headers.items())))
        for name, value in MANY_HEADERS:
            response.headers[name] = value
        for cookie in COOKIES:
            response.headers.add("set-cookie", cookie)
        return response

    @app.get("/image")
    @app.get("/image-alb")
    def image():
        return Response(IMAGES[request.path], mimetype="image/png")

    return app


def make_django():
    import django
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse, JsonResponse
    from django.urls import path

    def answer_headers(request):
        response = JsonResponse(seen(dict(request.headers.items())))
        for name, value in MANY_HEADERS:
            response[name] = value
        for cookie in COOKIES:
            name, _, rest = cookie.partition("=")
            value = rest.partition(";")[0]
            response.set_cookie(name, value, httponly=True, expires="Wed, 01 Jan 2031 00:00:00 GMT")
        return response

    def image(request):
        # Behind a REST API the whole path begins with the stage.
        return HttpResponse(IMAGES[request.path_info], content_type="image/png")

    urlpatterns = [
        path("json", lambda request: JsonResponse(SMALL)),
        path("large", lambda request: JsonResponse(LARGE, safe=False)),
        path("echo", lambda request: JsonResponse(json.loads(request.body), safe=False)),
        path("upload", lambda request: JsonResponse({"bytes": len(request.body)})),
        path("headers", answer_headers),
        path("image", image),
        path("image-alb", image),
    ]
    settings.configure(
        DEBUG=False,
        SECRET_KEY="only for the bench",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=type("Urls", (), {"urlpatterns": urlpatterns}),
        DATA_UPLOAD_MAX_MEMORY_SIZE=4 * 1024 * 1024,
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        LOGGING_CONFIG=None,
    )
    django.setup()
    return get_wsgi_application()


def make_starlette():
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    async def small(request):
        return JSONResponse(SMALL)

    async def large(request):
        return JSONResponse(LARGE)

    async def echo(request):
        return JSONResponse(await request.json())

    async def upload(request):
        return JSONResponse({"bytes": len(await request.body())})

    async def headers(request):
        response = JSONResponse(seen(dict(request.headers.items())))
        for name, value in MANY_HEADERS:
            response.headers[name] = value
        for cookie in COOKIES:
            response.headers.append("set-cookie", cookie)
        return response

    async def image(request):
        return Response(IMAGES[own_path(request)], media_type="image/png")

    return Starlette(
        routes=[
            Route("/json", small),
            Route("/large", large),
            Route("/echo", echo, methods=["POST"]),
            Route("/upload", upload, methods=["POST"]),
            Route("/headers", headers),
            Route("/image", image),
            Route("/image-alb", image),
        ]
    )


def make_fastapi():
    from fastapi import FastAPI, Request
    from fastapi.responses import JSONResponse, Response

    app = FastAPI()

    @app.get("/json")
    async def small():
        return JSONResponse(SMALL)

    @app.get("/large")
    async def large():
        return JSONResponse(LARGE)

    @app.post("/echo")
    async def echo(request: Request):
        return JSONResponse(await request.json())

    @app.post("/upload")
    async def upload(request: Request):
        return JSONResponse({"bytes": len(await request.body())})

    @app.get("/headers")
    async def headers(request: Request):
        response = JSONResponse(seen(dict(request.headers.items())))
        for name, value in MANY_HEADERS:
            response.headers[name] = value
        for cookie in COOKIES:
            response.headers.append("set-cookie", cookie)
        return response

    @app.get("/image")
    @app.get("/image-alb")
    async def image(request: Request):
        return Response(IMAGES[own_path(request)], media_type="image/png")

    return app
