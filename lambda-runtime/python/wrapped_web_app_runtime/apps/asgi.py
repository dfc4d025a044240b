"""Runs an ASGI app: makes an http scope of a request, and writes what the app sends to a sink.

https://asgi.readthedocs.io/en/latest/specs/www.html
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from time import monotonic

from ..deadline import Deadline, DeadlineExceeded
from ..log import log_fault, log_warning
from ..respond import LONGEST_KNOWN_NAME, PRINTABLE, NameTable, check_status, clean_headers, field_names
from .event_loop import TaskStarter, environment_loop
from .lifespan import ASGI_VERSIONS, AsgiApp, Lifespan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    from ..events.web_request import WebRequest
    from ..respond import HeaderList, ResponseSink

#: An app that blocks the loop is interrupted this much later than the loop's own timer, as a part of the time that is left
#: for the response.
_GRACE = 0.3
#: How long an app may send without waiting for anything, in seconds. Other tasks and timers would never run.
_TURN = 0.01
#: Lambda gives the init phase 10 seconds: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
_INIT_SECONDS = 8


class AsgiRunner:
    """Runs one app for every request of the environment, all on one event loop."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app
        self._loop = environment_loop()
        self._starter = TaskStarter(self._loop)
        self._lifespan = Lifespan(app, self._loop)
        # The loop runs one request at a time. Other threads wait.
        self._turn = threading.Lock()
        self._catches_sigterm = False
        self._is_started = False
        self._stopping = False
        #: Where what the app does after its response is added; None to do it before the answer.
        self.pending_work: list[Any] | None = None
        self._stops_at_answer = False

    def start(self) -> None:
        """Runs the app's start-up. Raises `StartupFailed`, and the next call tries again."""
        with self._turn:
            if not self._start(_INIT_SECONDS):
                log_warning(f"the app did not start within {_INIT_SECONDS} seconds; the first request waits for it")

    def _start(self, seconds: float | None) -> bool:
        """False if the start-up takes longer. It goes on when the loop runs again."""
        if not self._lifespan.start(seconds):
            return False
        if not self._catches_sigterm and threading.current_thread() is threading.main_thread():
            self._catch_sigterm()
        self._is_started = self._catches_sigterm
        return True

    def _start_in_request(self, deadline: Deadline) -> None:
        interrupted: DeadlineExceeded | None = None
        try:
            if self._start(deadline.seconds_left()):
                return
        except DeadlineExceeded as error:
            # The start-up blocked the loop.
            interrupted = error
        raise DeadlineExceeded(
            "the app is still starting, and the function's timeout is near; look for what its lifespan start-up waits for, "
            "such as a server that the function cannot reach"
        ) from interrupted

    def _replace_loop(self) -> None:
        """After the app closed the loop. What its start-up opened belonged to that loop, so it starts up again."""
        self._lifespan.discard()
        self._loop = environment_loop()
        self._starter = TaskStarter(self._loop)
        self._lifespan = Lifespan(self._app, self._loop)
        self._is_started = False

    def run(self, request: WebRequest, event: Any, context: Any, multi_value_headers: bool, sink: ResponseSink) -> None:
        """Raises whatever the app raises before its response is whole."""
        deadline = Deadline(context, _GRACE)
        with self._turn, deadline:
            if self._loop.is_closed():
                self._replace_loop()
            if not self._is_started:
                self._start_in_request(deadline)
            scope = make_scope(request, self._lifespan.state)
            scope["aws.event"] = event
            scope["aws.context"] = context
            self._serve(scope, _Exchange(sink, request.body, self._stop_at_answer), context, deadline)
            if self._stopping:
                self._lifespan.stop()

    def _serve(self, scope: dict[str, Any], exchange: _Exchange, context: Any, deadline: Deadline) -> None:
        try:
            task = self._starter.start(self._call(scope, exchange))
            if task.done():
                self._starter.run_others()
                task.result()
            elif self.pending_work is None:
                self._finish(task, exchange, deadline)
            else:
                self._answer_first(task, exchange, context, deadline)
        except asyncio.CancelledError as error:
            if not exchange.expired:
                raise RuntimeError("the app cancelled its own request") from error
        except Exception as error:
            # An app that was cancelled at its deadline may raise anything.
            if not exchange.complete and not exchange.expired:
                raise
            if exchange.complete:
                log_fault("the app failed after its response was complete", error, context)
        finally:
            exchange.disconnect()
        if exchange.complete:
            return
        if exchange.expired:
            raise DeadlineExceeded
        raise RuntimeError(
            "the app finished without completing its response"
            if exchange.started
            else "the app finished without starting a response"
        )

    def _finish(self, task: asyncio.Task[None], exchange: _Exchange, deadline: Deadline) -> None:
        """Runs the loop until the app is done, or its time is over."""
        seconds = deadline.seconds_left()
        timer = None if seconds is None else self._loop.call_later(seconds, self._expire, task, exchange, deadline.margin * _GRACE / 2)
        try:
            self._loop.run_until_complete(task)
        finally:
            # Both timers belong to this request, and the loop runs others after it.
            for pending in (timer, exchange.last_call):
                if pending is not None:
                    pending.cancel()

    def _answer_first(self, task: asyncio.Task[None], exchange: _Exchange, context: Any, deadline: Deadline) -> None:
        """Runs the loop until the response is complete. What the app does then, such as background tasks, is left for later."""
        if not exchange.complete:
            self._stops_at_answer = True
            try:
                self._finish(task, exchange, deadline)
                return
            except RuntimeError:
                # The loop was stopped.
                if not exchange.complete or exchange.expired or task.done():
                    raise
            finally:
                self._stops_at_answer = False
        assert self.pending_work is not None
        self.pending_work.insert(0, lambda: self._finish_later(task, exchange, context))

    def _finish_later(self, task: asyncio.Task[None], exchange: _Exchange, context: Any) -> None:
        with self._turn:
            try:
                self._finish(task, exchange, Deadline(context, _GRACE))
            except (asyncio.CancelledError, RuntimeError) as error:
                if exchange.expired:
                    raise DeadlineExceeded from error
                raise

    def _stop_at_answer(self) -> bool:
        if self.pending_work is None:
            return False
        if self._stops_at_answer:
            self._loop.stop()
        return True

    def _expire(self, task: asyncio.Task[None], exchange: _Exchange, last_seconds: float) -> None:
        exchange.expired = True
        # The app gets a moment to clean up.
        task.cancel()
        exchange.last_call = self._loop.call_later(last_seconds, self._stop_waiting, task)

    def _stop_waiting(self, task: asyncio.Task[None]) -> None:
        if not task.done() and self._loop.is_running():
            self._loop.stop()

    async def _call(self, scope: dict[str, Any], exchange: _Exchange) -> None:
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except (SystemExit, KeyboardInterrupt) as error:
            # Either would stop the loop in the middle of this request, and be raised again in the next.
            raise RuntimeError(f"the app ended itself with {type(error).__name__}") from error

    def _catch_sigterm(self) -> None:
        """Lambda sends SIGTERM before it ends an environment that has an extension.

        https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
        """
        self._catches_sigterm = True
        previous = signal.getsignal(signal.SIGTERM)

        def stop(number: int, frame: FrameType | None) -> None:
            if self._loop.is_running():
                # The current request is finished first.
                self._stopping = True
                return
            self._lifespan.stop()
            if callable(previous):
                previous(number, frame)
            sys.stdout.flush()
            sys.stderr.flush()
            # An ordinary exit would wait for the thread in which AWS's client waits for the next event.
            os._exit(0)

        signal.signal(signal.SIGTERM, stop)


def make_scope(request: WebRequest, state: dict[str, Any]) -> dict[str, Any]:
    mount_prefix, path = request.mount_prefix, request.path
    # Both paths contain root_path: https://asgi.readthedocs.io/en/latest/specs/www.html#http-connection-scope
    raw_path = request.raw_path
    if mount_prefix and not _adds_root_path():
        path, raw_path = mount_prefix + path, mount_prefix + raw_path
    return {
        "type": "http",
        "asgi": ASGI_VERSIONS.copy(),
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": path if path.isascii() else path.encode("latin-1").decode("utf-8", "replace"),
        "raw_path": raw_path.encode("latin-1"),
        "root_path": mount_prefix,
        "query_string": request.query.encode("latin-1"),
        "headers": _encode_headers(request),
        "client": (request.client_address, 0),
        "server": request.server_address(),
        "state": state.copy(),
        "extensions": {},
    }


def _adds_root_path() -> bool:
    """
    Whether the app runs on Starlette before 0.35 (FastAPI before 0.109). It adds `root_path` to the path by itself, as the servers
    of its time expect, and would find no route for a path that contains it: https://github.com/encode/starlette/pull/2400
    """
    version: str = getattr(sys.modules.get("starlette"), "__version__", "")
    major, minor, *_ = [*version.split("."), "", ""]
    return major == "0" and minor.isdigit() and int(minor) < 35


def _encode_headers(request: WebRequest) -> list[tuple[bytes, bytes]]:
    names, repeated = _encoded_names, request.repeated
    if not repeated:
        return [(names[name], value.encode("latin-1")) for name, value in request.headers.items()]
    return [
        (names[name], one.encode("latin-1"))
        for name, value in request.headers.items()
        for one in repeated.get(name) or (value,)
    ]


class _EncodedNames(dict[str, bytes]):
    def __missing__(self, name: str) -> bytes:
        encoded = name.encode("ascii")
        # Clients choose names, so the number and length of those that are kept is limited.
        if len(self) < 1024 and len(name) < 128:
            self[name] = encoded
        return encoded


_encoded_names = _EncodedNames()


class _Exchange:
    """The messages of one request."""

    __slots__ = ("_at_end", "_body", "_is_over", "_over", "_sink", "_turn_began", "complete", "expired", "last_call", "started")

    def __init__(self, sink: ResponseSink, body: bytes, at_end: Callable[[], bool]) -> None:
        """:param at_end: called when the response is complete; true if the app is to go on only after the answer."""
        self._sink = sink
        self._at_end = at_end
        self._body: bytes | None = body
        self._over: asyncio.Event | None = None
        self._is_over = False
        #: When the app last waited in `send`.
        self._turn_began = 0.0
        self.started = False
        self.complete = False
        #: The deadline has passed.
        self.expired = False
        #: Ends the time in which the app may clean up.
        self.last_call: asyncio.TimerHandle | None = None

    async def receive(self) -> dict[str, Any]:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        if not self._is_over:
            # An app that gets http.disconnect before its response is complete takes its client for gone.
            self._over = self._over or asyncio.Event()
            await self._over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if self.complete:
            raise RuntimeError(f"the app sent {kind!r} after its response was complete")
        if kind == "http.response.start" and not self.started:
            self.started = True
            self._sink.start(check_status(int(message["status"])), "", *_clean_raw_headers(message.get("headers") or ()))
        elif kind == "http.response.body" and self.started:
            self._write(message.get("body") or b"")
            if not message.get("more_body", False):
                self.complete = True
                self.disconnect()
                if self._at_end():
                    # So that an app that never waits lets the answer go first.
                    await asyncio.sleep(0)
            else:
                await self._let_others_run()
        else:
            raise RuntimeError(f"the app sent {kind!r} {'after' if self.started else 'before'} http.response.start")

    async def _let_others_run(self) -> None:
        """Servers wait for the connection here; an app that waits for nothing else would keep the loop for itself."""
        now = monotonic()
        if not self._turn_began:
            self._turn_began = now
        elif now - self._turn_began > _TURN:
            await asyncio.sleep(0)
            self._turn_began = monotonic()

    def disconnect(self) -> None:
        self._is_over = True
        if self._over is not None:
            self._over.set()

    def _write(self, chunk: bytes) -> None:
        if not isinstance(chunk, (bytes, bytearray, memoryview)):
            raise TypeError(f"the body must be bytes, got {type(chunk).__name__}")
        if chunk:
            self._sink.write(chunk if type(chunk) is bytes else bytes(chunk))


def _clean_raw_headers(headers: Any) -> tuple[HeaderList, int]:
    """`clean_headers` for headers of bytes."""
    pairs = headers if type(headers) is list else list(headers)
    known = _raw_names.known
    try:
        clean = [(lower, value.decode("latin-1").strip()) for name, value in pairs if (lower := known[name])]
        every = "".join([value for _, value in clean])
        if every.isascii() and not every.encode().translate(None, PRINTABLE):
            return clean, len(every) + LONGEST_KNOWN_NAME * len(clean)
    except (AttributeError, KeyError, TypeError):
        # Names that come for the first time, or another type that holds bytes, such as memoryview.
        pairs = [(bytes(name), bytes(value)) for name, value in pairs]
        _raw_names.learn([name for name, _ in pairs])
    return clean_headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs])


class _RawNames(NameTable):
    __slots__ = ()

    def convert(self, name: bytes) -> str:
        return field_names[name.decode("latin-1")]


_raw_names = _RawNames()
