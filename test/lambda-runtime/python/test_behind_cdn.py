"""What requests.json cannot say of doors behind a CDN."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from tables import read_event

from wrapped_web_app_runtime import LambdaHandler
from wrapped_web_app_runtime.respond import BufferedSink
from wrapped_web_app_runtime.settings import settings_from_environment

SECRET = "the-secret-of-the-cdn"


def make_handler(secrets: str | None, seen: list[Any], response_mode: str = "buffered") -> LambdaHandler:
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ)
        start_response("200 OK", [])
        return [b"ok"]

    doors = [{"door": "function-url", "behindCdn": True, "responseMode": response_mode}]
    environ = {"WRAPPED_WEB_APP_DOORS": json.dumps(doors)}
    if secrets is not None:
        environ["WRAPPED_WEB_APP_CDN_SECRETS"] = secrets
    return LambdaHandler(app, settings_from_environment(environ))


def make_event(secret: str | None = None) -> dict[str, Any]:
    event = read_event("function-url.json")
    if secret is not None:
        event["headers"]["x-wrapped-web-app-cdn-secret"] = secret
        event["headers"]["x-wrapped-web-app-viewer-host"] = "www.example.com"
    return event


def test_the_event_that_the_app_can_read_is_the_viewers_without_the_secret(context: Any) -> None:
    seen: list[Any] = []
    given = make_event(SECRET)
    before = copy.deepcopy(given)
    assert make_handler(SECRET, seen)(given, context)["statusCode"] == 200
    assert seen[0]["apig_wsgi.full_event"]["headers"]["host"] == "www.example.com"
    assert SECRET not in repr(seen)
    assert given == before


def test_requests_past_the_cdn_are_logged_once(context: Any, capsys: Any) -> None:
    seen: list[Any] = []
    handler = make_handler(SECRET, seen)
    for secret in (None, "x", SECRET + "x"):
        result = handler(make_event(secret), context)
        assert (result["statusCode"], result["body"]) == (403, "Forbidden")
    assert not seen
    [line] = capsys.readouterr().err.splitlines()
    assert "a request came past the CDN, or its secret is not one of the function's" in line


@pytest.mark.parametrize("secrets", [None, "", " "])
def test_a_function_behind_a_cdn_does_not_start_without_a_secret(secrets: str | None) -> None:
    with pytest.raises(ValueError, match="WRAPPED_WEB_APP_CDN_SECRETS must have a secret"):
        make_handler(secrets, [])


def test_a_flag_that_is_no_boolean_is_refused() -> None:
    with pytest.raises(ValueError, match="behindCdn must be a boolean, got 'yes'"):
        settings_from_environment({"WRAPPED_WEB_APP_DOORS": '[{"door": "function-url", "behindCdn": "yes"}]'})


def test_a_streaming_door_refuses_as_well(context: Any) -> None:
    seen: list[Any] = []
    handler = make_handler(SECRET, seen, "streaming")
    for given, body in ((make_event(), b"Forbidden"), (make_event(SECRET), b"ok")):
        event_format = handler.streaming_format(given)
        assert event_format is not None
        event, request = handler.parse(given, event_format)
        sink = BufferedSink(event_format, request.method)
        fault = handler.run(request, event, context, event_format, sink)
        assert bytes((fault.response if fault else sink).body()) == body
    assert len(seen) == 1
