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
    detected = _detect_by_code(app)
    if detected is not None:
        return detected
    from .signature import is_asgi_by_signature

    return is_asgi_by_signature(app)


def _detect_by_code(app: Any) -> bool | None:
    """None where the code object is not enough. To inspect a signature takes as long as to import a module."""
    function = app if type(app) is _FUNCTION else getattr(type(app), "__call__", None)
    # A decorator leaves attributes on its function, and the decorated function's parameters are the ones that count.
    if type(function) is not _FUNCTION or vars(function) or hasattr(app, "__wrapped__") or hasattr(app, "__signature__"):
        return None
    if isinstance(app, type):
        return None
    code = function.__code__
    required = code.co_argcount - (function is not app) - len(function.__defaults__ or ())
    if code.co_kwonlyargcount or required not in (2, 3):
        return None
    if code.co_flags & _COROUTINE_FLAG:
        return True if required == 3 else None
    return required == 3
