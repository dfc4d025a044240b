"""Detects by the signature of an app whether it is a WSGI or an ASGI application.

Most apps need only a look at their code object. This module is loaded for the others, since `inspect` takes longer to
import than this package.
"""

from __future__ import annotations

import functools
import inspect
from typing import Any


def is_asgi_by_signature(app: Any) -> bool:
    """True for ASGI, false for WSGI.

    Raises `TypeError` with what it got when `app` is neither.
    """
    if not callable(app) or isinstance(app, type):
        raise TypeError(f"app must be a WSGI or ASGI application, got {_describe(app)}")
    target = app
    while isinstance(target, functools.partial):
        target = target.func
    call = getattr(type(target), "__call__", None)
    if inspect.iscoroutinefunction(target) or inspect.iscoroutinefunction(call):
        return True
    required = required_parameters(app)
    if required == 3:
        return True
    if required is not None and required not in (0, 2) and not _takes_any(app):
        raise TypeError(
            f"app must take (environ, start_response) or (scope, receive, send), got {_describe(app)} "
            f"with {required} required parameters"
        )
    return False


def required_parameters(app: Any) -> int | None:
    """The number of positional parameters without a default; None when the signature cannot be read."""
    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        return None
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(1 for one in parameters if one.kind in positional and one.default is inspect.Parameter.empty)


def _takes_any(app: Any) -> bool:
    return any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in inspect.signature(app).parameters.values())


def _describe(value: Any) -> str:
    if isinstance(value, type):
        return f"the class {value.__name__}; pass an instance of it"
    return f"{type(value).__name__} {value!r}"
