"""Work after the answer: on our loop the client does not wait for it, and no event is taken before it is done."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from client_apps import HANDLER, get
from conftest import LambdaContext
from runtime_api_server import Client, RuntimeApiServer
from wrapped_web_app_runtime import make_lambda_handler, wait_until

FLASK = """
import time
from flask import Flask
from wrapped_web_app_runtime import wait_until
app = Flask(__name__)

def work(name, seconds=0.4):
    time.sleep(seconds)
    print(name, "is done", flush=True)

@app.get("/closes")
def closes():
    response = app.make_response("answered")
    response.call_on_close(lambda: work("close"))
    return response

@app.get("/works")
def works():
    wait_until(lambda: work("mail"))
    return "answered"

@app.get("/adds")
def adds():
    wait_until(lambda: (work("first", 0.2), wait_until(lambda: work("second", 0.2))))
    return "answered"

@app.get("/fails")
def fails():
    wait_until(lambda: 1 / 0)
    return "answered"

@app.get("/exits")
def exits():
    import sys
    wait_until(sys.exit)
    return "answered"

@app.get("/never")
def never():
    wait_until(lambda: time.sleep(60))
    wait_until(lambda: work("next"))
    return "answered"

@app.get("/fails-to-close")
def fails_to_close():
    response = app.make_response("answered")
    response.call_on_close(lambda: 1 / 0)
    return response

@app.get("/")
def root():
    return "answered"
"""
FASTAPI = """
import asyncio, time
from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import PlainTextResponse, StreamingResponse
from wrapped_web_app_runtime import wait_until
app = FastAPI(default_response_class=PlainTextResponse)

async def work(name, seconds=0.4):
    await asyncio.sleep(seconds)
    print(name, "is done", flush=True)

def blocks(name):
    time.sleep(0.4)
    print(name, "is done", flush=True)

async def blocks_the_loop(name):
    blocks(name)

async def fails():
    raise ValueError("broken")

@app.get("/tasks")
async def tasks(background: BackgroundTasks):
    background.add_task(work, "task")
    return "answered"

@app.get("/blocking-tasks")
async def blocking_tasks(background: BackgroundTasks):
    background.add_task(blocks, "task in a thread")
    return "answered"

@app.get("/sync")
def sync(background: BackgroundTasks):
    background.add_task(blocks_the_loop, "task on the loop")
    return "answered"

@app.get("/works")
async def works():
    wait_until(work("mail"))
    return "answered"

@app.get("/streams")
async def streams(background: BackgroundTasks):
    async def pieces():
        yield "answ"
        await asyncio.sleep(0.01)
        yield "ered"
    background.add_task(work, "task")
    return StreamingResponse(pieces(), background=background)

@app.get("/both")
async def both(background: BackgroundTasks):
    wait_until(lambda: print("mail is done", flush=True))
    background.add_task(work, "task", 0.05)
    return "answered"

@app.get("/fails")
async def fails_later(background: BackgroundTasks):
    background.add_task(fails)
    return "answered"

@app.get("/never")
async def never(background: BackgroundTasks):
    background.add_task(work, "never", 60)
    return "answered"

@app.get("/")
async def root():
    return "answered"
"""
STREAMED = json.dumps([{"door": "function-url", "responseMode": "streaming"}])
BUFFERED = json.dumps([{"door": "function-url", "responseMode": "buffered"}])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: Any) -> Path:
    folder: Path = tmp_path_factory.mktemp("bundle")
    for module, text in {"flask_app": FLASK, "fastapi_app": FASTAPI}.items():
        (folder / f"{module}.py").write_text(text)
        (folder / f"{module}_handler.py").write_text(HANDLER.format(module=module))
    return folder


@pytest.fixture
def server() -> Iterator[RuntimeApiServer]:
    server = RuntimeApiServer()
    yield server
    server.close()


def body_of(answer: Any) -> str:
    if answer.headers.get("lambda-runtime-function-response-mode") == "streaming":
        return str(answer.body.partition(bytes(8))[2].decode())
    return str(answer.json()["body"])


@pytest.mark.parametrize("doors", [BUFFERED, STREAMED], ids=["buffered", "streamed"])
@pytest.mark.parametrize(
    ("module", "path", "done"),
    [
        ("flask_app", "/closes", "close is done"),
        ("flask_app", "/works", "mail is done"),
        ("flask_app", "/adds", "second is done"),
        ("fastapi_app", "/tasks", "task is done"),
        ("fastapi_app", "/blocking-tasks", "task in a thread is done"),
        ("fastapi_app", "/sync", "task on the loop is done"),
        ("fastapi_app", "/works", "mail is done"),
        ("fastapi_app", "/streams", "task is done"),
    ],
)
def test_the_client_has_its_answer_before_the_work_is_done_and_the_next_event_comes_after_it(
    module: str, path: str, done: str, doors: str, folder: Path, server: RuntimeApiServer
) -> None:
    client = Client(server, "loop", folder, f"{module}_handler.wrapped", WRAPPED_WEB_APP_DOORS=doors)
    server.invoke(get("/"))
    began = time.monotonic()
    answer = server.invoke(get(path))
    answered = time.monotonic() - began
    assert body_of(answer) == "answered"
    assert answered < 0.38
    assert body_of(server.invoke(get("/"))) == "answered"
    assert time.monotonic() - began >= 0.4
    stdout, stderr = client.stop()
    assert stdout.splitlines()[-1] == done
    assert stderr == ""


@pytest.mark.parametrize("doors", [BUFFERED, STREAMED], ids=["buffered", "streamed"])
def test_what_the_app_still_does_itself_comes_before_what_it_asked_for(doors: str, folder: Path, server: RuntimeApiServer) -> None:
    # A tracing library ends the span of a request at the end of the app, and an app asks for the spans to be sent.
    client = Client(server, "loop", folder, "fastapi_app_handler.wrapped", WRAPPED_WEB_APP_DOORS=doors)
    assert body_of(server.invoke(get("/both"))) == "answered"
    server.invoke(get("/"))
    stdout, _ = client.stop()
    assert stdout.splitlines() == ["task is done", "mail is done"]


@pytest.mark.parametrize("doors", [BUFFERED, STREAMED], ids=["buffered", "streamed"])
@pytest.mark.parametrize(
    ("module", "path", "error"),
    [
        ("flask_app", "/fails", "ZeroDivisionError"),
        ("flask_app", "/exits", "SystemExit"),
        ("flask_app", "/fails-to-close", "ZeroDivisionError"),
        ("fastapi_app", "/fails", "ValueError"),
    ],
)
def test_work_that_fails_is_logged_with_its_request_and_harms_no_other(
    module: str, path: str, error: str, doors: str, folder: Path, server: RuntimeApiServer
) -> None:
    client = Client(server, "loop", folder, f"{module}_handler.wrapped", WRAPPED_WEB_APP_DOORS=doors)
    server.invoke(get("/"))
    assert body_of(server.invoke(get(path))) == "answered"
    assert body_of(server.invoke(get("/"))) == "answered"
    assert client.process.poll() is None
    [entry] = [json.loads(line) for line in client.stop()[1].splitlines()]
    assert (entry["requestId"], entry["errorType"]) == ("request-2", error)


@pytest.mark.parametrize(("module", "left"), [("flask_app", "(1 more did not begin)"), ("fastapi_app", "(0 more did not begin)")])
def test_work_that_never_ends_is_interrupted_before_the_timeout(module: str, left: str, folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, "loop", folder, f"{module}_handler.wrapped", WRAPPED_WEB_APP_DOORS=BUFFERED)
    server.invoke(get("/"))
    began = time.monotonic()
    assert body_of(server.invoke(get("/never"), seconds=1.0)) == "answered"
    assert time.monotonic() - began < 0.7
    assert body_of(server.invoke(get("/"))) == "answered"
    # Not after its 60 seconds.
    assert 0.7 < time.monotonic() - began < 10
    stdout, stderr = client.stop()
    [entry] = [json.loads(line) for line in stderr.splitlines()]
    assert entry["message"].endswith(f"did not end before the function's timeout, and was interrupted {left}")
    assert entry["requestId"] == "request-2"
    assert "next is done" not in stdout


def test_on_awss_client_the_client_waits_and_the_log_says_so_once(folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, "awslambdaric", folder, "flask_app_handler.wrapped")
    server.invoke(get("/"))
    began = time.monotonic()
    assert body_of(server.invoke(get("/works"))) == "answered"
    assert time.monotonic() - began >= 0.4
    server.invoke(get("/works"))
    stdout, stderr = client.stop()
    assert stdout.splitlines() == ["mail is done", "mail is done"]
    assert [json.loads(line)["message"][:40] for line in stderr.splitlines()] == ["wait_until: clients wait until the work "]


def test_work_of_a_handler_that_fails_on_an_event_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1")
    done: list[str] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        wait_until(lambda: done.append("work"))
        raise ValueError("broken")

    assert make_lambda_handler(app)(get("/"), LambdaContext())["statusCode"] == 500
    assert done == ["work"]


def test_on_a_plain_server_the_work_begins_at_once() -> None:
    done = threading.Event()
    wait_until(done.set)
    assert done.wait(5)


@pytest.mark.parametrize("work", [None, 7, "text"])
def test_only_a_function_or_an_awaitable_is_work(work: Any) -> None:
    with pytest.raises(TypeError, match="wait_until takes a function without parameters or an awaitable, got"):
        wait_until(work)
