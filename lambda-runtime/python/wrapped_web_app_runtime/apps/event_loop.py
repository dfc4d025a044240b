"""One event loop for the life of the execution environment.

Connection pools and clients that an ASGI app makes at start-up belong to the loop on which they were made, so every
request runs on the same loop. Between invocations the loop does not run, since Lambda freezes the process.
"""

from __future__ import annotations

import asyncio
import sys
import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

_loop: asyncio.AbstractEventLoop | None = None


def environment_loop() -> asyncio.AbstractEventLoop:
    """The environment's loop. The first call makes it."""
    global _loop
    if _loop is None or _loop.is_closed():
        _loop = asyncio.new_event_loop()
        asyncio.set_event_loop(_loop)
    return _loop


class TaskStarter:
    """Starts tasks, and runs each up to its first wait without running the loop. Most requests never wait.

    To run the loop takes longer than everything else that this package does for a request.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        # The type is that of asyncio's own loop; uvloop's, for instance, has other attributes.
        self._loop: Any = loop
        #: Whether tasks can start without the loop: since Python 3.12, on asyncio's own loop.
        self.is_eager = (
            sys.version_info >= (3, 12)
            and type(loop) is asyncio.SelectorEventLoop
            and all(hasattr(loop, name) for name in ("_thread_id", "_ready", "_scheduled", "_selector"))
        )

    def start(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """The coroutine's task, which may be done when this returns."""
        loop = self._loop
        # Callbacks that earlier requests left come first, so then the loop has to run.
        if sys.version_info >= (3, 12) and self.is_eager and not loop._ready and loop.get_task_factory() is None:
            hooks = sys.get_asyncgen_hooks()
            try:
                # `run_forever` sets the same state before its first iteration, and resets it after its last.
                loop._thread_id = threading.get_ident()
                sys.set_asyncgen_hooks(loop._asyncgen_firstiter_hook, loop._asyncgen_finalizer_hook)
                asyncio._set_running_loop(loop)
                return asyncio.Task(coroutine, loop=loop, eager_start=True)
            finally:
                asyncio._set_running_loop(None)
                loop._thread_id = None
                sys.set_asyncgen_hooks(*hooks)
        task: asyncio.Task[None] = loop.create_task(coroutine)
        return task

    def run_others(self) -> None:
        """Runs the loop for two iterations, as the request would have, if it has anything else to run."""
        loop = self._loop
        if loop._ready or loop._scheduled or len(loop._selector.get_map()) > 1:
            loop.run_until_complete(_pass())


async def _pass() -> None:
    """Ends in one iteration of the loop; the loop notices that in the next."""
