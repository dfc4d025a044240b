"""Detects by the signature of an app whether it is a WSGI or an ASGI application.

Most apps need only a look at their code object. This module is loaded for the others, since `inspect` takes longer to
import than this package.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator
from typing import Any


def is_asgi_by_signature(app: Any) -> bool:
    """True for ASGI, false for WSGI.

    Raises `TypeError` with what it got when `app` is neither.
    """
    if not callable(app) or (isinstance(app, type) and not _is_wsgi_class(app)):
        raise TypeError(f"app must be a WSGI or ASGI application, got {_describe(app)}")
    if type(app).__module__.partition(".")[0] == "aiohttp":
        raise TypeError(
            f"app must be a WSGI or ASGI application, got aiohttp's {type(app).__name__}, which runs on aiohttp's own server only; "
            "write the app with an ASGI framework, such as Starlette, FastAPI, Litestar or Quart"
        )
    target = app
    while isinstance(target, functools.partial):
        target = target.func
    call = getattr(type(target), "__call__", None)
    is_coroutine = inspect.iscoroutinefunction(target) or inspect.iscoroutinefunction(call)
    for each in _unwrapped(app):
        parameters = _parameters(each)
        if parameters is None:
            return is_coroutine
        if each is app and is_coroutine and not _accepts(parameters, 3):
            raise _refuse(app, parameters, "(scope, receive, send)")
        if each is app and not is_coroutine and not _accepts(parameters, 2) and not _accepts(parameters, 3):
            raise _refuse(app, parameters, "(environ, start_response) or (scope, receive, send)")
        if not _takes_any(parameters):
            # The arguments of a decorated function may be others than those of its decorator.
            return is_coroutine or (_count_required(parameters) == 3 if each is app else _accepts(parameters, 3))
    return is_coroutine


def required_parameters(app: Any) -> int | None:
    """The number of parameters without a default; None for any number, and when the signature cannot be read."""
    for each in _unwrapped(app):
        parameters = _parameters(each)
        if parameters is not None and not _takes_any(parameters):
            return _count_required(parameters)
    return None


def _unwrapped(app: Any) -> Iterator[Any]:
    """The app, and the function that its decorator wraps, and so on.

    A decorator that takes any arguments, as most do, hands them on to the function that it wraps.
    """
    for _ in range(100):
        yield app
        app = getattr(app, "__wrapped__", None)
        if not callable(app):
            return


def _parameters(app: Any) -> inspect.Signature | None:
    try:
        # Not the signature of a decorated function: `functools.wraps` says nothing about the decorator's own arguments.
        return inspect.signature(app, follow_wrapped=False)
    except (TypeError, ValueError):
        return None


def _accepts(parameters: inspect.Signature, count: int) -> bool:
    try:
        parameters.bind(*[None] * count)
    except TypeError:
        return False
    return True


def _count_required(parameters: inspect.Signature) -> int:
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return sum(1 for one in parameters.parameters.values() if one.kind not in variadic and one.default is inspect.Parameter.empty)


def _takes_any(parameters: inspect.Signature) -> bool:
    return any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in parameters.parameters.values())


def _is_wsgi_class(app: type) -> bool:
    """Whether the class itself is the app, whose instances are the responses: https://peps.python.org/pep-3333/#the-application-framework-side"""
    parameters = _parameters(app)
    return parameters is not None and hasattr(app, "__iter__") and not hasattr(app, "__len__") and _accepts(parameters, 2)


def _refuse(app: Any, parameters: inspect.Signature, wanted: str) -> TypeError:
    return TypeError(f"app must take {wanted}, got {_describe(app)} with {_count_required(parameters)} required parameters")


def _describe(value: Any) -> str:
    if isinstance(value, type):
        return f"the class {value.__name__}; pass an instance of it, as in app = {value.__name__}()"
    return f"{type(value).__name__} {value!r}"
