"""ASGI apps that several tests run."""

from __future__ import annotations

import asyncio
from typing import Any

from tables import read_event

from wrapped_web_app_runtime import make_lambda_handler


def call(app: Any, context: Any, event: Any = None) -> dict[str, Any]:
    return make_lambda_handler(app)(event or read_event("function-url.json"), context)


async def answer(send: Any, body: bytes = b"ok", status: int = 200) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": body})


class App:
    """Records its scopes and counts its start-ups and shutdowns."""

    def __init__(self, fail_times: int = 0) -> None:
        self.scopes: list[dict[str, Any]] = []
        self.startups = 0
        self.shutdowns = 0
        self.fail_times = fail_times
        self.loops: set[int] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.loops.add(id(asyncio.get_running_loop()))
        self.scopes.append(scope)
        if scope["type"] == "http":
            await answer(send)
            return
        assert (await receive())["type"] == "lifespan.startup"
        self.startups += 1
        if self.startups <= self.fail_times:
            await send({"type": "lifespan.startup.failed", "message": "no database"})
            return
        scope["state"]["pool"] = ["a connection"]
        await send({"type": "lifespan.startup.complete"})
        assert (await receive())["type"] == "lifespan.shutdown"
        self.shutdowns += 1
        await send({"type": "lifespan.shutdown.complete"})
