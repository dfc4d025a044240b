"""Runs a program in the folder of the app, without a shell and without standard input."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time

from .find_program import explain_missing
from .output import Output

#: The part of the time that is left for a program that is asked to end, and for the answer; and the most of it.
_GRACE = 0.2
_GRACE_SECONDS = 5.0
#: How long the output of a program may arrive after its end. Programs that it left in the background may keep it open.
_LAST_OUTPUT_SECONDS = 0.5


def run_program(words: list[str], remaining: float, output: Output) -> str | None:
    """Why the program did not succeed, as the rest of a sentence that begins with its name; None if it did.

    :param remaining: the seconds until Lambda ends the function.
    """
    try:
        process = subprocess.Popen(
            words,
            env=_make_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # A process group of its own, which can be ended with all that the program has started.
            start_new_session=True,
        )
    except FileNotFoundError:
        return f"could not be started: {explain_missing(words[0])}"
    except PermissionError:
        return f"could not be started: {words[0]} is not executable; name the program that runs it, as in ['sh', 'migrate.sh']"
    except OSError as error:
        return f"could not be started: {error}"
    try:
        return _wait(process, remaining, output)
    finally:
        _signal_group(process, signal.SIGKILL)
        output.end()


def _wait(process: subprocess.Popen[bytes], remaining: float, output: Output) -> str | None:
    grace = min(_GRACE_SECONDS, remaining * _GRACE)
    began = time.monotonic()
    stops, kills, gives_up = (began + remaining - grace * part for part in (1, 0.5, 0.25))
    ends: float | None = None
    is_stopped = False
    assert process.stdout is not None
    pipe = process.stdout.fileno()
    is_open = True
    while True:
        now = time.monotonic()
        if now >= gives_up:
            break
        if now >= kills:
            _signal_group(process, signal.SIGKILL)
        elif now >= stops and not is_stopped:
            is_stopped = True
            _signal_group(process, signal.SIGTERM)
        if is_open:
            is_open = _read(pipe, output)
        else:
            time.sleep(0.01)
        if process.poll() is not None:
            ends = ends or now + _LAST_OUTPUT_SECONDS
            if not is_open or now >= ends:
                break
    if is_stopped or process.returncode is None:
        return (
            f"was stopped after {remaining - grace:.1f} s, shortly before the function's timeout; "
            "set timeout to a longer time, at most 15 minutes"
        )
    if process.returncode < 0:
        return f"was ended by the signal {signal.Signals(-process.returncode).name}"
    return None if process.returncode == 0 else f"ended with exit code {process.returncode}"


def _read(pipe: int, output: Output) -> bool:
    """Waits a moment for output. False at its end."""
    ready, _, _ = select.select([pipe], [], [], 0.05)
    if ready:
        data = os.read(pipe, 65_536)
        if not data:
            return False
        output.write(data)
    return True


def _make_environment() -> dict[str, str]:
    """The program imports what the function could import: its code, its layers, and the AWS SDK."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUNBUFFERED": "1"}


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        pass  # all have ended
