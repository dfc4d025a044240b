"""Runs a WSGI or ASGI app in AWS Lambda behind a Function URL, an HTTP API, a REST API or an ALB."""

from .lambda_handler import LambdaHandler, make_lambda_handler

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .background_work import wait_until

__all__ = ["LambdaHandler", "make_lambda_handler", "wait_until"]


def __getattr__(name: str) -> object:
    # Most apps have no work after their answers.
    if name == "wait_until":
        from .background_work import wait_until

        return wait_until
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
