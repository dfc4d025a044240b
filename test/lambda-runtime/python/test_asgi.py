"""The ASGI specification: http scope, messages, lifespan, one loop."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextvars import ContextVar
from typing import Any

import pytest
from tables import read_event

from wrapped_web_app_runtime import make_lambda_handler
from wrapped_web_app_runtime.apps.event_loop import environment_loop


def call(app: Any, context: Any, event: Any = None) -> dict[str, Any]:
    return make_lambda_handler(app)(event or read_event("function-url.json"), context)


async def answer(send: Any, body: bytes = b"ok", status: int = 200) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": body})


class App:
    """Counts what is asked of it."""

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


def test_the_scope_is_the_specification_s(context: Any) -> None:
    app, event = App(), read_event("rest-api.json")
    call(app, context, event)
    scope = app.scopes[1]
    assert {key: scope[key] for key in ("type", "http_version", "method", "scheme", "path", "raw_path", "root_path")} == {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": "/live/capture/space value",
        "raw_path": b"/live/capture/space%20value",
        "root_path": "/live",
    }
    assert scope["asgi"]["version"] == "3.0"
    assert scope["client"] == ("68.8.83.18", 0)
    assert scope["server"] == ("5h7pqvr9u4.execute-api.us-west-2.amazonaws.com", 443)
    assert scope["state"] == {"pool": ["a connection"]}
    assert scope["aws.event"] is event and scope["aws.context"] is context
    assert (b"x-voker-probe", b"first") in scope["headers"] and (b"x-voker-probe", b"second") in scope["headers"]


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


def test_an_app_that_knows_no_lifespan_is_served(context: Any, capsys: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        await answer(send)

    assert call(app, context)["body"] == "ok"
    assert capsys.readouterr().err == ""


def test_the_answer_waits_for_what_the_app_does_after_it(context: Any) -> None:
    done: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await answer(send)
        await asyncio.sleep(0.01)
        done.append(True)

    handler = make_lambda_handler(app)
    handler(read_event("alb.json"), context)
    assert done


def test_a_task_left_behind_goes_on_in_the_next_request(context: Any) -> None:
    done: list[bool] = []

    async def later() -> None:
        await asyncio.sleep(0.01)
        done.append(True)

    tasks: set[Any] = set()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            tasks.add(asyncio.create_task(later()))
            await asyncio.sleep(0.02 if tasks and len(tasks) > 1 else 0)
            await answer(send)

    handler = make_lambda_handler(app)
    handler(read_event("alb.json"), context)
    assert not done
    handler(read_event("alb.json"), context)
    assert done


def test_a_second_receive_waits_for_the_response_and_then_says_disconnect(context: Any) -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        seen.append((await receive())["type"])
        waiting = asyncio.create_task(receive())
        await asyncio.sleep(0.01)
        seen.append(waiting.done())
        await answer(send)
        seen.append((await waiting)["type"])

    call(app, context)
    assert seen == ["http.request", False, "http.disconnect"]


def test_a_task_that_fails_after_the_response_is_logged_and_the_response_stands(context: Any, capsys: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await answer(send)
            raise ValueError("background")

    assert call(app, context)["body"] == "ok"
    line = json.loads(capsys.readouterr().err)
    assert line["errorMessage"] == "background" and "after its response" in line["message"]


def test_a_lifespan_that_is_cancelled_is_taken_for_none(context: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            raise asyncio.CancelledError
        await answer(send)

    assert call(app, context)["body"] == "ok"


def test_the_body_comes_in_pieces(context: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [[b"Content-Type", b"text/plain"]]})
            for piece in (b"one,", b"", b"two"):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body"})

    assert call(app, context)["body"] == "one,two"


def bad_apps() -> dict[str, Any]:
    async def never_starts(scope: Any, receive: Any, send: Any) -> None:
        return None

    async def never_ends(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def body_first(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.body", "body": b"x"})

    async def starts_twice(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def text(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": "text"})

    async def websocket(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "websocket.accept"})

    async def cancels_itself(scope: Any, receive: Any, send: Any) -> None:
        raise asyncio.CancelledError

    async def exits(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            raise SystemExit(3)

    apps = (never_starts, never_ends, body_first, starts_twice, text, websocket, cancels_itself, exits)
    return {app.__name__: app for app in apps}


@pytest.mark.parametrize("app", bad_apps().values(), ids=bad_apps().keys())
def test_fails_with_500_and_one_line_on_an_app_that_breaks_the_rules(app: Any, context: Any, capsys: Any) -> None:
    handler = make_lambda_handler(app)
    for _ in range(2):
        result = handler(read_event("alb.json"), context)
        assert (result["statusCode"], result["body"]) == (500, "Internal Server Error")
        assert json.loads(capsys.readouterr().err)["level"] == "ERROR"


def test_no_websocket_scope_is_ever_made(context: Any) -> None:
    app, event = App(), read_event("function-url.json")
    event["headers"].update({"upgrade": "websocket", "connection": "Upgrade"})
    call(app, context, event)
    assert [scope["type"] for scope in app.scopes] == ["lifespan", "http"]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks are new in Python 3.12")
def test_the_loop_is_not_turned_for_an_app_that_never_waits(context: Any, monkeypatch: Any) -> None:
    app = App()
    handler = make_lambda_handler(app)
    assert handler(read_event("alb.json"), context)["statusCode"] == 200
    loop = environment_loop()
    monkeypatch.setattr(loop, "run_forever", None)
    assert handler(read_event("alb.json"), context)["statusCode"] == 200
    assert not loop.is_running() and len(app.loops) == 1


def test_the_request_s_task_and_loop_are_there_before_the_app_waits(context: Any) -> None:
    seen: list[Any] = []
    variable: ContextVar[int] = ContextVar("variable", default=0)

    async def numbers() -> Any:
        yield 1
        yield 2

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        loop = asyncio.get_running_loop()
        seen.append((loop.is_running(), asyncio.current_task() in asyncio.all_tasks(), variable.get()))
        variable.set(1)
        async for number in numbers():
            seen.append(number)
            break
        with pytest.raises(RuntimeError, match="already running"):
            waiting = asyncio.sleep(0)
            try:
                loop.run_until_complete(waiting)
            finally:
                waiting.close()
        async with asyncio.Lock():
            await answer(send)

    handler = make_lambda_handler(app)
    for _ in range(2):
        assert handler(read_event("alb.json"), context)["body"] == "ok"
    assert seen == [(True, True, 0), 1] * 2
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()


@pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio.timeout is new in Python 3.11")
def test_timeouts_and_task_groups_work_in_an_app_that_waits_late_or_never(context: Any) -> None:
    async def double(number: int) -> int:
        return number * 2

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        async with asyncio.timeout(5):
            await double(1)
        async with asyncio.TaskGroup() as group:
            doubled = group.create_task(double(2))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await asyncio.sleep(5)
        await answer(send, str(doubled.result()).encode())

    handler = make_lambda_handler(app)
    for _ in range(2):
        assert handler(read_event("alb.json"), context)["body"] == "4"


def test_what_an_app_that_never_waits_leaves_behind_is_begun_in_its_request(context: Any) -> None:
    begun: list[str] = []
    tasks: set[Any] = set()

    async def later(name: str) -> None:
        begun.append(name)
        await asyncio.sleep(0)
        begun.append(f"{name} again")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        tasks.add(asyncio.create_task(later("task")))
        asyncio.get_running_loop().call_soon(begun.append, "call")
        await answer(send)

    handler = make_lambda_handler(app)
    handler(read_event("alb.json"), context)
    assert begun[:2] == ["task", "call"]
    handler(read_event("alb.json"), context)
    assert begun[:3] == ["task", "call", "task again"]


def test_a_timer_left_behind_rings_in_the_request_of_an_app_that_never_waits(context: Any) -> None:
    rung: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            if not rung:
                asyncio.get_running_loop().call_later(0.01, rung.append, True)
            await answer(send)

    handler = make_lambda_handler(app)
    handler(read_event("alb.json"), context)
    time.sleep(0.02)
    assert not rung
    handler(read_event("alb.json"), context)
    assert rung == [True]


def test_a_task_factory_of_the_app_s_makes_the_task(context: Any) -> None:
    made: list[Any] = []

    def factory(loop: Any, coroutine: Any, **options: Any) -> Any:
        made.append(coroutine)
        return asyncio.Task(coroutine, loop=loop, **options)

    app = App()
    handler = make_lambda_handler(app)
    handler(read_event("alb.json"), context)
    environment_loop().set_task_factory(factory)
    try:
        assert handler(read_event("alb.json"), context)["statusCode"] == 200
    finally:
        environment_loop().set_task_factory(None)
    assert len(made) == 1
