"""Requests that no app gets, and what the log says about them. The cases of both runtimes are in requests.json."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tables import read_event

from wrapped_web_app_runtime import make_lambda_handler
from wrapped_web_app_runtime.events.event_path import EventPath

SECRET = "hunter2"


def failing_app(environ: Any, start_response: Any) -> Any:
    raise RuntimeError("out of order")


def secretive_event(**changes: Any) -> Any:
    """A request with a secret in every place that a client can write to."""
    return {
        **read_event("function-url.json"),
        "rawQueryString": f"token={SECRET}",
        "cookies": [f"session={SECRET}"],
        "headers": {"host": "app.example", "authorization": f"Bearer {SECRET}", "x-api-key": SECRET},
        "body": f"password={SECRET}",
        "isBase64Encoded": False,
        **changes,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"rawPath": "http://evil.example/x"},
        {"rawQueryString": f"token={SECRET} x"},
        {"headers": {"host": "app.example", "x-api-key": f"{SECRET}\r\nx: y"}},
        {"headers": {"host": f"user:{SECRET}@app.example"}},
        {},
    ],
)
def test_the_log_of_a_request_has_one_line_without_what_the_client_kept_secret(changes: Any, context: Any, capsys: Any) -> None:
    make_lambda_handler(failing_app)(secretive_event(**changes), context)
    log = capsys.readouterr().err
    assert len(log.splitlines()) == 1 and SECRET not in log


def test_no_text_of_a_client_begins_a_line_of_its_own_in_the_log(context: Any, capsys: Any) -> None:
    event = secretive_event(rawPath="/x\n{}")
    event["requestContext"]["http"]["method"] = "GET\r\n{}"
    assert make_lambda_handler(failing_app)(event, context)["statusCode"] == 400
    [line] = capsys.readouterr().err.splitlines()
    assert (json.loads(line)["method"], json.loads(line)["path"]) == ("GET\r\n{}", "/x\n{}")


@pytest.mark.parametrize("status", ["200 O\r\nset-cookie: evil=1", "200 O\0K", "42 Answer", "100 Continue", "700 Odd"])
def test_fails_on_a_status_that_no_front_door_takes(status: str, context: Any, capsys: Any) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response(status, [])
        return [b""]

    for fixture in ("alb.json", "function-url.json"):
        result = make_lambda_handler(app)(read_event(fixture), context)
        assert result["statusCode"] == 500 and "evil" not in json.dumps(result)
        assert "the status" in json.loads(capsys.readouterr().err)["errorMessage"]


@pytest.mark.parametrize(("name", "value"), [("bad name", "x"), ("", "x"), ("é", "x"), ("x-a", "\x01"), ("x-a", "\x7f")])
def test_fails_on_a_header_that_no_front_door_takes(name: str, value: str, context: Any, capsys: Any) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [(name.encode("latin-1"), value.encode())]})

    assert make_lambda_handler(app)(read_event("alb.json"), context)["statusCode"] == 500
    assert "the response header" in json.loads(capsys.readouterr().err)["errorMessage"]


def test_a_tab_in_a_response_header_is_no_control_character(context: Any) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("x-a", "a\tb")])
        return [b""]

    assert make_lambda_handler(app)(read_event("function-url.json"), context)["headers"]["x-a"] == "a\tb"


def test_a_port_of_5000_digits_is_no_port(context: Any) -> None:
    seen: list[str] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        seen.append(environ["SERVER_PORT"])
        start_response("200 OK", [])
        return [b""]

    event = read_event("alb-single.json")
    for port in ("9" * 5000, "65536", "-1", "٣", "8080"):
        event["headers"]["x-forwarded-port"] = port
        assert make_lambda_handler(app)(event, context)["statusCode"] == 200
    assert seen == ["443", "443", "443", "443", "8080"]


def escaped_in_layers(path: str, rounds: int) -> str:
    """Escapes each digit of each escape, as often as `rounds`."""
    import re

    return path if rounds == 0 else escaped_in_layers(re.sub(r"%(\d)(\d)", r"%%3\1%3\2", path), rounds - 1)


def test_a_path_that_is_escaped_in_more_layers_than_anybody_needs_is_taken_for_the_event_path() -> None:
    event_path = EventPath("/events")
    assert event_path.has(escaped_in_layers("/%65vents", 4))
    assert not event_path.has(escaped_in_layers("/%78", 4))
    assert event_path.has(escaped_in_layers("/%78", 8))


@pytest.mark.parametrize("path", ["/%" + "25" * 50_000, "/" * 50_000, "/.." * 50_000, "/x;" * 50_000, "%" * 50_000])
def test_a_long_path_is_read_once_and_not_once_for_each_of_its_characters(path: str) -> None:
    # With a loop per escape or segment, each of these takes minutes.
    assert not EventPath("/events").has(path)
