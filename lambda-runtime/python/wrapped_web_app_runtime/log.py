"""Writes one JSON line to stderr for each fault.

The lines do not go through `logging`: the app's logging configuration may disable loggers that it does not know, as
Django's does by default, and a fault must always be seen. The field names are those of AWS's JSON log format.
"""

from __future__ import annotations

import errno
import json
import sys
import time
import traceback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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
    now = time.time()
    if error is not None and (remedy := _remedy_for(error)):
        message = f"{message}; {remedy}"
    line: dict[str, Any] = {
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z",
        "level": level,
        "message": message,
        "logger": "wrapped_web_app_runtime",
        "requestId": getattr(context, "aws_request_id", None),
        **fields,
    }
    if error is not None:
        line["errorType"] = type(error).__name__
        line["errorMessage"] = str(error)
        line["stackTrace"] = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    kept = {name: value for name, value in line.items() if value is not None}
    # ASCII only: the app may have chosen any encoding for stderr, and an encoding error would hide the fault.
    sys.stderr.write(json.dumps(kept, default=repr) + "\n")
    sys.stderr.flush()


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
