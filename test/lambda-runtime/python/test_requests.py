"""Every case of requests.json through a WSGI app under wsgiref.validate, and through an ASGI app."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.validate import validator

import pytest
from tables import settings_environ, make_event, read_cases
from through_cdn import through_cdn

from wrapped_web_app_runtime import LambdaHandler
from wrapped_web_app_runtime.settings import settings_from_environment
from wrapped_web_app_runtime.events import BadEvent

DIRECT = read_cases("requests.json")
#: A CDN before the door makes no difference to the app.
CASES = DIRECT + [
    {**changed, "name": f"{case['name']}, through a CDN"} for case in DIRECT if (changed := through_cdn(case)) is not None
]


def see_wsgi(event: Any, case: dict[str, Any], context: Any) -> dict[str, Any]:
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.update(environ)
        seen["body"] = environ["wsgi.input"].read(1_000_000)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [b"1"]

    result = LambdaHandler(validator(app), settings_from_environment(settings_environ(case)))(event, context)
    assert result == 1 or result["statusCode"] == case["expected"].get("refused", 200)
    return seen


def see_asgi(event: Any, case: dict[str, Any], context: Any) -> tuple[dict[str, Any], bytes]:
    seen: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            raise NotImplementedError
        seen.update(scope)
        seen["body"] = (await receive())["body"]
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"1"})

    result = LambdaHandler(app, settings_from_environment(settings_environ(case)))(event, context)
    assert result == 1 or result["statusCode"] == case["expected"].get("refused", 200)
    return seen, seen.get("body", b"")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_wsgi(case: dict[str, Any], context: Any, capsys: Any) -> None:
    event, expected = make_event(case["event"]), case["expected"]
    if "error" in expected:
        with pytest.raises(BadEvent, match=expected["error"] or "none"):
            see_wsgi(event, case, context)
        return
    environ = see_wsgi(event, case, context)
    if "refused" in expected:
        check_refusal(environ, expected["refused"], capsys)
        return
    mount, raw = environ["SCRIPT_NAME"], environ["RAW_URI"]
    path, _, query = raw[len(mount) :].partition("?")
    seen = {
        "method": environ["REQUEST_METHOD"],
        "path": path,
        "query": environ["QUERY_STRING"],
        "body": base64.b64encode(environ["body"]).decode(),
        "clientAddress": environ["REMOTE_ADDR"],
        "scheme": environ["wsgi.url_scheme"],
        "host": environ["HTTP_HOST"],
        "mountPrefix": mount,
        "decodedPath": environ["PATH_INFO"].encode("latin-1").decode("utf-8"),
    }
    assert raw.startswith(mount) and query == seen["query"]
    for field in seen.keys() & expected.keys():
        assert seen[field] == expected[field], field
    headers = {
        key[5:].lower().replace("_", "-"): value for key, value in environ.items() if key.startswith("HTTP_")
    } | {key.lower().replace("_", "-"): environ[key] for key in ("CONTENT_TYPE", "CONTENT_LENGTH") if key in environ}
    check_headers(headers, expected, join=", ".join)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_asgi(case: dict[str, Any], context: Any, capsys: Any) -> None:
    event, expected = make_event(case["event"]), case["expected"]
    if "error" in expected:
        with pytest.raises(BadEvent, match=expected["error"] or "none"):
            see_asgi(event, case, context)
        return
    scope, body = see_asgi(event, case, context)
    if "refused" in expected:
        check_refusal(scope, expected["refused"], capsys)
        return
    mount = scope["root_path"]
    assert scope["path"].startswith(mount) and scope["raw_path"].startswith(mount.encode())
    seen = {
        "method": scope["method"],
        "path": scope["raw_path"].decode()[len(mount) :],
        "query": scope["query_string"].decode(),
        "body": base64.b64encode(body).decode(),
        "clientAddress": scope["client"][0],
        "scheme": scope["scheme"],
        "mountPrefix": mount,
        "decodedPath": scope["path"][len(mount) :],
    }
    for field in seen.keys() & expected.keys():
        assert seen[field] == expected[field], field
    if "decodedPath" not in expected and "path" in expected:
        assert seen["decodedPath"] == unquote_to_bytes(expected["path"]).decode()
    headers: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
    if "host" in expected:
        assert headers["host"] == [expected["host"]]
    check_headers(headers, expected, join=list)


def check_refusal(seen: dict[str, Any], status: int, capsys: Any) -> None:
    """The app is not called, and the log has one line."""
    assert not seen
    [line] = capsys.readouterr().err.splitlines()
    assert (json.loads(line)["level"], json.loads(line)["status"]) == ("WARN", status)


def check_headers(seen: dict[str, Any], expected: dict[str, Any], join: Any) -> None:
    wanted: dict[str, list[str]] = {}
    for name, value in expected.get("headers", []) + expected.get("headersInclude", []):
        wanted.setdefault(name, []).append(value)
    joined = {name: join(values) for name, values in wanted.items()}
    if "headers" in expected:
        assert seen == joined
    else:
        assert {name: seen.get(name) for name in joined} == joined
    for name in expected.get("headersAbsent", []):
        assert name not in seen
