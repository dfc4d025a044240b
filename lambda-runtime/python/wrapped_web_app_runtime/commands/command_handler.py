"""The Lambda handler of a command: runs the program that the construct wrote into the function's environment."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import Any

from ..log import log_info
from ..settings import COMMAND_VARIABLE
from .find_program import find_program
from .output import Output
from .run_program import run_program


class CommandFailed(Exception):
    """Fails the invocation, and with it a deployment or a schedule's delivery."""


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Runs the command, with the event's `args` after its own arguments.

    Returns `exitCode`, `durationMs`, `output` (the last megabyte of what the command wrote to its standard output and
    standard error; the log has all of it) and `omittedBytes` (how many come before `output`).

    :raises CommandFailed: if the program cannot be started, ends with another status than 0, or needs longer than the
        function has.
    """
    words = [*_read_command(), *_read_args(event)]
    began = time.monotonic()
    output = Output(_log_to(context))
    failure = run_program(find_program(words), context.get_remaining_time_in_millis() / 1000, output)
    duration = round((time.monotonic() - began) * 1000)
    name = " ".join(word if word.replace("-", "").replace(".", "").replace("/", "").isalnum() else json.dumps(word) for word in words)
    if failure is not None:
        raise CommandFailed(f"the command {name} {failure}{output.last_lines()}") from None
    _log_to(context)(f"[wrapped-web-app] the command {name} succeeded after {duration} ms")
    return {"exitCode": 0, "durationMs": duration, "output": output.text(), "omittedBytes": output.omitted_bytes}


def _read_command() -> list[str]:
    text = os.environ.get(COMMAND_VARIABLE)
    if text is None:
        raise CommandFailed(f"{COMMAND_VARIABLE} is not set; WebAppCommand sets it, so deploy the stack again")
    command: list[str] = json.loads(text)
    return command


def _read_args(event: Any) -> list[str]:
    """Events of schedules have other fields, and AWS's trigger sends none at all."""
    args = event.get("args") if isinstance(event, dict) else None
    if args is None:
        return []
    if not isinstance(args, list) or not all(isinstance(arg, str) for arg in args):
        raise CommandFailed(f'args must be a list of strings, e.g. {{"args": ["--plan"]}}, got {json.dumps(args)}')
    return args


def _log_to(context: Any) -> Callable[[str], None]:
    """Each line is an entry of the log, with the request id where the log is JSON."""
    if os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON":
        return lambda line: log_info(line, context)
    return lambda line: print(line, flush=True)
