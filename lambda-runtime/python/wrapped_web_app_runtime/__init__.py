"""Runs a WSGI or ASGI app in AWS Lambda behind a Function URL, an HTTP API, a REST API or an ALB."""

from .lambda_handler import LambdaHandler, make_lambda_handler

__all__ = ["LambdaHandler", "make_lambda_handler"]
