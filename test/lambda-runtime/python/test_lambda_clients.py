"""The same handlers on AWS's own client and on our streaming loop, against one Runtime API."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from client_apps import get, write_bundle
from runtime_api_server import Client, RuntimeApiServer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: Any) -> Path:
    return write_bundle(tmp_path_factory.mktemp("bundle"))


@pytest.fixture
def server() -> Iterator[RuntimeApiServer]:
    server = RuntimeApiServer()
    yield server
    server.close()


@pytest.mark.parametrize("kind", ["awslambdaric", "loop"])
@pytest.mark.parametrize("module", ["flask_app", "fastapi_app"])
def test_both_clients_send_the_same_buffered_responses(kind: str, module: str, folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, kind, folder, f"{module}_handler.wrapped")
    for fixture in ("function-url.json", "rest-api.json"):
        answer = server.invoke(get("/", fixture))
        assert answer.kind == "response" and answer.headers["Content-Type"] == "application/json"
        result = answer.json()
        assert result["statusCode"] == 200 and "hello" in result["body"] and result["isBase64Encoded"] is False
    client.stop()


@pytest.mark.parametrize(
    ("kind", "environment"),
    # AWS's client waits for events in the main thread on Python 3.11, and in another thread on 3.13.
    [("awslambdaric", "AWS_Lambda_python3.11"), ("awslambdaric", "AWS_Lambda_python3.13"), ("loop", "AWS_Lambda_python3.13")],
)
@pytest.mark.parametrize("module", ["flask_app", "fastapi_app"])
def test_a_deadline_that_passes_between_two_requests_does_no_harm(
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


TEXT, JSON = {"AWS_LAMBDA_LOG_FORMAT": "Text"}, {"AWS_LAMBDA_LOG_FORMAT": "JSON"}
LEVEL = {**TEXT, "AWS_LAMBDA_LOG_LEVEL": "INFO"}


@pytest.mark.parametrize(
    ("environ", "framed"),
    [(TEXT, True), (JSON, True), (LEVEL, True), (TEXT, False), (JSON, False)],
    ids=["framed text", "framed json", "framed text with a level", "text", "json"],
)
def test_the_loop_logs_and_reports_errors_and_makes_contexts_as_aws_client_does(
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
def test_a_module_that_cannot_be_imported_is_an_init_error(kind: str, folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, kind, folder, "broken_handler.wrapped")
    answer = server.answers.get(timeout=10)
    _, stderr = client.process.communicate(timeout=10)
    assert answer.kind == "init" and answer.json()["errorType"] == "AppNotFound"
    assert "nothing_of_the_kind" in answer.json()["errorMessage"]
    assert client.process.returncode == 1
    assert "nothing_of_the_kind" in json.loads(stderr.splitlines()[0])["errorMessage"]


@pytest.mark.parametrize("kind", ["awslambdaric", "loop"])
def test_a_module_that_writes_where_lambda_forbids_it_is_told_where_to_write(kind: str, folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, kind, folder, "writes_handler.wrapped")
    answer = server.answers.get(timeout=10)
    _, stderr = client.process.communicate(timeout=10)
    assert answer.kind == "init" and answer.json()["errorType"] == "OSError"
    assert "on Lambda only /tmp can be written to" in json.loads(stderr.splitlines()[0])["message"]


@pytest.mark.parametrize("kind", ["awslambdaric", "loop"])
def test_an_event_that_is_not_http_fails_its_invocation_and_no_other(kind: str, folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, kind, folder, "flask_app_handler.wrapped")
    for event in ({"Records": []}, [], "text", None, 3, {"requestContext": {"http": {}}, "version": "2.0"}):
        answer = server.invoke(event)
        assert answer.kind == "error" and answer.json()["errorType"] in ("BadEvent", "NotAnHttpEvent")
    assert server.invoke(get("/")).kind == "response"
    client.stop()


@pytest.mark.parametrize("kind", ["awslambdaric", "loop"])
def test_both_clients_echo_the_id_of_the_invocation_if_lambda_sends_one(kind: str, folder: Path, server: RuntimeApiServer) -> None:
    client = Client(server, kind, folder, "plain.plain")
    assert server.invoke({}).headers["Lambda-Runtime-Invocation-Id"] is None
    for event in ({}, {"raise": True}):
        assert server.invoke(event, Invocation_Id="attempt-2").headers["Lambda-Runtime-Invocation-Id"] == "attempt-2"
    client.stop()


def test_several_requests_at_once_are_not_mixed_up_on_awss_client(folder: Path, server: RuntimeApiServer) -> None:
    # As in Managed Instances: a process for each request that is handled at once.
    client = Client(server, "awslambdaric", folder, "flask_app_handler.wrapped", AWS_LAMBDA_MAX_CONCURRENCY="4")
    server.send(get("/hangs"), seconds=5)
    server.send(get("/fails"))
    for number in range(12):
        event = get(f"/waits/{number}")
        event["headers"]["x-mark"] = str(number)
        server.send(event)
    results = [server.answers.get(timeout=20).json() for _ in range(14)]
    assert sorted(result["statusCode"] for result in results) == [200] * 12 + [500, 504]
    # None has waited for the one that hangs.
    assert results[-1]["statusCode"] == 504
    seen = [json.loads(result["body"]) for result in results if result["statusCode"] == 200]
    assert sorted(each["mark"] for each in seen) == sorted(each["header"] for each in seen) == sorted(map(str, range(12)))
    assert all(each["mark"] == each["header"] for each in seen)
    assert len({each["process"] for each in seen}) > 1
    client.stop()
