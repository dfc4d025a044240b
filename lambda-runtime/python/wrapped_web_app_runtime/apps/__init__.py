"""Detects whether an app is a WSGI or an ASGI application, and makes what runs it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .asgi import AsgiRunner
    from .wsgi import WsgiRunner

_FUNCTION = type(lambda: None)
_COROUTINE_FLAG = 0x80


def make_runner(app: Any) -> WsgiRunner | AsgiRunner:
    """Raises `TypeError` when `app` is neither a WSGI nor an ASGI application."""
    if not is_asgi(app):
        from .wsgi import WsgiRunner

        return WsgiRunner(app)
    # asyncio takes longer to import than all of this package, and WSGI apps need none of it.
    from .asgi import AsgiRunner

    return AsgiRunner(app)


def is_asgi(app: Any) -> bool:
    """True for ASGI, false for WSGI.

    Raises `TypeError` with what it got when `app` is neither.
    """
    if not callable(app) or isinstance(app, type):
        raise TypeError(f"app must be a WSGI or ASGI application, got {_describe(app)}")
    detected = _detect_by_code(app)
    return _detect_by_signature(app) if detected is None else detected


def _detect_by_code(app: Any) -> bool | None:
    """None where the code object is not enough. To inspect a signature takes as long as to import a module."""
    function = app if type(app) is _FUNCTION else getattr(type(app), "__call__", None)
    # A decorator leaves attributes on its function, and the decorated function's parameters are the ones that count.
    if type(function) is not _FUNCTION or vars(function) or hasattr(app, "__wrapped__") or hasattr(app, "__signature__"):
        return None
    code = function.__code__
    if code.co_flags & _COROUTINE_FLAG:
        return True
    required = code.co_argcount - (function is not app) - len(function.__defaults__ or ())
    return required == 3 if required in (2, 3) else None


def _detect_by_signature(app: Any) -> bool:
    import functools
    import inspect

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
    import inspect

    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        return None
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(1 for one in parameters if one.kind in positional and one.default is inspect.Parameter.empty)


def _takes_any(app: Any) -> bool:
    import inspect

    return any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in inspect.signature(app).parameters.values())


def _describe(value: Any) -> str:
    if isinstance(value, type):
        return f"the class {value.__name__}; pass an instance of it"
    return f"{type(value).__name__} {value!r}"
