"""The entry of a bundle that the construct makes.

The bundle has a module of two lines beside the user's files:

    from wrapped_web_app_runtime.serve_module import serve_module
    handler = serve_module("app.main", None, "app/main.py")
"""

from __future__ import annotations

import os
from time import monotonic

from .apps.load_app import load_app
from .lambda_handler import LambdaHandler, make_lambda_handler
from .log import log_fault

#: How long the app may take for its start and its warm-up request. Lambda gives the init phase 10 seconds:
#: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
_INIT_SECONDS = 8.0


def serve_module(module_name: str, attribute: str | None, file: str) -> LambdaHandler:
    """Loads the app during Lambda's init phase, starts it, and has it answer the warm-up request, if there is one.

    :param module_name: the module's dotted name, relative to the bundle's root.
    :param attribute: the name after the entry's colon; None to look for the app under its usual names.
    :param file: the entry as the user wrote it.
    :raises AppNotFound: when there is no app. The log has the reason.
    """
    ends = monotonic() + _INIT_SECONDS
    try:
        app = load_app(module_name, attribute, file)
        handler = app if isinstance(app, LambdaHandler) else make_lambda_handler(app)
    except BaseException as error:
        log_fault(f"the app could not be loaded from {file}", error)
        raise
    try:
        handler.start()
    except Exception as error:
        # The first request tries again. If that fails too, its client gets a 500.
        log_fault("the app failed to start up", error)
    else:
        if handler.settings.warm_up is not None:
            from .warm_up import warm_up

            warm_up(handler, handler.settings.warm_up, ends - monotonic())
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
        from .snapshot import prepare_for_snapshot

        prepare_for_snapshot()
    return handler
