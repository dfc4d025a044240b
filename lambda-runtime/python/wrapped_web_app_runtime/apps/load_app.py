"""Loads the app from the user's module, as the construct's `entry` names it.

Every error is an `AppNotFound`, and not an `ImportError`: AWS's client reports an `ImportError` of the handler module
without its traceback.
"""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from ..lambda_handler import LambdaHandler
from . import is_asgi
from .signature import required_parameters

#: Where apps are looked for, in this order, when the entry names none.
APP_NAMES = ("app", "application", "api")
FACTORY_NAMES = ("create_app", "make_app", "create_application", "get_app")


class AppNotFound(Exception):
    """The entry cannot be loaded. The message says what the module has and what to write."""


def load_app(module_name: str, attribute: str | None, file: str) -> Any:
    """The app in a module, the one that the module's factory makes, or the user's own `LambdaHandler`.

    :param module_name: the module's dotted name, relative to the import root.
    :param attribute: the app's name in the module, with dots for attributes of attributes; None to look for it.
    :param file: the entry as the user wrote it, for messages.
    """
    module = _import_module(module_name, file)
    if attribute is not None:
        return _make_app(_find_attribute(module, attribute, file), f"{file}:{attribute}")
    for name in APP_NAMES:
        if hasattr(module, name) and not inspect.ismodule(getattr(module, name)):
            return _make_app(getattr(module, name), f"{file}:{name}")
    for name in FACTORY_NAMES:
        if callable(getattr(module, name, None)):
            return _make_app(getattr(module, name), f"{file}:{name}")
    raise AppNotFound(
        f"{file} has no {', '.join(APP_NAMES)} and no {' or '.join(FACTORY_NAMES[:1])}(); {_list_names(module)}; "
        f"name the app in the entry, as in '{file}:name'"
    )


def _import_module(module_name: str, file: str) -> Any:
    try:
        return importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        # The module or one of its packages is missing, as opposed to a module that it imports.
        if error.name is not None and (module_name == error.name or module_name.startswith(error.name + ".")):
            raise AppNotFound(
                f"{file} cannot be imported as {module_name}: there is no module {error.name!r} in the bundle; "
                "the import root must be the folder that the app's own imports start from"
            ) from error
        raise AppNotFound(
            f"{file} imports {error.name!r}, which is not in the bundle; add it to the app's dependencies"
        ) from error
    except ImportError as error:
        raise AppNotFound(f"{file} failed while it was imported: {error}") from error


def _find_attribute(module: Any, attribute: str, file: str) -> Any:
    found = module
    for part in attribute.split("."):
        if not hasattr(found, part):
            raise AppNotFound(f"{file} has no {attribute!r}; {_list_names(module)}")
        found = getattr(found, part)
    return found


def _make_app(found: Any, where: str) -> Any:
    if isinstance(found, LambdaHandler):
        return found
    name = where.rpartition(":")[2].rpartition(".")[2]
    is_factory = name in FACTORY_NAMES and not isinstance(found, type)
    required = required_parameters(found) if is_factory or inspect.isroutine(found) else None
    if required and is_factory:
        raise AppNotFound(
            f"the factory {where} takes arguments, {name}{_describe_signature(found)}, which nobody gives; "
            f"give each a default, or write a variable for the app, as in app = {name}(…), and name that in the entry"
        )
    if required == 0 or (required is None and is_factory):
        made = _call_factory(found, where)
        if isinstance(made, LambdaHandler):
            return made
        if not callable(made):
            raise AppNotFound(f"the factory {where} must return a WSGI or ASGI application, got {made!r}")
        _check(made, f"the factory {where}")
        return made
    _check(found, where)
    return found


def _check(app: Any, where: str) -> None:
    try:
        is_asgi(app)
    except TypeError as error:
        hint = "; if it is a factory, write a variable for the app that it makes" if inspect.isroutine(app) else ""
        raise AppNotFound(f"{where}: {error}{hint}") from error


def _describe_signature(factory: Any) -> str:
    return str(inspect.signature(factory)).partition(" -> ")[0]


def _call_factory(factory: Any, where: str) -> Any:
    made = factory()
    if inspect.isawaitable(made):
        # On the loop that serves requests later, since connections belong to the loop that they were opened on.
        from .event_loop import environment_loop

        async def wait() -> Any:
            return await made

        return environment_loop().run_until_complete(wait())
    return made


def _list_names(module: Any) -> str:
    names = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and callable(value) and getattr(value, "__module__", None) == module.__name__
    ]
    return f"it defines {', '.join(sorted(names))}" if names else "it defines nothing that can be called"
