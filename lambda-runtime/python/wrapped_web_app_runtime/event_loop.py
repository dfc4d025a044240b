"""One event loop for the life of the execution environment.

Connection pools and clients that an ASGI app makes at start-up belong to the loop that they
were made on, so no request ever gets another one. Between invocations the loop stands still,
as the whole process does.
"""

from __future__ import annotations

import asyncio

_loop: asyncio.AbstractEventLoop | None = None


def environment_loop() -> asyncio.AbstractEventLoop:
    """The environment's loop, made at the first call."""
    global _loop
    if _loop is None or _loop.is_closed():
        _loop = asyncio.new_event_loop()
        asyncio.set_event_loop(_loop)
    return _loop
