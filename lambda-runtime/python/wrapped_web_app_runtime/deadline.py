"""Interrupts an app shortly before the function's timeout, when Lambda would end the process."""

from __future__ import annotations

# `signal` takes longer to import than this module, because of its enumerations, and to ask it for a handler takes longer
# than all else that is done here for a request.
import _signal  # type: ignore[import-not-found]
import sys
from _thread import allocate_lock, get_ident, start_new_thread
from threading import main_thread
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Any

#: The time for a 504 response, in seconds.
_MARGIN = 0.5
#: How often an app is interrupted: an interruption may get lost, in a bare `except` or in a `__del__`.
_RINGS = 3
#: The time between two interruptions, as a part of the margin.
_PAUSE = 0.15
_INFINITE = float("inf")

_MAIN_THREAD = main_thread().ident
#: A real-time signal, which no app uses: SIGALRM and its timer belong to the app. macOS has no real-time signals.
_SIGNAL: int | None = getattr(_signal, "SIGRTMAX", None) or getattr(_signal, "SIGALRM", None)


class DeadlineExceeded(BaseException):
    """Raised inside the app when its time is over. Not an `Exception`, since apps catch those and go on."""

    def __init__(self, message: str = "the app did not answer before the function's timeout") -> None:
        super().__init__(message)


class Deadline:
    """The deadline of one invocation, from Lambda's clock. A context without a clock has no deadline.

    A `with` block raises `DeadlineExceeded` in the code that the main thread runs. If the app goes on nevertheless, the
    log says where it stands, and Lambda's own timeout ends the invocation. Code in another thread cannot be interrupted.

    :param grace: how much later the `with` block is interrupted, as a part of the margin that is left for the response.
    """

    __slots__ = ("_is_watched", "_outer", "context", "ends", "margin", "rings_at")

    def __init__(self, context: Any, grace: float = 0.0) -> None:
        self.context = context
        try:
            left = context.get_remaining_time_in_millis() / 1000
        except (AttributeError, TypeError):
            self.ends = self.rings_at = _INFINITE
            self.margin = 0.0
            return
        if left > 4 * _MARGIN:
            margin = _MARGIN
            left -= _MARGIN
        else:
            margin = left / 4
            left = max(left - margin, 0.001)
        #: The time that is left for the response.
        self.margin = margin
        self.ends = ends = monotonic() + left
        #: When the code is interrupted, and then again.
        self.rings_at = ends + margin * grace

    def seconds_left(self) -> float | None:
        """None without a deadline."""
        return None if self.ends == _INFINITE else max(self.ends - monotonic(), 0.001)

    def check(self) -> None:
        """Raises `DeadlineExceeded` after the deadline, in any thread."""
        if monotonic() > self.ends:
            raise DeadlineExceeded

    def begin(self) -> None:
        """From now on the main thread is interrupted at the deadline, until `end`, which has to be called in any case."""
        if get_ident() != _MAIN_THREAD or _SIGNAL is None:
            self._is_watched = False
            return
        self._is_watched = True
        watch = _watch
        self._outer = watch.deadline
        watch.deadline = self
        # The app may have reset all signal handlers.
        if _signal.getsignal(_SIGNAL) is not watch.ring:
            _signal.signal(_SIGNAL, watch.ring)
        if watch.wakes_at > self.rings_at:
            watch.wake(self.rings_at)

    def end(self) -> None:
        if self._is_watched:
            _watch.deadline = self._outer

    __enter__ = begin

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


class _Watch:
    """A thread that watches the clock, and interrupts the main thread with a signal.

    It sleeps until the deadline for which it was woken, also when that request has ended meanwhile, since the deadlines of
    the requests after it are later: to wake it for every request would take longer than to read most events.
    """

    __slots__ = ("_bell", "_is_running", "_woken_for", "deadline", "ring", "wakes_at")

    def __init__(self) -> None:
        #: The deadline of the code that runs now.
        self.deadline: Deadline | None = None
        #: When the thread looks at the deadline next.
        self.wakes_at = _INFINITE
        #: The deadline for which it was woken last.
        self._woken_for = _INFINITE
        #: Always the same object, so that it can be recognised.
        self.ring = self._ring
        self._bell = allocate_lock()
        self._bell.acquire()
        self._is_running = False

    def wake(self, rings_at: float) -> None:
        self.wakes_at = self._woken_for = rings_at
        if not self._is_running:
            self._is_running = True
            # Not `threading.Thread`: the interpreter would wait for it, and apps would see it among their own.
            start_new_thread(self._run, ())
        elif self._bell.locked():
            self._bell.release()

    def _run(self) -> None:
        rung_for: Deadline | None = None
        rings = 0
        while True:
            now = monotonic()
            # In this order: who sets a deadline after it was read sees whether the thread has to be woken.
            self.wakes_at = wakes_at = self._woken_for if self._woken_for > now else _INFINITE
            deadline = self.deadline
            if deadline is not None:
                wakes_at = min(wakes_at, deadline.rings_at)
            if wakes_at == _INFINITE:
                self._bell.acquire()
                continue
            if deadline is None or wakes_at > now:
                self.wakes_at = wakes_at
                self._bell.acquire(True, wakes_at - now)
                continue
            if deadline is not rung_for:
                rung_for, rings = deadline, 0
            if rings < _RINGS and _signal.getsignal(_SIGNAL) is self.ring:
                rings += 1
                # The last time the app has longer to come to its end, before the log says that it does not.
                deadline.rings_at += deadline.margin * _PAUSE * (2 if rings == _RINGS else 1)
                _signal.pthread_kill(_MAIN_THREAD, _SIGNAL)
            else:
                deadline.rings_at = _INFINITE
                if self.deadline is deadline:
                    _log_where_app_stands(deadline)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        deadline = self.deadline
        # The request may have ended meanwhile. And whoever interrupted `begin` or `end` would leave it set.
        if deadline is None or monotonic() < deadline.ends or (frame is not None and frame.f_code in _BOUNDS):
            return
        raise DeadlineExceeded


_BOUNDS = (Deadline.begin.__code__, _Watch.wake.__code__, Deadline.end.__code__, Deadline.__exit__.__code__)
_watch = _Watch()


def _log_where_app_stands(deadline: Deadline) -> None:
    import traceback

    from .log import log_fault

    frame = sys._current_frames().get(_MAIN_THREAD or 0)
    stack = "".join(traceback.format_stack(frame)) if frame else None
    log_fault(
        "the app goes on after its deadline, so Lambda's timeout will end it; the stack shows where it is",
        None,
        deadline.context,
        stackTrace=stack,
    )
