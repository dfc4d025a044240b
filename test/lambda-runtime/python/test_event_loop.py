"""All requests of an environment run on one event loop, whether their app waits or not."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from contextvars import ContextVar
from typing import Any

import pytest
from asgi_apps import App, answer
from tables import read_event

from wrapped_web_app_runtime import make_lambda_handler
from wrapped_web_app_runtime.apps.event_loop import environment_loop


def test_the_response_waits_for_what_the_app_does_after_sending_it(context: Any) -> None:
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


@pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks are new in Python 3.12")
def test_the_loop_does_not_run_for_an_app_that_never_waits(context: Any, monkeypatch: Any) -> None:
    app = App()
    handler = make_lambda_handler(app)
    assert handler(read_event("alb.json"), context)["statusCode"] == 200
    loop = environment_loop()
    monkeypatch.setattr(loop, "run_forever", None)
    assert handler(read_event("alb.json"), context)["statusCode"] == 200
    assert not loop.is_running() and len(app.loops) == 1


def test_the_task_and_the_loop_of_a_request_exist_before_the_app_waits(context: Any) -> None:
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


def test_tasks_and_callbacks_of_an_app_that_never_waits_begin_in_its_request(context: Any) -> None:
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


def test_a_timer_left_behind_fires_in_the_next_request_of_an_app_that_never_waits(context: Any) -> None:
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


def test_the_app_s_task_factory_makes_the_task(context: Any) -> None:
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


def test_a_loop_that_was_closed_is_replaced_and_the_app_starts_up_again(context: Any, capsys: Any, monkeypatch: Any) -> None:
    # The loop of the other tests stays open.
    monkeypatch.setattr("wrapped_web_app_runtime.apps.event_loop._loop", None)
    app = App()
    handler = make_lambda_handler(app)
    assert handler(read_event("alb.json"), context)["statusCode"] == 200
    environment_loop().close()
    for _ in range(2):
        assert handler(read_event("alb.json"), context)["statusCode"] == 200
    assert app.startups == 2 and not environment_loop().is_closed()
    gc.collect()
    assert capsys.readouterr().err == ""


def test_timers_run_while_an_app_sends_without_waiting(context: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        rung = asyncio.Event()
        asyncio.get_running_loop().call_later(0.02, rung.set)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        until = time.monotonic() + 5
        while not rung.is_set() and time.monotonic() < until:
            await send({"type": "http.response.body", "body": b"", "more_body": True})
        await send({"type": "http.response.body", "body": b"rung" if rung.is_set() else b"starved"})

    assert make_lambda_handler(app)(read_event("alb.json"), context)["body"] == "rung"
