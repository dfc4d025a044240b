"""Events that are not HTTP, given to the app as requests to `eventPath`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tables import read_event

from wrapped_web_app_runtime import make_lambda_handler
from wrapped_web_app_runtime.events import BadEvent
from wrapped_web_app_runtime.respond.other_event_reply import EventNotHandled

SQS = {"Records": [{"messageId": "1", "eventSource": "aws:sqs", "body": "{}"}]}


def app_that_answers(status: str, body: bytes) -> Any:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        assert (environ["REQUEST_METHOD"], environ["CONTENT_TYPE"]) == ("POST", "application/json")
        assert json.loads(environ["wsgi.input"].read()) == environ["wrapped_web_app.full_event"]
        start_response(status, [("Content-Type", "application/json")])
        return [body]

    return app


@pytest.fixture(autouse=True)
def event_path(monkeypatch: Any) -> None:
    monkeypatch.setenv("WRAPPED_WEB_APP_OPTIONS", '{"eventPath":"/events"}')


@pytest.mark.parametrize(
    ("body", "expected"), [(b'{"batchItemFailures":[]}', {"batchItemFailures": []}), (b"", None), (b'"done"', "done")]
)
def test_the_body_of_a_2xx_response_is_the_invocation_s_result(body: bytes, expected: Any, context: Any) -> None:
    assert make_lambda_handler(app_that_answers("200 OK", body))(SQS, context) == expected


@pytest.mark.parametrize(("status", "body"), [("500 Oops", b"no"), ("404 Not Found", b""), ("302 Found", b""), ("200 OK", b"<html>")])
def test_fails_the_invocation_on_any_other_response(status: str, body: bytes, context: Any) -> None:
    with pytest.raises(EventNotHandled):
        make_lambda_handler(app_that_answers(status, body))(SQS, context)


def test_fails_the_invocation_when_the_app_raises(context: Any) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        make_lambda_handler(app)(SQS, context)


@pytest.mark.parametrize("fixture", ["alb.json", "http-api.json", "lattice-v2.json", "rest-api.json"])
def test_an_event_without_a_method_is_not_http_and_goes_to_the_path_of_events(fixture: str, context: Any) -> None:
    event = read_event(fixture)
    event.pop("httpMethod", None)
    event.pop("method", None)
    event["requestContext"].pop("http", None)
    assert make_lambda_handler(app_that_answers("200 OK", b"1"))(event, context) == 1


@pytest.mark.parametrize("path", ["/events", "/Events/", "//events", "/%65vents", "/%2565vents", "/x/../events", "/events;a=1", "/\\events", "//evil.example/events", "/events/x"])
def test_no_http_request_reaches_the_path_of_events(path: str, context: Any, capsys: Any) -> None:
    event = {**read_event("function-url.json"), "rawPath": path}
    assert make_lambda_handler(app_that_answers("200 OK", b"{}"))(event, context)["statusCode"] == 404
    assert "event path" in json.loads(capsys.readouterr().err)["message"]


def test_fails_on_an_event_that_is_not_http_where_event_path_is_not_set(context: Any, monkeypatch: Any) -> None:
    monkeypatch.delenv("WRAPPED_WEB_APP_OPTIONS")
    with pytest.raises(BadEvent, match="Records"):
        make_lambda_handler(app_that_answers("200 OK", b"{}"))(SQS, context)
