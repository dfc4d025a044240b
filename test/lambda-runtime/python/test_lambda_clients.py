"""The same handlers on AWS's own client and on our streaming loop, against one Runtime API."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from runtime_api_server import Client, RuntimeApiServer
from tables import read_event

STREAMING = json.dumps([{"door": door, "responseMode": "streaming"} for door in ("function-url", "rest-api")])
HANDLER = '''
from wrapped_web_app_runtime.handler import serve_module

wrapped = serve_module("{module}", None, "{module}.py")
'''
PLAIN = '''
import logging, os

def plain(event, context):
    """A handler of the user's own, for what both clients do with any handler."""
    if event.get("raise"):
        raise ValueError("broken")
    logging.getLogger("app").warning("seen\\ntwice")
    try:
        1 / 0
    except ZeroDivisionError:
        logging.getLogger("app").exception("with a trace", extra={"order": 7})
    return {
        "trace": os.environ.get("_X_AMZN_TRACE_ID"), "tenant": context.tenant_id, "id": context.aws_request_id,
        "arn": context.invoked_function_arn, "function": context.function_name, "group": context.log_group_name,
        "identity": context.identity.cognito_identity_id,
        "client": context.client_context and context.client_context.client.app_title,
        "left": 0 < context.get_remaining_time_in_millis() <= 20_000,
    }
'''
FLASK = '''
import time
from flask import Flask, Response, request
app = Flask(__name__)

@app.get("/slow")
def slow():
    def steps():
        for number in range(3):
            yield f"data: {number}\\n\\n"
            time.sleep(0.15)
    return Response(steps(), mimetype="text/event-stream")

@app.get("/breaks")
def breaks():
    def steps():
        yield "half"
        raise ValueError("midway")
    return Response(steps(), mimetype="text/plain")

@app.get("/fails")
def fails():
    raise ValueError("before")

@app.route("/", methods=["GET", "POST", "HEAD"])
def index():
    response = Response(f"hello {request.path} {len(request.get_data())}")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return response

@app.get("/big")
def big():
    return Response(b"x" * 8_000_000, mimetype="text/plain")

@app.get("/empty")
def empty():
    return "", 204
'''
FASTAPI = '''
import asyncio
from contextlib import asynccontextmanager
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

@asynccontextmanager
async def lifespan(app):
    print("starts up", flush=True)
    yield
    print("shuts down", flush=True)

app = FastAPI(lifespan=lifespan)

async def steps():
    for number in range(3):
        yield f"data: {number}\\n\\n"
        await asyncio.sleep(0.15)

@app.get("/slow")
async def slow():
    return StreamingResponse(steps(), media_type="text/event-stream")

@app.get("/hangs")
async def hangs():
    await asyncio.sleep(30)

@app.get("/")
async def index():
    return {"hello": "world"}
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory: Any) -> Path:
    path: Path = tmp_path_factory.mktemp("bundle")
    for module, source in (("flask_app", FLASK), ("fastapi_app", FASTAPI)):
        (path / f"{module}.py").write_text(source)
        (path / f"{module}_handler.py").write_text(HANDLER.format(module=module))
    (path / "plain.py").write_text(PLAIN)
    (path / "broken.py").write_text("import nothing_of_the_kind\n")
    (path / "broken_handler.py").write_text(HANDLER.format(module="broken"))
    return path


@pytest.fixture
def server() -> Iterator[RuntimeApiServer]:
    server = RuntimeApiServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def streaming(folder: Path) -> Iterator[Any]:
    """One loop for each app, behind doors that stream; it lives through every test, as an environment does."""
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


def get(path: str, fixture: str = "function-url.json", method: str = "GET") -> dict[str, Any]:
    event = read_event(fixture)
    if fixture == "rest-api.json":
        event.update(path=path, httpMethod=method, body=None)
        event["requestContext"]["path"] = "/live" + path
    else:
        event.update(rawPath=path, body=None)
        event["requestContext"]["http"]["method"] = method
    return event


def split_stream(body: bytes) -> tuple[dict[str, Any], bytes]:
    prelude, separator, rest = body.partition(bytes(8))
    assert separator
    return json.loads(prelude), rest


@pytest.mark.parametrize("kind", ["awslambdaric", "loop"])
@pytest.mark.parametrize("module", ["flask_app", "fastapi_app"])
def test_both_clients_buffer_alike(kind: str, module: str, folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, kind, folder, f"{module}_handler.wrapped")
    for fixture in ("function-url.json", "rest-api.json"):
        answer = server.invoke(get("/", fixture))
        assert answer.kind == "response" and answer.headers["Content-Type"] == "application/json"
        result = answer.json()
        assert result["statusCode"] == 200 and "hello" in result["body"] and result["isBase64Encoded"] is False
    client.stop()


@pytest.mark.parametrize(
    ("kind", "environment"),
    # AWS's client waits for events in its main thread on the one, and in another on the other.
    [("awslambdaric", "AWS_Lambda_python3.11"), ("awslambdaric", "AWS_Lambda_python3.13"), ("loop", "AWS_Lambda_python3.13")],
)
@pytest.mark.parametrize("module", ["flask_app", "fastapi_app"])
def test_a_deadline_that_passes_between_two_requests_is_nobodys(
    kind: str, environment: str, module: str, folder: Path, server: RuntimeApiServer
) -> None:
    client = Client(server, kind, folder, f"{module}_handler.wrapped", AWS_EXECUTION_ENV=environment)
    server.invoke(get("/"))
    assert server.invoke(get("/"), seconds=1.5).json()["statusCode"] == 200
    # The client waits for the next event in a call that a signal interrupts.
    time.sleep(1.6)
    assert client.process.poll() is None
    assert server.invoke(get("/")).json()["statusCode"] == 200
    assert client.stop()[1] == ""


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
def test_the_prelude_is_what_the_door_reads(fixture: str, expected: Any, streaming: Any) -> None:
    prelude, body = split_stream(streaming("flask_app", get("/", fixture)).body)
    assert body == b"hello / 0"
    assert prelude == {"statusCode": 200, "headers": {"content-type": "text/html; charset=utf-8", "content-length": "9"}, **expected}
    for path, method in (("/", "HEAD"), ("/empty", "GET")):
        assert split_stream(streaming("flask_app", get(path, fixture, method)).body)[1] == b""


def test_a_streamed_response_may_be_larger_than_a_buffered_one(streaming: Any) -> None:
    assert len(split_stream(streaming("flask_app", get("/big")).body)[1]) == 8_000_000


def test_a_generator_that_raises_midway_ends_in_error_trailers_and_the_loop_lives(folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, "loop", folder, "flask_app_handler.wrapped", WRAPPED_WEB_APP_DOORS=STREAMING)
    answer = server.invoke(get("/breaks"))
    assert split_stream(answer.body)[1] == b"half"
    assert answer.trailers["Lambda-Runtime-Function-Error-Type"] == "ValueError"
    error = json.loads(base64.b64decode(answer.trailers["Lambda-Runtime-Function-Error-Body"]))
    assert error["errorMessage"] == "midway"
    assert split_stream(server.invoke(get("/")).body)[0]["statusCode"] == 200
    _, stderr = client.stop()
    assert len(stderr.splitlines()) == 1 and json.loads(stderr)["errorMessage"] == "midway"


def test_an_app_that_fails_before_its_first_byte_is_a_whole_500(streaming: Any) -> None:
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


@pytest.mark.parametrize("kind", ["awslambdaric", "loop"])
def test_the_app_starts_up_before_the_first_request_and_shuts_down_on_sigterm(kind: str, folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, kind, folder, "fastapi_app_handler.wrapped")
    server.invoke(get("/"))
    stdout, _ = client.stop()
    assert stdout.splitlines() == ["starts up", "shuts down"]
    assert client.process.returncode == 0


HEADERS = {
    "Trace_Id": "Root=1-2-3;Sampled=1",
    "Aws_Tenant_Id": "tenant-1",
    "Invoked_Function_Arn": "arn:aws:lambda:us-west-2:123456789012:function:web",
    "Cognito_Identity": '{"cognitoIdentityId":"id-1"}',
    "Client_Context": '{"client":{"app_title":"phone"},"custom":{},"env":{}}',
}


JSON, LEVEL = {"AWS_LAMBDA_LOG_FORMAT": "JSON"}, {"AWS_LAMBDA_LOG_LEVEL": "INFO"}


@pytest.mark.parametrize(
    ("environ", "framed"),
    [({}, True), (JSON, True), (LEVEL, True), ({}, False), (JSON, False)],
    ids=["framed text", "framed json", "framed text with a level", "text", "json"],
)
def test_the_loop_logs_reports_and_describes_as_aws_client_does(
    environ: dict[str, str], framed: bool, folder: Path
) -> None:
    seen = []
    for kind in ("awslambdaric", "loop"):
        server = RuntimeApiServer()
        extra = {**environ, **({"_LAMBDA_TELEMETRY_LOG_FD": "3"} if framed else {})}
        client = Client(server, kind, folder, "plain.plain", **extra)
        first = server.invoke({}, **HEADERS).json()
        second = server.invoke({}).json()
        failed = server.invoke({"raise": True})
        time.sleep(0.05)
        stdout, _ = client.stop()
        server.close()
        log: Any = client.read_frames() if framed else stdout
        cause = json.loads(failed.headers["Lambda-Runtime-Function-XRay-Error-Cause"])
        error = failed.json()
        seen.append((first, second, failed.kind, failed.headers["Lambda-Runtime-Function-Error-Type"], error, cause, hide_times(log)))
    aws, ours = seen
    assert ours[0] == aws[0] == {
        "trace": "Root=1-2-3;Sampled=1", "tenant": "tenant-1", "id": "request-1", "arn": HEADERS["Invoked_Function_Arn"],
        "function": "web", "group": "/aws/lambda/web", "identity": "id-1", "client": "phone", "left": True,
    }
    aws[1]["arn"] = ours[1]["arn"]  # never absent on Lambda
    assert ours[1] == aws[1] and ours[1]["trace"] is None and ours[1]["tenant"] is None
    assert ours[2] == aws[2] == "error"
    if aws[3] is not None:
        assert ours[3] == aws[3]
    assert ours[4] == aws[4] and ours[4]["errorType"] == "ValueError"
    assert ours[5] == aws[5]
    assert ours[6] == aws[6] and ours[6]


def hide_times(log: Any) -> Any:
    if isinstance(log, list):
        return [(kind, hide_times(message)) for kind, message in log]
    lines = []
    for line in log.split("\n"):
        if line.startswith("{"):
            fields = json.loads(line)
            fields["timestamp"] = re.sub(r"\d", "0", fields["timestamp"])
            lines.append(fields)
        else:
            lines.append(re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", line))
    return lines


@pytest.mark.parametrize("kind", ["awslambdaric", "loop"])
def test_a_module_that_cannot_be_loaded_is_an_init_error(kind: str, folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, kind, folder, "broken_handler.wrapped")
    answer = server.answers.get(timeout=10)
    _, stderr = client.process.communicate(timeout=10)
    assert answer.kind == "init" and answer.json()["errorType"] == "AppNotFound"
    assert "nothing_of_the_kind" in answer.json()["errorMessage"]
    assert client.process.returncode == 1
    assert "nothing_of_the_kind" in json.loads(stderr.splitlines()[0])["errorMessage"]


@pytest.mark.parametrize("handler", ["flask_app_handler.missing", "nowhere.handler", "nodot"])
def test_fails_at_init_on_a_handler_that_is_not_there(handler: str, folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, "loop", folder, handler)
    assert server.answers.get(timeout=10).kind == "init"
    client.process.communicate(timeout=10)
    assert client.process.returncode == 1


@pytest.mark.parametrize("kind", ["awslambdaric", "loop"])
def test_an_event_that_is_not_http_is_the_invocation_s_error_and_nothing_else(kind: str, folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, kind, folder, "flask_app_handler.wrapped")
    for event in ({"Records": []}, [], "text", None, 3, {"requestContext": {"http": {}}, "version": "2.0"}):
        answer = server.invoke(event)
        assert answer.kind == "error" and answer.json()["errorType"] in ("BadEvent", "NotAnHttpEvent")
    assert server.invoke(get("/")).kind == "response"
    client.stop()
