"""ASGI's lifespan: start-up once for each environment, and shutdown where the platform allows it.

https://asgi.readthedocs.io/en/latest/specs/lifespan.html
"""

from __future__ import annotations

import asyncio
import atexit
from collections.abc import Awaitable, Callable
from typing import Any

from ..deadline import DeadlineExceeded
from ..log import log_fault, log_warning

AsgiApp = Callable[[Any, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]
ASGI_VERSIONS = {"version": "3.0", "spec_version": "2.4"}


class StartupFailed(Exception):
    """The app failed to start. The next request tries again."""


class Lifespan:
    """The app's lifespan task, which runs on the environment's loop beside the requests."""

    def __init__(self, app: AsgiApp, loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self._loop = loop
        self._task: asyncio.Task[None] | None = None
        self._started = False
        #: A start-up that is not over.
        self._startup: asyncio.Task[None] | None = None
        #: What the app stored in `scope["state"]`. Each request gets a copy.
        self.state: dict[str, Any] = {}

    def start(self, seconds: float | None = None) -> bool:
        """Runs the start-up, unless one has succeeded before. Raises `StartupFailed`.

        Returns False if it takes longer than this. The next call continues it.
        """
        if self._started:
            return True
        if self._startup is None:
            self._startup = self._loop.create_task(self._start())
        startup = self._startup
        try:
            self._loop.run_until_complete(asyncio.wait([startup], timeout=seconds))
        finally:
            if startup.done():
                self._startup = None
        if not startup.done():
            return False
        startup.result()
        self._started = True
        # For a process that ends by itself, as in tests.
        atexit.register(self.stop)
        return True

    def discard(self) -> None:
        """Forgets a start-up on a loop that the app has closed, of which asyncio would complain."""
        for task in (self._task, self._startup):
            if task is not None and hasattr(task, "_log_destroy_pending"):
                task._log_destroy_pending = False

    def stop(self) -> None:
        """Runs the shutdown, if the app has one."""
        task = self._task
        if task is None or task.done() or self._loop.is_running() or self._loop.is_closed():
            return
        self._inbox.put_nowait({"type": "lifespan.shutdown"})
        done, _ = self._loop.run_until_complete(asyncio.wait([task], timeout=0.3))
        self._task = None
        if not done:
            log_warning("the app's lifespan shutdown took longer than the 300 ms that Lambda gives")

    async def _start(self) -> None:
        self.state = {}
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._inbox.put_nowait({"type": "lifespan.startup"})
        answer: asyncio.Future[dict[str, Any]] = self._loop.create_future()
        scope = {"type": "lifespan", "asgi": dict(ASGI_VERSIONS), "state": self.state}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] in ("lifespan.startup.complete", "lifespan.startup.failed"):
                if not answer.done():
                    answer.set_result(message)
            elif message["type"] == "lifespan.shutdown.failed":
                log_fault(f"the app's lifespan shutdown failed: {message.get('message', '')}")
            elif message["type"] != "lifespan.shutdown.complete":
                # An app that answers every scope alike would run to its end here, with all that it does in the background.
                raise RuntimeError(f"the app sent {message['type']!r} in its lifespan")

        async def run() -> None:
            try:
                await self._app(scope, self._inbox.get, send)
            except GeneratorExit:
                raise
            except DeadlineExceeded as error:
                if not answer.done():
                    answer.set_exception(error)
                    return
                raise
            except BaseException as error:
                if answer.done() and not self._loop.is_closed() and not isinstance(error, asyncio.CancelledError):
                    log_fault("the app's lifespan ended with an error", error)
            # An app without lifespan raises or returns. By the specification both mean that it has none.
            if not answer.done():
                answer.set_result({"type": "unsupported"})

        self._task = self._loop.create_task(run())
        message = await answer
        if message["type"] == "lifespan.startup.failed":
            self._task.cancel()
            self._task = None
            raise StartupFailed(f"the app's lifespan start-up failed: {message.get('message') or 'no message'}")
