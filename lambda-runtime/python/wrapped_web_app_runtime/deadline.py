"""The moment at which a request is given up, shortly before Lambda would end the process."""

from __future__ import annotations

import time
from _thread import get_ident
from threading import main_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Any

#: What it takes to answer 504, in seconds.
_MARGIN = 0.5


class DeadlineExceeded(BaseException):
    """Raised inside the app when its time is up. Not an `Exception`, which apps catch and carry on."""


class Deadline:
    """Counts from Lambda's own clock for this invocation; a context without one has no deadline."""

    __slots__ = ("_alarm_at", "_ends", "_now", "_outer")

    def __init__(self, context: Any) -> None:
        self._ends: float | None = None
        remaining = getattr(context, "get_remaining_time_in_millis", None)
        if callable(remaining):
            left = float(remaining()) / 1000
            self._now = now = time.monotonic()
            self._ends = now + max(left - (_MARGIN if left > 4 * _MARGIN else left / 4), 0.001)

    def seconds_left(self) -> float | None:
        """None when there is no deadline."""
        return None if self._ends is None else max(self._ends - time.monotonic(), 0.001)

    def enforced(self, grace: float = 0.0) -> Deadline:
        """For a `with` block: raises `DeadlineExceeded` in whatever the main thread is doing, `grace` seconds after
        the deadline.

        Off the main thread nothing can interrupt an app, and Lambda's own timeout is what remains.
        """
        self._alarm_at = None if self._ends is None or get_ident() != _MAIN_THREAD else self._ends + grace
        return self

    def __enter__(self) -> None:
        if self._alarm_at is not None:
            self._outer = _alarm.watched
            _alarm.watch(self._alarm_at, self._now)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._alarm_at is not None:
            _alarm.watched = self._outer


class _Alarm:
    """The process's one alarm clock. It is left to run when a request is answered: the next one's deadline is later,
    and setting the clock for each would cost more than reading most events."""

    __slots__ = ("_is_used", "_rings", "watched")

    def __init__(self) -> None:
        #: The deadline of the block that runs now.
        self.watched: float | None = None
        self._rings = 0.0
        self._is_used = False

    def watch(self, ends: float, now: float) -> None:
        self.watched = ends
        # It has rung already, or rings too late.
        if not now < self._rings <= ends:
            self._set(ends, now)

    def _set(self, ends: float, now: float) -> None:
        # The enumerations of `signal` take as long to import as half of this package.
        import atexit
        import signal

        if not self._is_used:
            self._is_used = True
            # The interpreter gives up its handlers before it ends, and an alarm without one ends the process itself.
            atexit.register(signal.setitimer, signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, max(ends - now, 0.001))
        self._rings = ends

    def _ring(self, number: int, frame: FrameType | None) -> None:
        self._rings = 0.0
        if self.watched is None:
            return
        now = time.monotonic()
        if now < self.watched:
            self._set(self.watched, now)
        else:
            raise DeadlineExceeded("the app did not answer before the function's timeout")


_MAIN_THREAD = main_thread().ident
_alarm = _Alarm()
