"""ASGI's lifespan: start-up once, its state, and apps without it."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from asgi_apps import App, answer, call
from conftest import LambdaContext
from tables import read_event

from wrapped_web_app_runtime import make_lambda_handler


def test_start_up_runs_once_and_each_request_gets_a_copy_of_its_state(context: Any) -> None:
    app = App()
    handler = make_lambda_handler(app)
    for _ in range(3):
        assert handler(read_event("alb.json"), context)["statusCode"] == 200
    assert app.startups == 1 and len(app.loops) == 1
    states = [scope["state"] for scope in app.scopes if scope["type"] == "http"]
    assert states[0] is not states[1] and states[0]["pool"] is states[1]["pool"]


def test_a_start_up_that_failed_is_tried_again_by_the_next_request(context: Any, capsys: Any) -> None:
    handler = make_lambda_handler(App(fail_times=1))
    assert handler(read_event("alb.json"), context)["statusCode"] == 500
    assert "no database" in json.loads(capsys.readouterr().err)["errorMessage"]
    assert handler(read_event("alb.json"), context)["statusCode"] == 200


def test_an_app_without_lifespan_is_served(context: Any, capsys: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        await answer(send)

    assert call(app, context)["body"] == "ok"
    assert capsys.readouterr().err == ""


def test_an_app_whose_lifespan_is_cancelled_is_served(context: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            raise asyncio.CancelledError
        await answer(send)

    assert call(app, context)["body"] == "ok"


def test_an_app_that_answers_every_scope_alike_is_not_run_at_start_up(context: Any, capsys: Any) -> None:
    background: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await answer(send)
        background.append(scope["type"])

    assert call(app, context)["body"] == "ok"
    assert background == ["http"]
    assert capsys.readouterr().err == ""


def test_the_first_request_continues_a_start_up_that_takes_longer_than_the_init_phase(
    context: Any, capsys: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("wrapped_web_app_runtime.apps.asgi._INIT_SECONDS", 0.05)
    startups: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            startups.append(1)
            await asyncio.sleep(0.2)
            await send({"type": "lifespan.startup.complete"})
            return
        await answer(send)

    handler = make_lambda_handler(app)
    handler.start()
    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert line["level"] == "WARN" and "did not start within 0.05 seconds" in line["message"]
    assert handler(read_event("alb.json"), context)["body"] == "ok"
    assert startups == [1]


def test_a_start_up_that_blocks_is_named_in_the_log_and_shown_where_it_blocks(capsys: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        time.sleep(5)

    assert call(app, LambdaContext(0.5))["statusCode"] == 504
    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert "the app is still starting" in line["message"] and "time.sleep(5)" in "".join(line["stackTrace"])
