"""The entry of a bundle that the construct makes.

The bundle has a module of two lines beside the user's files:

    from wrapped_web_app_runtime.handler import serve_module
    handler = serve_module("app.main", None, "app/main.py")
"""

from __future__ import annotations

from .importer import import_app
from .lambda_handler import LambdaHandler, make_lambda_handler
from .log import log_fault


def serve_module(module_name: str, attribute: str | None, file: str) -> LambdaHandler:
    """Loads the app while Lambda's init phase lasts, and starts it up.

    :param module_name: the module's dotted name, relative to the bundle's root.
    :param attribute: what the entry names after its colon; None to look for the app.
    :param file: the entry as the user wrote it.
    :raises AppNotFound: when there is no app; it is in the log with the reason.
    """
    try:
        app = import_app(module_name, attribute, file)
        handler = app if isinstance(app, LambdaHandler) else make_lambda_handler(app)
    except BaseException as error:
        log_fault(f"the app could not be loaded from {file}", error)
        raise
    try:
        handler.start()
    except Exception as error:
        # The first request tries again, and tells its client.
        log_fault("the app failed to start up", error)
    return handler
