"""ASGI's lifespan: start-up once, its state, and apps without it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from asgi_apps import App, answer, call
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
