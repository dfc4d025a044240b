"""What the runtime logs itself. The cases are those of the Node runtime too."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from client_apps import HANDLER, get
from conftest import LambdaContext
from runtime_api_server import Client, RuntimeApiServer
from tables import read_event
from wrapped_web_app_runtime import log, make_lambda_handler

CASES = json.loads((Path(__file__).resolve().parents[2] / "fixtures" / "log-entries.json").read_text())
TRACES = [f"Root=1-5bef4de7-00000000000000000000000{n};Parent=000000000000000{n};Sampled=1" for n in (1, 2)]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_entries_are_those_of_the_node_runtime(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    values = {"AWS_LAMBDA_LOG_FORMAT": case.get("format"), "AWS_LAMBDA_LOG_LEVEL": case.get("level")}
    entry = dict(case["entry"])
    values["_X_AMZN_TRACE_ID"] = entry.pop("traceId", None)
    for name, value in values.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    level, message, error = entry.pop("level"), entry.pop("message"), entry.pop("error", None)
    request_id = entry.pop("requestId", None)
    context = None if request_id is None else SimpleNamespace(aws_request_id=request_id)
    if "door" in entry:
        log.request = entry.pop("door"), entry.pop("method"), entry.pop("path")
    if level == "ERROR":
        log.log_fault(message, None if error is None else ValueError(error), context, **entry)
    else:
        log.log_warning(message, context, **entry)
    written = capsys.readouterr().err
    if "json" not in case and "text" not in case:
        assert written == ""
        return
    assert written.count("\n") == 1
    if "text" in case:
        assert written.rstrip("\n").split("\t")[::3] == [f"[{level}]", case["text"]]
        return
    line = json.loads(written)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("timestamp"))
    if error is not None:
        assert (line.pop("errorType"), type(line.pop("stackTrace"))) == ("ValueError", list)
    assert line == case["json"]


def test_a_stack_in_text_is_part_of_its_entry_and_what_a_client_sends_begins_no_line(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.delenv("AWS_LAMBDA_LOG_FORMAT")

    def app(environ: Any, start_response: Any) -> Any:
        raise ValueError("caf\u00e9\nclosed")

    event = read_event("alb.json")
    event["path"] = "/orders"
    make_lambda_handler(app)(event, LambdaContext())
    line, end = capsys.readouterr().err.split("\n")
    assert end == "" and "\r" in line and "caf\\xe9\rclosed" in line and " alb " in line and " /orders: the app failed; the client gets 500\r" in line
    log.request = "alb", "GET", "/x\n[wrapped-web-app] forged"
    log.log_warning("refused", LambdaContext())
    assert "GET /x\\u000a[wrapped-web-app] forged: refused\n" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["awslambdaric", "loop"])
def test_each_entry_has_the_request_the_door_and_the_trace_of_its_own_invocation(kind: str, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def app(environ, start_response):\n    raise ValueError('out of order')\n")
    (tmp_path / "broken_handler.py").write_text(HANDLER.format(module="broken"))
    server = RuntimeApiServer()
    client = Client(server, kind, tmp_path, "broken_handler.wrapped")
    for trace in TRACES:
        server.invoke(get("/fails"), Trace_Id=trace)
    server.invoke(get("/fails", "rest-api.json"))
    _, stderr = client.stop()
    server.close()
    lines = [json.loads(line) for line in stderr.splitlines()]
    assert [(line["level"], line["requestId"], line["door"], line["path"], line["status"], line.get("traceId")) for line in lines] == [
        ("ERROR", "request-1", "function-url", "/fails", 500, TRACES[0]),
        ("ERROR", "request-2", "function-url", "/fails", 500, TRACES[1]),
        ("ERROR", "request-3", "rest-api", "/fails", 500, None),
    ]
