"""Every case of faults.json, with a WSGI and with an ASGI app that fails in that way."""

from __future__ import annotations

import asyncio
import errno
import json
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import LambdaContext
from tables import make_event, read_cases, settings_environ

from wrapped_web_app_runtime import LambdaHandler
from wrapped_web_app_runtime.settings import settings_from_environment

CASES = read_cases("faults.json")
#: An app that nobody stops would end here instead of using up the memory.
END = 20_000_000


class App:
    """Fails as a case says. `stopped` is False if it came to its end."""

    def __init__(self, app: dict[str, Any]) -> None:
        self._app = app
        self.stopped = True

    def chunks(self) -> Iterator[bytes]:
        chunk = b"x" * self._app["length"]
        for _ in range(END):
            yield chunk
        self.stopped = False

    def fail(self) -> None:
        code = getattr(errno, self._app["code"])
        raise OSError(code, "no luck", "/var/task/x")


class WsgiApp(App):
    def __call__(self, environ: Any, start_response: Any) -> Iterator[bytes]:
        if self._app["does"] == "fail":
            self.fail()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return self.chunks()


class AsgiApp(App):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            if self._app["does"] == "never start":
                await asyncio.sleep(30)
            return
        if self._app["does"] == "fail":
            self.fail()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        for chunk in self.chunks():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})


@pytest.mark.parametrize("make_app", [WsgiApp, AsgiApp])
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_answer_for_an_app_that_fails(case: dict[str, Any], make_app: Any, capsys: Any) -> None:
    if case["app"]["does"] == "never start" and make_app is WsgiApp:
        pytest.skip("WSGI apps have no start")
    app = make_app(case["app"])
    handler = LambdaHandler(app, settings_from_environment(settings_environ(case)))
    context = LambdaContext(case.get("timeLimit", 10_000) / 1000)
    result = handler(make_event(case["event"]), context)
    expected = case["expected"]
    assert result["statusCode"] == expected["statusCode"] and expected["body"] in result["body"]
    # On a busy machine there may be a warning that the app goes on after its deadline.
    (line,) = [line for line in map(json.loads, capsys.readouterr().err.splitlines()) if "status" in line]
    assert expected["log"] in line["message"]
    assert app.stopped
