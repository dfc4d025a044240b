"""The rules of PEP 3333."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest
from tables import read_event

from wrapped_web_app_runtime import make_lambda_handler


def call(app: Any, context: Any, event: Any = None) -> dict[str, Any]:
    return make_lambda_handler(app)(event or read_event("function-url.json"), context)


def test_exc_info_replaces_a_head_that_has_not_been_sent(context: Any) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("X-Old", "1"), ("Content-Type", "text/plain")])
        try:
            raise KeyError("x")
        except KeyError:
            start_response("503 Busy", [("Content-Type", "text/plain")], sys.exc_info())
        return [b"busy"]

    result = call(app, context)
    assert (result["statusCode"], result["headers"], result["body"]) == (503, {"content-type": "text/plain"}, "busy")


def test_exc_info_after_the_first_byte_raises_that_error(context: Any, capsys: Any) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        write = start_response("200 OK", [("Content-Type", "text/plain")])
        write(b"begun")
        try:
            raise KeyError("late")
        except KeyError:
            start_response("500 Oops", [], sys.exc_info())
        return []

    assert call(app, context)["statusCode"] == 500
    assert json.loads(capsys.readouterr().err)["errorType"] == "KeyError"


def test_write_comes_before_what_the_app_returns(context: Any) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        write = start_response("200 OK", [("Content-Type", "text/plain")])
        write(b"one,")
        write(b"two,")
        return [b"three"]

    assert call(app, context)["body"] == "one,two,three"


def test_close_is_called_once_after_the_last_chunk(context: Any) -> None:
    calls: list[str] = []

    class Body:
        def __iter__(self) -> Any:
            yield b"a"
            calls.append("iterated")

        def close(self) -> None:
            calls.append("closed")

    def app(environ: Any, start_response: Any) -> Body:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Body()

    assert call(app, context)["body"] == "a"
    assert calls == ["iterated", "closed"]


def test_close_is_called_when_the_iteration_fails(context: Any, capsys: Any) -> None:
    closed: list[bool] = []

    class Body:
        def __iter__(self) -> Any:
            yield b"a"
            raise OSError("disk")

        def close(self) -> None:
            closed.append(True)

    def app(environ: Any, start_response: Any) -> Body:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Body()

    assert call(app, context)["statusCode"] == 500
    assert closed == [True] and len(capsys.readouterr().err.splitlines()) == 1


def test_an_error_in_close_does_not_change_a_whole_response(context: Any, capsys: Any) -> None:
    class Body(list[bytes]):
        def close(self) -> None:
            raise OSError("disk")

    def app(environ: Any, start_response: Any) -> Body:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Body([b"whole"])

    assert call(app, context)["body"] == "whole"
    assert json.loads(capsys.readouterr().err)["responseIsWhole"] is True


def test_a_generator_may_start_its_response_at_its_first_chunk(context: Any) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        start_response("201 Created", [("Content-Type", "text/plain")])
        yield b""
        yield b"late"

    result = call(app, context)
    assert (result["statusCode"], result["body"]) == (201, "late")


def test_file_wrapper_reads_the_file_and_closes_it(context: Any) -> None:
    file = io.BytesIO(b"x" * 100_000)

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return environ["wsgi.file_wrapper"](file, 4096)

    assert len(call(app, context)["body"]) == 100_000
    assert file.closed


def test_input_reads_like_a_file(context: Any) -> None:
    event = {**read_event("function-url.json"), "body": "a\nbc\nd", "isBase64Encoded": False}
    seen: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"]
        seen.update(line=body.readline(), part=body.read(1), rest=list(body), end=body.read())
        seen["length"] = environ["CONTENT_LENGTH"]
        start_response("204 No Content", [])
        return []

    call(app, context, event)
    assert seen == {"line": b"a\n", "part": b"b", "rest": [b"c\n", b"d"], "end": b"", "length": "6"}


def test_errors_go_to_the_log(context: Any, capsys: Any) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        print("hello from the app", file=environ["wsgi.errors"])
        start_response("204 No Content", [])
        return []

    call(app, context)
    assert capsys.readouterr().err == "hello from the app\n"


def test_the_environ_has_the_keys_of_apig_wsgi_and_of_this_package(context: Any) -> None:
    event = read_event("alb.json")
    seen: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        seen.update(environ)
        start_response("204 No Content", [])
        return []

    call(app, context, event)
    for prefix in ("apig_wsgi", "wrapped_web_app"):
        assert seen[f"{prefix}.full_event"] is event
        assert seen[f"{prefix}.request_context"] is event["requestContext"]
        assert seen[f"{prefix}.context"] is context
        assert seen[f"{prefix}.multi_value_headers"] is True
    assert seen["RAW_URI"] == seen["REQUEST_URI"] == "/capture/space%20value?" + seen["QUERY_STRING"]
    assert (seen["SERVER_NAME"], seen["SERVER_PORT"]) == (seen["HTTP_HOST"], "80")


def test_raw_uri_is_what_the_client_asked_for_under_a_mount_prefix(context: Any) -> None:
    seen: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        seen.update(environ)
        start_response("204 No Content", [])
        return []

    call(app, context, {**read_event("rest-api.json"), "multiValueQueryStringParameters": None, "queryStringParameters": None})
    assert (seen["RAW_URI"], seen["SCRIPT_NAME"], seen["PATH_INFO"]) == (
        "/live/capture/space%20value",
        "/live",
        "/capture/space value",
    )


def test_a_header_with_an_underscore_cannot_replace_one_with_a_hyphen(context: Any) -> None:
    event = read_event("function-url.json")
    event["headers"]["x_forwarded_for"] = "1.1.1.1"
    seen: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        seen.update(environ)
        start_response("204 No Content", [])
        return []

    call(app, context, event)
    assert seen["HTTP_X_FORWARDED_FOR"] == "68.8.83.18"


@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        ("example.com:8443", "443", ("example.com", "8443")),
        ("example.com", "8080", ("example.com", "8080")),
        ("[2001:db8::1]:8443", "443", ("[2001:db8::1]", "8443")),
        ("[2001:db8::1]", "443", ("[2001:db8::1]", "443")),
        ("example.com", "not a port", ("example.com", "443")),
    ],
)
def test_server_name_and_port_are_those_of_the_client_s_url(host: str, port: str, expected: Any, context: Any) -> None:
    event = read_event("function-url.json")
    event["headers"].update({"host": host, "x-forwarded-port": port})
    seen: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        seen.update(environ)
        start_response("204 No Content", [])
        return []

    call(app, context, event)
    assert (seen["SERVER_NAME"], seen["SERVER_PORT"]) == expected


def test_response_headers_of_utf8_bytes_are_sent_as_text(context: Any) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain"), ("X-City", "Kraków".encode().decode("latin-1"))])
        return [b"x"]

    assert call(app, context)["headers"]["x-city"] == "Kraków"


def bad_apps() -> dict[str, Any]:
    def twice(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        start_response("200 OK", [])
        return []

    def text(environ: Any, start_response: Any) -> list[Any]:
        start_response("200 OK", [])
        return ["text"]

    def silent(environ: Any, start_response: Any) -> list[bytes]:
        return [b"no head"]

    def nothing(environ: Any, start_response: Any) -> None:
        start_response("200 OK", [])

    def bad_status(environ: Any, start_response: Any) -> list[bytes]:
        start_response("OK", [])
        return []

    def early_status(environ: Any, start_response: Any) -> list[bytes]:
        start_response("103 Early Hints", [])
        return []

    def bytes_header(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("X", b"1")])
        return []

    def split(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Location", "/\r\nSet-Cookie: a=1")])
        return []

    def half_a_surrogate_pair(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("X", "\ud83d")])
        return []

    apps = (twice, text, silent, nothing, bad_status, early_status, bytes_header, split, half_a_surrogate_pair)
    return {app.__name__: app for app in apps}


@pytest.mark.parametrize("app", bad_apps().values(), ids=bad_apps().keys())
def test_fails_with_500_and_one_log_line_on_an_app_that_breaks_pep_3333(app: Any, context: Any, capsys: Any) -> None:
    result = call(app, context)
    assert (result["statusCode"], result["body"]) == (500, "Internal Server Error")
    line = json.loads(capsys.readouterr().err)
    assert line["level"] == "ERROR" and line["requestId"] == context.aws_request_id and line["errorMessage"]


def test_a_header_that_ends_in_a_letter_with_a_byte_like_a_space_keeps_it(context: Any) -> None:
    event = read_event("function-url.json")
    event["headers"]["x-city"] = " voilà "
    seen: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        seen.update(environ)
        start_response("204 No Content", [("X-City", " " + environ["HTTP_X_CITY"] + "\t")])
        return []

    assert call(app, context, event)["headers"] == {"x-city": "voilà"}
    assert seen["HTTP_X_CITY"].encode("latin-1") == "voilà".encode()
