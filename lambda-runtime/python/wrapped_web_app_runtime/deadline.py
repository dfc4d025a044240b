"""The moment at which a request is given up, shortly before Lambda would end the process."""

from __future__ import annotations

from _thread import get_ident
from threading import main_thread
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Any

#: What it takes to answer 504, in seconds.
_MARGIN = 0.5


class DeadlineExceeded(BaseException):
    """Raised inside the app when its time is up. Not an `Exception`, which apps catch and carry on."""


class Deadline:
    """Counts from Lambda's own clock for this invocation; a context without one has no deadline.

    As a `with` block, raises `DeadlineExceeded` in whatever the main thread is doing, `grace` seconds after the
    deadline. Off the main thread nothing can interrupt an app, and Lambda's own timeout is what remains.
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
        """None when there is no deadline."""
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
        # The alarm has rung already, or rings too late.
        if not now < _alarm.rings <= ends:
            _alarm.set(ends, now)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_watched:
            _alarm.watched = self._outer


class _Alarm:
    """The process's one alarm clock. It is left to run when a request is answered: the next one's deadline is later,
    and setting the clock for each would cost more than reading most events."""

    __slots__ = ("_is_used", "rings", "watched")

    def __init__(self) -> None:
        #: The deadline of the block that runs now.
        self.watched: float | None = None
        #: When it will ring.
        self.rings = 0.0
        self._is_used = False

    def set(self, ends: float, now: float) -> None:
        # The enumerations of `signal` take as long to import as half of this package.
        import atexit
        import signal

        if not self._is_used:
            self._is_used = True
            # The interpreter gives up its handlers before it ends, and an alarm without one ends the process itself.
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
