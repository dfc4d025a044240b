"""The context object of a handler, with the attributes that AWS's own client gives it.

https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
"""

from __future__ import annotations

import json
import os
import sys
import time
from http.client import HTTPMessage
from types import SimpleNamespace
from typing import Any

_CLIENT_FIELDS = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class LambdaContext:
    """The context of one invocation, from its headers and the function's environment."""

    def __init__(self, headers: HTTPMessage) -> None:
        environ = os.environ
        self.aws_request_id = headers.get("Lambda-Runtime-Aws-Request-Id", "")
        self.invoked_function_arn = headers.get("Lambda-Runtime-Invoked-Function-Arn")
        self.tenant_id = headers.get("Lambda-Runtime-Aws-Tenant-Id")
        self.function_name = environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.function_version = environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.memory_limit_in_mb = environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.log_group_name = environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.identity = _read_identity(headers.get("Lambda-Runtime-Cognito-Identity"))
        self.client_context = _read_client_context(headers.get("Lambda-Runtime-Client-Context"))
        self._deadline_ms = int(headers.get("Lambda-Runtime-Deadline-Ms") or 0)

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends this invocation; never less than zero."""
        return max(self._deadline_ms - int(time.time() * 1000), 0)

    def log(self, message: object) -> None:
        """Writes a message to the function's log, unchanged."""
        sys.stdout.write(str(message))


def _read_identity(header: str | None) -> SimpleNamespace:
    identity = _read_json(header) or {}
    return SimpleNamespace(
        cognito_identity_id=identity.get("cognitoIdentityId"),
        cognito_identity_pool_id=identity.get("cognitoIdentityPoolId"),
    )


def _read_client_context(header: str | None) -> SimpleNamespace | None:
    context = _read_json(header)
    if context is None:
        return None
    client = context.get("client")
    return SimpleNamespace(
        custom=context.get("custom"),
        env=context.get("env"),
        client=None
        if client is None
        else SimpleNamespace(**{field: client.get(field) for field in _CLIENT_FIELDS}),
    )


def _read_json(header: str | None) -> Any:
    return json.loads(header) if header else None
