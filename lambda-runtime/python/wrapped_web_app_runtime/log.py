"""Writes one entry of the function's log to stderr, for each fault: a JSON object where the function logs in JSON, else text.

The entries do not go through `logging`: the app's logging configuration may disable loggers that it does not know, as
Django's does by default, and a fault must always be seen. The field names of JSON are those of AWS's runtimes; `traceId` is
that of .NET's, the only one that has it.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
"""

from __future__ import annotations

import errno
import json
import os
import re
import sys
import time
import traceback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
#: Front door, method and path of the request that the environment has, which the handler sets: it has one at a time.
#: Entries with a context are about it.
request: tuple[str, str, str] | None = None


def log_fault(message: str, error: BaseException | None = None, context: object = None, **fields: Any) -> None:
    """Logs what went wrong with a request, whose client gets a 5xx response."""
    _write_line("ERROR", message, error, context, fields)


def log_warning(message: str, context: object = None, **fields: Any) -> None:
    """Logs a problem that did not prevent a response, or a request that was refused."""
    _write_line("WARN", message, None, context, fields)


def log_info(message: str, context: object = None) -> None:
    """Logs what somebody asked for, such as the output of a command."""
    _write_line("INFO", message, None, context, {})


def _write_line(level: str, message: str, error: BaseException | None, context: object, fields: dict[str, Any]) -> None:
    configured = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    if configured in _LEVELS and _LEVELS.index(level) < _LEVELS.index(configured):
        return
    if error is not None and (remedy := _remedy_for(error)):
        message = f"{message}; {remedy}"
    request_id = getattr(context, "aws_request_id", None)
    if request_id is not None and request is not None:
        fields = dict(zip(("door", "method", "path"), request)) | fields
    stack = fields.pop("stackTrace", None)
    if error is not None:
        stack = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    is_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
    now = time.time()
    timestamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z"
    if is_json:
        line = _render_json(
            {
                "timestamp": timestamp,
                "level": level,
                "message": message,
                "logger": "wrapped-web-app",
                "requestId": request_id,
                # During the init phase there is none.
                "traceId": os.environ.get("_X_AMZN_TRACE_ID") if context is not None else None,
                **fields,
                "errorType": None if error is None else type(error).__name__,
                "errorMessage": None if error is None else str(error),
                "stackTrace": None if stack is None else stack.splitlines(),
            }
        )
    else:
        line = f"[{level}]\t{timestamp}\t{request_id or ''}\t{_render_text(message, request_id, stack, fields)}"
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _render_json(line: dict[str, Any]) -> str:
    kept = {name: value for name, value in line.items() if value is not None}
    # ASCII only: the app may have chosen any encoding for stderr, and an encoding error would hide the fault.
    return json.dumps(kept, default=repr)


def _render_text(message: str, request_id: object, stack: str | None, fields: dict[str, Any]) -> str:
    """There is no trace id: the REPORT line of the same request has it."""
    door, method, path, status = (fields.pop(name, None) for name in ("door", "method", "path", "status"))
    about = [request_id and f"RequestId: {request_id}", door, method and path and f"{_printable(method)} {_printable(path)}"]
    subject = " ".join(str(part) for part in about if part)
    others = "".join(f"; {name}: {value}" for name, value in fields.items() if value is not None)
    answer = "" if status is None else f"; the client gets {status}"
    text = f"[wrapped-web-app] {subject}{subject and ': '}{message}{answer}{others}"
    if stack is not None:
        text = f"{text}\n{stack.rstrip()}"
    # Carriage returns keep the lines in one entry, as in what AWS's own client logs.
    return text.replace("\r\n", "\n").replace("\n", "\r").encode("ascii", "backslashreplace").decode("ascii")


def _printable(text: str) -> str:
    """Nothing that a client sent may begin a line of the log of its own."""
    return re.sub(r"[^\x20-\x7e]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _remedy_for(error: BaseException) -> str | None:
    """What to do about an error that an app meets on Lambda only, where its message says only what is wrong.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html
    """
    found: BaseException | None = error
    for _ in range(5):
        if isinstance(found, OSError) and found.errno == errno.EROFS:
            return "on Lambda only /tmp can be written to; have the app write its files there"
        found = None if found is None else found.__cause__ or found.__context__
    return None
