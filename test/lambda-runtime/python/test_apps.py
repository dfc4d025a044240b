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
def test_wsgi_and_asgi_apps_are_told_apart(app: Any, expected: bool) -> None:
    assert is_asgi(app) == expected


class CallableMeta(type):
    def __call__(cls, environ: Any, start_response: Any) -> Any: ...


class Callable(metaclass=CallableMeta): ...


@pytest.mark.parametrize("app", [None, 1, "app", dict, Callable], ids=["None", "int", "str", "class", "class with a metaclass"])
def test_fails_on_a_value_that_is_not_an_app(app: Any) -> None:
    with pytest.raises(TypeError, match="WSGI or ASGI"):
        make_lambda_handler(app)
