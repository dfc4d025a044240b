"""One event loop for the life of the execution environment.

Connection pools and clients that an ASGI app makes at start-up belong to the loop that they
were made on, so no request ever gets another one. Between invocations the loop stands still,
as the whole process does.
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
    """The environment's loop, made at the first call."""
    global _loop
    if _loop is None or _loop.is_closed():
        _loop = asyncio.new_event_loop()
        asyncio.set_event_loop(_loop)
    return _loop


class TaskStarter:
    """Runs tasks up to where they first wait, without turning the loop: most requests never wait.

    To turn the loop takes longer than all else that this package does for a request.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        # Of asyncio's own loop, not of uvloop's, for instance.
        self._loop: Any = loop
        #: Eager tasks are new in Python 3.12.
        self.is_eager = (
            sys.version_info >= (3, 12)
            and type(loop) is asyncio.SelectorEventLoop
            and all(hasattr(loop, name) for name in ("_thread_id", "_ready", "_scheduled", "_selector"))
        )

    def start(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """The coroutine's task, which may be done already."""
        loop = self._loop
        # What earlier requests left to do comes first, as in every turn of the loop.
        if sys.version_info >= (3, 12) and self.is_eager and not loop._ready and loop.get_task_factory() is None:
            hooks = sys.get_asyncgen_hooks()
            try:
                # What `run_forever` does before its first turn, and undoes after its last.
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
        """Gives what else is on the loop the two turns that it would have had during the request."""
        loop = self._loop
        if loop._ready or loop._scheduled or len(loop._selector.get_map()) > 1:
            loop.run_until_complete(_pass())


async def _pass() -> None:
    """Is done within one turn of the loop; the loop sees that in the next."""
