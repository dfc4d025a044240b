"""Whether an app is a WSGI or an ASGI application."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from wrapped_web_app_runtime import make_lambda_handler
from wrapped_web_app_runtime.apps import is_asgi


def app_kinds() -> dict[str, tuple[Any, bool]]:
    def wsgi_function(environ: Any, start_response: Any) -> Any: ...

    def asgi_function(scope: Any, receive: Any, send: Any) -> Any: ...

    async def coroutine_function(scope: Any, receive: Any, send: Any) -> None: ...

    @functools.wraps(coroutine_function)
    def decorated(*arguments: Any) -> Any: ...

    @functools.wraps(wsgi_function)
    def decorated_wsgi(*arguments: Any) -> Any: ...

    def with_default(environ: Any, start_response: Any, more: Any = None) -> Any: ...

    @functools.wraps(lambda request: None)
    def request_function(environ: Any, start_response: Any) -> Any: ...

    @functools.wraps(lambda request: None)
    def request_function_of_any(*arguments: Any) -> Any: ...

    @functools.wraps(lambda request: None)
    def asgi_request_function(scope: Any, receive: Any, send: Any) -> Any: ...

    @functools.wraps(lambda request: None)
    async def coroutine_of_any(*arguments: Any) -> None: ...

    class Proxy:
        def __init__(self, app: Any) -> None:
            self.__wrapped__ = app

        def __call__(self, *arguments: Any) -> Any: ...

    class ResponseClass:
        def __init__(self, environ: Any, start_response: Any) -> None: ...

        def __iter__(self) -> Any: ...

    class Object:
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
        "proxy of an ASGI function": (Proxy(asgi_function), True),
        "WSGI made of a function of a request": (request_function, False),
        "WSGI made of a function of a request, of any arguments": (request_function_of_any, False),
        "ASGI made of a function of a request": (asgi_request_function, True),
        "coroutine function made of a function of a request": (coroutine_of_any, True),
        "class whose instances are WSGI responses": (ResponseClass, False),
        "bound method": (Object().method, True),
        "partial": (functools.partial(asgi_function), True),
        "partial with a parameter": (functools.partial(asgi_function, None), False),
        "lambda": (lambda *arguments: None, False),
    }


@pytest.mark.parametrize(("app", "expected"), app_kinds().values(), ids=app_kinds().keys())
def test_wsgi_and_asgi_apps_are_told_apart(app: Any, expected: bool) -> None:
    assert is_asgi(app) == expected


class CallableMeta(type):
    def __call__(cls, environ: Any, start_response: Any) -> Any: ...


class Callable(metaclass=CallableMeta): ...


@pytest.mark.parametrize("app", [None, 1, "app", dict, Callable], ids=["None", "int", "str", "class", "class with a metaclass"])
def test_fails_on_a_value_that_is_not_an_app(app: Any) -> None:
    with pytest.raises(TypeError, match="WSGI or ASGI"):
        make_lambda_handler(app)


async def request_handler(request: Any) -> None: ...


class NoArguments:
    def __call__(self) -> Any: ...


class AsyncRequestHandler:
    async def __call__(self, request: Any) -> None: ...


@pytest.mark.parametrize(
    ("app", "message"),
    [
        (request_handler, r"must take \(scope, receive, send\), got .* with 1 required"),
        (AsyncRequestHandler(), r"must take \(scope, receive, send\)"),
        (NoArguments(), r"must take \(environ, start_response\) or \(scope, receive, send\), got .* with 0 required"),
        (AsyncRequestHandler, r"pass an instance of it, as in app = AsyncRequestHandler\(\)"),
    ],
    ids=["coroutine function of a request", "coroutine object of a request", "object without parameters", "class"],
)
def test_fails_on_an_app_that_no_server_could_call(app: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        make_lambda_handler(app)


def test_fails_on_an_app_of_aiohttp_with_what_to_write(monkeypatch: Any) -> None:
    # `aiohttp.web.Application` can be called, for the worker that gunicorn has for it.
    application = type("Application", (), {"__call__": lambda self: self, "__module__": "aiohttp.web_app"})
    with pytest.raises(TypeError, match="got aiohttp's Application, which runs on aiohttp's own server only; write the app with an ASGI"):
        make_lambda_handler(application())
