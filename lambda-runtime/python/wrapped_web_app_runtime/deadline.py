"""The moment at which a request is given up, shortly before Lambda would end the process."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

#: What it takes to answer 504, in seconds.
_MARGIN = 0.5


class DeadlineExceeded(BaseException):
    """Raised inside the app when its time is up. Not an `Exception`, which apps catch and carry on."""


class Deadline:
    """Counts from Lambda's own clock for this invocation; a context without one has no deadline."""

    def __init__(self, context: Any) -> None:
        self._ends: float | None = None
        remaining = getattr(context, "get_remaining_time_in_millis", None)
        if callable(remaining):
            left = float(remaining()) / 1000
            self._ends = time.monotonic() + max(left - min(_MARGIN, left / 4), 0.001)

    def seconds_left(self) -> float | None:
        """None when there is no deadline."""
        return None if self._ends is None else max(self._ends - time.monotonic(), 0.001)

    @contextmanager
    def enforced(self, grace: float = 0.0) -> Iterator[None]:
        """Raises `DeadlineExceeded` in whatever the main thread is doing, `grace` seconds after the deadline.

        Off the main thread nothing can interrupt an app, and Lambda's own timeout is what remains.
        """
        left = self.seconds_left()
        if left is None or threading.current_thread() is not threading.main_thread():
            yield
            return
        previous = signal.signal(signal.SIGALRM, _raise_deadline_exceeded)
        signal.setitimer(signal.ITIMER_REAL, left + grace)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)


def _raise_deadline_exceeded(number: int, frame: FrameType | None) -> None:
    raise DeadlineExceeded("the app did not answer before the function's timeout")
