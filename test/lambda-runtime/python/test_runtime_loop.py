"""The loop that streams, against a Runtime API."""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any, cast

import pytest
from client_apps import get, split_stream, write_bundle
from runtime_api_server import Client, RuntimeApiServer

from wrapped_web_app_runtime import make_lambda_handler
from wrapped_web_app_runtime.streaming.log_sink import LogSink
from wrapped_web_app_runtime.streaming.runtime_api import Invocation, RuntimeApi
from wrapped_web_app_runtime.streaming.runtime_loop import serve

STREAMING = json.dumps([{"door": door, "responseMode": "streaming"} for door in ("function-url", "rest-api")])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: Any) -> Path:
    return write_bundle(tmp_path_factory.mktemp("bundle"))


@pytest.fixture
def server() -> Iterator[RuntimeApiServer]:
    server = RuntimeApiServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def streaming(folder: Path) -> Iterator[Any]:
    """One loop for each app, behind front doors that stream. It serves all tests, as an environment does."""
    running: dict[str, tuple[RuntimeApiServer, Client]] = {}

    def invoke(module: str, event: Any, seconds: float = 20.0) -> Any:
        if module not in running:
            server = RuntimeApiServer()
            running[module] = server, Client(server, "loop", folder, f"{module}_handler.wrapped", WRAPPED_WEB_APP_DOORS=STREAMING)
        return running[module][0].invoke(event, seconds)

    yield invoke
    for server, client in running.values():
        client.stop()
        server.close()


@pytest.mark.parametrize("module", ["flask_app", "fastapi_app"])
@pytest.mark.parametrize("fixture", ["function-url.json", "rest-api.json"])
def test_chunks_arrive_as_the_app_makes_them(module: str, fixture: str, streaming: Any) -> None:
    streaming(module, get("/", fixture))
    answer = streaming(module, get("/slow", fixture))
    assert answer.headers["Lambda-Runtime-Function-Response-Mode"] == "streaming"
    assert answer.headers["Content-Type"] == "application/vnd.awslambda.http-integration-response"
    prelude, body = split_stream(answer.body)
    assert prelude["statusCode"] == 200 and prelude["headers"]["content-type"].startswith("text/event-stream")
    assert body == b"data: 0\n\ndata: 1\n\ndata: 2\n\n"
    pieces = [moment for moment, data in answer.chunks if data.startswith(b"data")]
    assert len(pieces) == 3 and pieces[1] - pieces[0] > 0.05 and pieces[2] - pieces[1] > 0.05
    assert answer.trailers == {}


@pytest.mark.parametrize(
    ("fixture", "expected"),
    [
        ("function-url.json", {"cookies": ["a=1; Path=/", "b=2; Path=/"]}),
        ("rest-api.json", {"multiValueHeaders": {"set-cookie": ["a=1; Path=/", "b=2; Path=/"]}}),
    ],
)
def test_a_stream_starts_with_the_head_that_the_front_door_reads(fixture: str, expected: Any, streaming: Any) -> None:
    prelude, body = split_stream(streaming("flask_app", get("/", fixture)).body)
    assert body == b"hello / 0"
    assert prelude == {"statusCode": 200, "headers": {"content-type": "text/html; charset=utf-8", "content-length": "9"}, **expected}
    for path, method in (("/", "HEAD"), ("/empty", "GET")):
        assert split_stream(streaming("flask_app", get(path, fixture, method)).body)[1] == b""


def test_a_streamed_response_may_be_larger_than_a_buffered_one(streaming: Any) -> None:
    assert len(split_stream(streaming("flask_app", get("/big")).body)[1]) == 8_000_000


def test_a_generator_that_raises_midway_ends_in_error_trailers_and_the_loop_goes_on(folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, "loop", folder, "flask_app_handler.wrapped", WRAPPED_WEB_APP_DOORS=STREAMING)
    answer = server.invoke(get("/breaks"))
    assert split_stream(answer.body)[1] == b"half"
    assert answer.trailers["Lambda-Runtime-Function-Error-Type"] == "ValueError"
    error = json.loads(base64.b64decode(answer.trailers["Lambda-Runtime-Function-Error-Body"]))
    assert error["errorMessage"] == "midway"
    assert split_stream(server.invoke(get("/")).body)[0]["statusCode"] == 200
    _, stderr = client.stop()
    assert len(stderr.splitlines()) == 1 and json.loads(stderr)["errorMessage"] == "midway"


def test_an_app_that_fails_before_its_first_byte_gets_its_client_a_500(streaming: Any) -> None:
    assert split_stream(streaming("flask_app", get("/fails")).body)[0]["statusCode"] == 500


def test_an_app_that_never_answers_streams_a_504(streaming: Any) -> None:
    streaming("fastapi_app", get("/"))
    assert split_stream(streaming("fastapi_app", get("/hangs"), seconds=0.6).body)[0]["statusCode"] == 504
    assert split_stream(streaming("fastapi_app", get("/")).body)[0]["statusCode"] == 200


def test_a_response_that_lambda_refuses_does_not_end_the_loop(folder: Path) -> None:
    server = RuntimeApiServer(max_result_bytes=130)
    client = Client(server, "loop", folder, "flask_app_handler.wrapped")
    assert server.invoke(get("/")).kind == "too large"
    assert server.invoke(get("/empty")).kind == "response"
    _, stderr = client.stop()
    server.close()
    assert "413" in json.loads(stderr)["errorMessage"]


@pytest.mark.parametrize("handler", ["flask_app_handler.missing", "nowhere.handler", "nodot"])
def test_fails_at_init_on_a_handler_that_does_not_exist(handler: str, folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, "loop", folder, handler)
    assert server.answers.get(timeout=10).kind == "init"
    client.process.communicate(timeout=10)
    assert client.process.returncode == 1


@pytest.mark.parametrize(
    ("module", "path"),
    [("flask_app", "/big-headers"), ("flask_app", "/big-headers-for-ever"), ("fastapi_app", "/big-headers")],
)
def test_more_headers_than_a_streaming_rest_api_takes_are_a_502(module: str, path: str, folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, "loop", folder, f"{module}_handler.wrapped", WRAPPED_WEB_APP_DOORS=STREAMING)
    answer = server.invoke(get(path, "rest-api.json"))
    head, body = split_stream(answer.body)
    assert (head["statusCode"], answer.trailers) == (502, {})
    assert "API Gateway takes 10240; send fewer or shorter cookies and headers" in body.decode()
    assert split_stream(server.invoke(get("/", "rest-api.json")).body)[0]["statusCode"] == 200
    _, stderr = client.stop()
    assert len(stderr.splitlines()) == 1
    line = json.loads(stderr)
    assert (line["status"], line["message"]) == (502, body.decode())


def test_a_streaming_function_url_has_no_limit_on_headers(streaming: Any) -> None:
    head, _ = split_stream(streaming("flask_app", get("/big-headers")).body)
    assert (head["statusCode"], len(head["headers"]["x-big"])) == (200, 12_000)


def test_a_streamed_204_has_no_content_length(streaming: Any) -> None:
    head, body = split_stream(streaming("flask_app", get("/empty")).body)
    assert (head["statusCode"], body) == (204, b"") and "content-length" not in head["headers"]


def test_a_stream_echoes_the_id_of_its_invocation(folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, "loop", folder, "flask_app_handler.wrapped", WRAPPED_WEB_APP_DOORS=STREAMING)
    assert server.invoke(get("/slow"), Invocation_Id="attempt-2").headers["Lambda-Runtime-Invocation-Id"] == "attempt-2"
    client.stop()


class SlowReader:
    """A Runtime API that reads the beginning of an answer, and the rest only when it is told to."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._goes_on = threading.Event()
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.received = b""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        connection, _ = self._listener.accept()
        self.received = connection.recv(1000)
        self._goes_on.wait(20)
        while data := connection.recv(1_000_000):
            self.received += data

    def read_rest(self) -> bytes:
        self._goes_on.set()
        self._thread.join(5)
        assert not self._thread.is_alive(), "the connection is still open"
        self._listener.close()
        return self.received


def swallows(environ: Any, start_response: Any) -> Any:
    write = start_response("200 OK", [("Content-Type", "text/plain")])
    try:
        write(b"x" * 50_000_000)
    except:  # noqa: E722
        return [b"y"]
    return []


def is_cut(environ: Any, start_response: Any) -> Any:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"x" * 50_000_000]


@pytest.mark.parametrize("app", [is_cut, swallows])
def test_a_chunk_that_the_deadline_cuts_is_followed_by_nothing(app: Any, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setenv("WRAPPED_WEB_APP_DOORS", STREAMING)
    reader = SlowReader()
    headers = Message()
    headers["Lambda-Runtime-Deadline-Ms"] = str(int(time.time() * 1000) + 1200)
    invocation = Invocation("request-1", cast(Any, headers), json.dumps(get("/")).encode())
    serve(RuntimeApi(reader.address), LogSink(), make_lambda_handler(app), invocation)
    head, _, body = reader.read_rest().partition(bytes(8))
    assert b"200" in head and body.strip(b"\r\n0123456789abcdef").strip(b"x") == b""
    # On a busy machine there may be a warning that the app goes on.
    (line,) = [line for line in map(json.loads, capsys.readouterr().err.splitlines()) if "status" in line]
    assert line["path"] == "/"
