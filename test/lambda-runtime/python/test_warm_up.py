"""The request of the init phase, and what SnapStart needs before its snapshot and after a restore."""

from __future__ import annotations

import importlib
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from client_apps import HANDLER, get

from wrapped_web_app_runtime import make_lambda_handler, snapshot
from wrapped_web_app_runtime.settings import DOOR_NAMES
from wrapped_web_app_runtime.warm_up import warm_up

RUNTIME = Path(__file__).resolve().parents[3] / "lambda-runtime" / "python"


@pytest.fixture
def seen(monkeypatch: Any) -> Iterator[list[Any]]:
    monkeypatch.setenv("WRAPPED_WEB_APP_OPTIONS", json.dumps({"warmUp": "/health"}))
    yield []


def wsgi(seen: list[Any], status: str = "200 OK") -> Any:
    def app(environ: Any, start_response: Any) -> Any:
        seen.append([environ[name] for name in ("REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "HTTP_HOST", "HTTP_X_WRAPPED_WEB_APP_SOURCE")])
        start_response(status, [("Content-Type", "text/plain")])
        return [b"fine"]

    return app


def asgi(seen: list[Any]) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        seen.append([scope["method"], scope["root_path"], scope["path"], headers[b"host"].decode(), headers[b"x-wrapped-web-app-source"].decode()])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"fine"})

    return app


@pytest.mark.parametrize("prefix", ["", "/shop"])
@pytest.mark.parametrize("door", [None, *DOOR_NAMES])
@pytest.mark.parametrize("make", [wsgi, asgi])
def test_the_app_gets_one_get_request_with_the_source_header(
    make: Callable[[list[Any]], Any], door: str | None, prefix: str, seen: list[Any], monkeypatch: Any, capfd: Any
) -> None:
    if door is not None:
        monkeypatch.setenv("WRAPPED_WEB_APP_DOORS", json.dumps([{"door": door, "mountPrefix": prefix}]))
    warm_up(make_lambda_handler(make(seen)), "/health", 5)
    mount = prefix if door else ""
    path = "/health" if make is wsgi else f"{mount}/health"
    assert seen == [["GET", mount, path, "localhost", "warm-up"]]
    assert capfd.readouterr().err == ""


def log_of(capfd: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_a_status_other_than_2xx_is_only_warned_of(seen: list[Any], capfd: Any) -> None:
    warm_up(make_lambda_handler(wsgi(seen, "301 Moved Permanently")), "/health", 5)
    [line] = log_of(capfd)
    assert line["level"] == "WARN" and line["path"] == "/health" and line["requestId"] == "warm-up"
    assert line["message"] == "the app answered the warm-up request with 301; the start goes on"


def test_an_app_that_fails_is_logged_and_the_start_goes_on(seen: list[Any], capfd: Any) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        raise SystemExit("not ready")

    warm_up(make_lambda_handler(app), "/health", 5)
    fault, warning = log_of(capfd)
    assert fault["errorType"] == "SystemExit" and "not ready" in fault["errorMessage"]
    assert warning["message"] == "the app answered the warm-up request with 500; the start goes on"


def test_an_app_that_does_not_answer_is_stopped_before_the_init_phase_ends(seen: list[Any], capfd: Any) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        time.sleep(30)

    started = time.monotonic()
    warm_up(make_lambda_handler(app), "/health", 0.8)
    assert time.monotonic() - started < 10
    assert log_of(capfd)[-1]["message"] == "the app answered the warm-up request with 504; the start goes on"


def test_a_start_that_took_nearly_all_of_the_init_phase_leaves_no_time_for_the_request(seen: list[Any], capfd: Any) -> None:
    warm_up(make_lambda_handler(wsgi(seen)), "/health", 0.2)
    assert seen == [] and "no time for the warm-up request" in log_of(capfd)[0]["message"]


# SnapStart


@pytest.fixture
def hooks(monkeypatch: Any) -> SimpleNamespace:
    hooks = SimpleNamespace(before=[], after=[])
    module: Any = ModuleType("snapshot_restore_py")
    module.register_before_snapshot = hooks.before.append
    module.register_after_restore = hooks.after.append
    monkeypatch.setitem(sys.modules, "snapshot_restore_py", module)
    snapshot.prepare_for_snapshot()
    return hooks


def test_copies_of_an_environment_have_random_numbers_of_their_own(hooks: SimpleNamespace, monkeypatch: Any) -> None:
    numpy: Any = ModuleType("numpy.random")
    numpy.seed = lambda: setattr(numpy, "seeded", True)
    monkeypatch.setitem(sys.modules, "numpy.random", numpy)
    drawn = []
    for _ in range(2):
        random.seed(7)
        for restore in hooks.after:
            restore()
        drawn.append(random.random())
    assert drawn[0] != drawn[1] and numpy.seeded


def test_database_connections_are_closed_before_the_snapshot(hooks: SimpleNamespace, monkeypatch: Any, capfd: Any) -> None:
    closed: list[Any] = []

    class Engine:
        def __init__(self, is_async: bool) -> None:
            self.dialect = SimpleNamespace(is_async=is_async)

        def dispose(self, close: bool) -> None:
            closed.append(close)

    def close_all() -> None:
        closed.append("django")
        raise OSError("gone already")

    django: Any = ModuleType("django.db")
    django.connections = SimpleNamespace(close_all=close_all)
    sqlalchemy: Any = ModuleType("sqlalchemy.engine")
    sqlalchemy.Engine = Engine
    monkeypatch.setitem(sys.modules, "django.db", django)
    monkeypatch.setitem(sys.modules, "sqlalchemy.engine", sqlalchemy)
    engines = [Engine(False), Engine(True)]
    for close in hooks.before:
        close()
    assert closed[0] == "django" and sorted(closed[1:]) == [False, True] and len(engines) == 2
    assert "gone already" in log_of(capfd)[0]["message"]


APP = '''
import random

random.seed(7)
calls = []

def app(environ, start_response):
    calls.append([environ["PATH_INFO"], environ.get("HTTP_X_WRAPPED_WEB_APP_SOURCE")])
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [repr((calls, random.random())).encode()]
'''


def test_on_aws_client_the_request_comes_before_the_snapshot_and_the_hooks_run(tmp_path: Path) -> None:
    pytest.importorskip("awslambdaric")
    (tmp_path / "warm_app.py").write_text(APP)
    (tmp_path / "warm_handler.py").write_text(HANDLER.format(module="warm_app"))
    server = SnapStartApi()
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{RUNTIME}{os.pathsep}{tmp_path}",
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start",
        "AWS_LAMBDA_FUNCTION_NAME": "web",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "WRAPPED_WEB_APP_OPTIONS": json.dumps({"warmUp": "/health"}),
    }
    client = subprocess.Popen([sys.executable, "-m", "awslambdaric", "warm_handler.wrapped"], cwd=tmp_path, env=environ)
    try:
        assert server.answered.wait(30)
    finally:
        client.kill()
        client.wait()
        server.shutdown()
    assert server.calls[:2] == ["restore/next", "invocation/next"]
    calls, drawn = eval(json.loads(server.answer)["body"])
    assert calls == [["/health", "warm-up"], ["/", None]]
    random.seed(7)
    random.random()
    assert drawn != random.random()


class SnapStartApi(ThreadingHTTPServer):
    """A Runtime API that takes a snapshot, restores it at once, and sends one event."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SnapStartRequest)
        self.calls: list[str] = []
        self.answer = ""
        self.answered = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class SnapStartRequest(BaseHTTPRequestHandler):
    server: SnapStartApi
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        call = self.path.removeprefix("/2018-06-01/runtime/")
        self.server.calls.append(call)
        if self.server.calls.count("invocation/next") > 1:
            time.sleep(60)
        body = json.dumps(get("/")).encode() if call == "invocation/next" else b"{}"
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "request-1")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + 20) * 1000)))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.server.answer = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.answered.set()

    def log_message(self, *_: Any) -> None:
        pass


def test_serve_module_has_the_app_answer_before_it_returns(tmp_path: Path, seen: list[Any], monkeypatch: Any) -> None:
    from wrapped_web_app_runtime.serve_module import serve_module

    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "warm_app_of_module.py").write_text(APP)
    serve_module("warm_app_of_module", None, "warm_app_of_module.py")
    assert importlib.import_module("warm_app_of_module").calls == [["/health", "warm-up"]]
    monkeypatch.delitem(sys.modules, "warm_app_of_module")
