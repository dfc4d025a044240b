"""Writes the log of the runtime loop in the form in which AWS's own Python client writes it.

Where `_LAMBDA_TELEMETRY_LOG_FD` is set, every record is a frame on that descriptor, so that a record of several lines
stays one: type, length, microseconds since 1970, message; big-endian.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import traceback
from typing import Any

_FRAME_MAGIC = 0xA55A0000
_TEXT, _JSON = 0x03, 0x02
# The level is in the third to fifth bit of the frame's type.
_LEVELS = {logging.DEBUG: 2, logging.INFO: 3, logging.WARNING: 4, logging.ERROR: 5, logging.CRITICAL: 6}
_STANDARD_FIELDS = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime", "taskName"}


class LogSink:
    """Writes log records of the current invocation."""

    def __init__(self) -> None:
        self.is_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
        self.level = {"TRACE": "DEBUG"}.get(level := os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper(), level)
        self.request_id = ""
        self.tenant_id: str | None = None
        # Child processes must not write to it, so the variable is removed.
        descriptor = os.environ.pop("_LAMBDA_TELEMETRY_LOG_FD", None)
        self._frames = None if descriptor is None else os.fdopen(int(descriptor), "wb", buffering=0)

    def write(self, message: str, level: int = logging.NOTSET) -> None:
        if self._frames is None:
            sys.stdout.write(message)
            sys.stdout.flush()
            return
        data = message.encode("utf-8", "replace")
        frame_type = _FRAME_MAGIC | (_JSON if self.is_json else _TEXT) | _LEVELS.get(level, 0) << 2
        header = frame_type.to_bytes(4, "big") + len(data).to_bytes(4, "big")
        self._frames.write(header + (time.time_ns() // 1000).to_bytes(8, "big") + data)

    def write_error(self, error: dict[str, Any]) -> None:
        """The error of an invocation or of the init phase, in the form that AWS's client gives it."""
        if self.is_json:
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            line = json.dumps({"timestamp": stamp, "level": "ERROR", **error})
            self.write(line if self._frames else line + "\n", logging.ERROR)
            return
        lines = [f"[ERROR] {error['errorType']}: {error['errorMessage']}", "Traceback (most recent call last):"]
        # CloudWatch strips ordinary spaces at the beginning of a line.
        lines += [_keep_indentation(line) for entry in error["stackTrace"] for line in entry.splitlines()]
        if self._frames is None:
            # Without frames a carriage return keeps the lines in one log event.
            self.write("\r".join(lines) + "\n")
        else:
            self.write("\n".join(lines), logging.ERROR)


def set_up_logging(sink: LogSink) -> None:
    """Makes the root logger write to the sink, as it does in a managed runtime."""
    root = logging.getLogger()
    handler = _SinkHandler(sink)
    logging.Formatter.converter = time.gmtime
    if not sink.is_json:
        handler.setFormatter(
            logging.Formatter(
                "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n", "%Y-%m-%dT%H:%M:%S"
            )
        )
    if isinstance(logging.getLevelName(sink.level), int):
        root.setLevel(sink.level)
    root.addHandler(handler)


class _SinkHandler(logging.Handler):
    def __init__(self, sink: LogSink) -> None:
        super().__init__()
        self.log_sink = sink

    def emit(self, record: logging.LogRecord) -> None:
        record.aws_request_id = self.log_sink.request_id
        level = min(max(record.levelno, 0), logging.CRITICAL) // 10 * 10
        if self.log_sink.is_json:
            self.log_sink.write(_format_json(record, level, self.log_sink), level)
        else:
            # Without a log level in the function's configuration AWS's client writes frames without a level.
            self.log_sink.write(self.format(record), level if self.log_sink.level else logging.NOTSET)


def _format_json(record: logging.LogRecord, level: int, sink: LogSink) -> str:
    line: dict[str, Any] = {
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
        "level": logging.getLevelName(level),
        "message": record.getMessage(),
        "logger": record.name,
        "requestId": sink.request_id,
        "tenantId": sink.tenant_id,
    }
    kind, error, trace = record.exc_info or (None, None, None)
    if kind is not None:
        line["stackTrace"] = traceback.format_tb(trace)
        line["errorType"] = kind.__name__
        line["errorMessage"] = str(error)
        line["location"] = f"{record.pathname}:{record.funcName}:{record.lineno}"
    for name, value in vars(record).items():
        if name not in _STANDARD_FIELDS and name not in line and name != "aws_request_id":
            line[name] = value
    kept = {name: value for name, value in line.items() if value is not None}
    return json.dumps(kept, ensure_ascii=False, default=str) + "\n"


def _keep_indentation(line: str) -> str:
    text = line.lstrip(" ")
    return "\u00a0" * (len(line) - len(text)) + text
