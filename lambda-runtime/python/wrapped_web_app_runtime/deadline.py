"""Interrupts an app shortly before the function's timeout, when Lambda would end the process."""

from __future__ import annotations

from _thread import get_ident
from threading import main_thread
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Any

#: The time for a 504 response, in seconds.
_MARGIN = 0.5


class DeadlineExceeded(BaseException):
    """Raised inside the app when its time is over. Not an `Exception`, since apps catch those and go on."""


class Deadline:
    """The deadline of one invocation, from Lambda's clock. A context without a clock has no deadline.

    A `with` block raises `DeadlineExceeded` in the code that the main thread runs, `grace` seconds after the deadline.
    Code in another thread cannot be interrupted, so there Lambda's own timeout ends the invocation.
    """

    __slots__ = ("_ends", "_grace", "_is_watched", "_outer")

    def __init__(self, context: Any, grace: float = 0.0) -> None:
        try:
            left = context.get_remaining_time_in_millis() / 1000
        except (AttributeError, TypeError):
            self._ends: float | None = None
        else:
            left -= _MARGIN if left > 4 * _MARGIN else left / 4
            self._ends = monotonic() + (left if left > 0.001 else 0.001)
        self._grace = grace

    def seconds_left(self) -> float | None:
        """None without a deadline."""
        return None if self._ends is None else max(self._ends - monotonic(), 0.001)

    def __enter__(self) -> None:
        ends = self._ends
        if ends is None or get_ident() != _MAIN_THREAD:
            self._is_watched = False
            return
        self._is_watched = True
        ends += self._grace
        self._outer = _alarm.watched
        _alarm.watched = ends
        now = monotonic()
        # Set the alarm if it has rung already, or would ring too late.
        if not now < _alarm.rings <= ends:
            _alarm.set(ends, now)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_watched:
            _alarm.watched = self._outer


class _Alarm:
    """The process has one alarm. It stays set after a response, since the deadline of the next request is later: to set
    it for every request would take longer than to read most events."""

    __slots__ = ("_is_used", "rings", "watched")

    def __init__(self) -> None:
        #: The deadline of the current `with` block.
        self.watched: float | None = None
        #: When the alarm rings; 0 if it is not set.
        self.rings = 0.0
        self._is_used = False

    def set(self, ends: float, now: float) -> None:
        # `signal` takes half as long to import as this package, because of its enumerations.
        import atexit
        import signal

        if not self._is_used:
            self._is_used = True
            # At exit the interpreter removes its signal handlers, and an alarm without a handler kills the process.
            atexit.register(signal.setitimer, signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, max(ends - now, 0.001))
        self.rings = ends

    def _ring(self, number: int, frame: FrameType | None) -> None:
        self.rings = 0.0
        if self.watched is None:
            return
        now = monotonic()
        if now < self.watched:
            self.set(self.watched, now)
        else:
            raise DeadlineExceeded("the app did not answer before the function's timeout")


_MAIN_THREAD = main_thread().ident
_alarm = _Alarm()
