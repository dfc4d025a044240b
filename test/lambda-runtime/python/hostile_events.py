"""Sends hostile events through the runtime, for `scripts/fuzz.mjs`, which makes them and judges the results.

Reads one JSON document per line: the event, and the number of the app that gets it. Prints one per event: the result, or
the error with which the event was refused, and what an app must never see. The last line has the memory used.
"""

from __future__ import annotations

import ipaddress
import json
import os
import posixpath
import random
import re
import resource
import sys
from io import StringIO
from typing import Any
from urllib.parse import unquote, urlsplit

from wrapped_web_app_runtime import LambdaHandler
from wrapped_web_app_runtime.events import BadEvent
from wrapped_web_app_runtime.respond.other_event_reply import EventNotHandled
from wrapped_web_app_runtime.settings import DOORS_VARIABLE, OPTIONS_VARIABLE, settings_from_environment

PLATFORM_NAMES = [
    "x-wrapped-web-app-source", "x-amzn-request-context", "x-amzn-lambda-context", "x-amz-tenant-id", "x-apigateway-event",
    "x-amzn-oidc-data", "x-amzn-oidc-identity", "x-amzn-oidc-accesstoken", "x-amzn-mtls-clientcert",
    "x-amzn-mtls-clientcert-subject", "x-amzn-lattice-identity", "x-amzn-lattice-network",
]  # fmt: skip
FORGED = "forged"
BODIES = [b"", b"text", "é€🙂".encode(), b"\xff\xc3", b'{"a":1}', b"x" * 20_000]
STATUSES = [200, 200, 200, 201, 204, 304, 302, 404, 500, 599, 42, 100, 700]
NAMES = ["x-a", "set-cookie", "content-type", "content-length", "content-encoding", "transfer-encoding", "__proto__", "bad name", "x\r\ny", "", "é"]
VALUES = ["plain", "é", "", "a=1; Path=/", "line\r\nbreak", "\0", "\x01", "\x7f", "a\tb", "\x85", " x "]
#: Errors of the apps below.
FAULTS = re.compile(r"the response header|the status|must be a number|no content type|binary")


class App:
    """A WSGI and an ASGI app that look at the whole request, and send any response."""

    def __init__(self, source: random.Random, options: dict[str, Any]) -> None:
        self._source = source
        self._event_path = options.get("eventPath")
        self.event: Any = None
        self.problems: list[str] = []

    def wsgi(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        headers = {name[5:].lower().replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
        length = len(environ["wsgi.input"].read())
        self._inspect(environ["REQUEST_METHOD"], environ["RAW_URI"], environ["SCRIPT_NAME"], headers, environ["REMOTE_ADDR"])
        if int(environ.get("CONTENT_LENGTH") or 0) != length:
            self.problems.append(f"content-length {environ.get('CONTENT_LENGTH')} for {length} bytes")
        if not 0 <= int(environ["SERVER_PORT"]) <= 65_535:
            self.problems.append(f"port {environ['SERVER_PORT']}")
        if not all(isinstance(value, str) for name, value in environ.items() if "." not in name):
            self.problems.append("an environ with values that are no text")
        status, headers_sent, body = self._response()
        start_response(f"{status} {self._source.choice(['OK', '', 'é'])}", headers_sent)
        return [body]

    async def asgi(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            headers[name.decode("ascii")] = value.decode("latin-1")
        target = scope["raw_path"].decode("ascii") + ("?" + scope["query_string"].decode("ascii") if scope["query_string"] else "")
        body = (await receive())["body"]
        self._inspect(scope["method"], target, scope["root_path"], headers, scope["client"][0])
        if int(headers.get("content-length", 0)) != len(body):
            self.problems.append(f"content-length {headers.get('content-length')} for {len(body)} bytes")
        if not 0 <= scope["server"][1] <= 65_535:
            self.problems.append(f"port {scope['server'][1]}")
        status, headers_sent, sent = self._response()
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers_sent]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": sent})

    def _inspect(self, method: str, uri: str, mount: str, headers: dict[str, str], address: str) -> None:
        complain = self.problems.append
        target = uri[len(mount) :]
        if re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", method, re.ASCII) is None:
            complain(f"method {method!r}")
        if re.fullmatch(r"/[!-~]*", target) is None and not (target == "*" and method == "OPTIONS"):
            complain(f"target {target!r}")
        if re.fullmatch(r"(?:[\w.~-]+|\[[\dA-Fa-f:.]+\])(?::\d{0,5})?", headers["host"], re.ASCII) is None:
            complain(f"host {headers['host']!r}")
        try:
            ipaddress.ip_address(address)
        except ValueError:
            complain(f"address {address!r}")
        if "%" in address:
            complain(f"an address with a zone: {address!r}")
        for name, value in headers.items():
            if re.search(r"[\r\n\0]", name + value) or not name:
                complain(f"header {name!r}: {value!r}")
            if name in PLATFORM_NAMES and value == FORGED and not self._is_set_by_door(name):
                complain(f"a forged {name}")
        self._inspect_path(target, headers.get("x-wrapped-web-app-source"))

    def _is_set_by_door(self, name: str) -> bool:
        context = self.event.get("requestContext") if isinstance(self.event, dict) else None
        context = context if isinstance(context, dict) else {}
        if "-oidc-" in name or "-mtls-" in name:
            return context.get("elb") is not None
        return "-lattice-" in name and (bool(context.get("serviceArn")) or self.event.get("raw_path") is not None)

    def _inspect_path(self, target: str, source: str | None) -> None:
        """No parser of Python, and no careless use of one, may find the event path in a request that a client sent."""
        if source == "event":
            if target != self._event_path:
                self.problems.append(f"a request for {target!r} is marked as an event")
            return
        if self._event_path is None:
            return
        path = target.partition("?")[0]
        readings = {path, posixpath.normpath(path), path_of(target), re.sub("/+", "/", path)}
        readings |= {unquote(reading) for reading in readings}
        readings |= {unquote(reading) for reading in readings}
        readings |= {posixpath.normpath(reading) for reading in readings} | {path_of(reading) for reading in readings}
        for reading in readings:
            lower = reading.lower()
            if lower == self._event_path or lower.startswith(self._event_path + "/"):
                self.problems.append(f"the event path as {target!r}")

    def _response(self) -> tuple[int, list[tuple[str, str]], bytes]:
        choose = self._source.choice
        if self._source.random() < 0.7:
            return choose([200, 201, 204, 304, 404]), [("X-Path", "a"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], choose(BODIES)
        headers = [(choose(NAMES), choose(VALUES)) for _ in range(self._source.choice([0, 0, 1, 2]))]
        return choose(STATUSES), headers, choose(BODIES)


def path_of(target: str) -> str:
    try:
        return urlsplit(target).path
    except ValueError:
        return ""


class Context:
    aws_request_id = "request"

    def get_remaining_time_in_millis(self) -> int:
        return 20_000


def make_handlers(all_settings: list[dict[str, Any]], seed: int) -> list[tuple[App, LambdaHandler]]:
    source = random.Random(seed)
    handlers = []
    for given in all_settings:
        options = {name: value for name, value in given.items() if name not in ("doors", "responseStreaming")}
        variables = {OPTIONS_VARIABLE: json.dumps(options), DOORS_VARIABLE: json.dumps(given.get("doors", []))}
        for kind in ("wsgi", "asgi"):
            app = App(source, options)
            handlers.append((app, LambdaHandler(getattr(app, kind), settings_from_environment(variables))))
    return handlers


def send(app: App, handler: LambdaHandler, event: Any) -> dict[str, Any]:
    app.event, app.problems = event, []
    sys.stderr = log = StringIO()
    answer: dict[str, Any] = {}
    try:
        answer["result"] = handler(event, Context())
        # AWS's client does the same with the result.
        json.dumps(answer["result"], ensure_ascii=False).encode()
    except (BadEvent, EventNotHandled) as error:
        answer["refused"] = str(error)
    except ValueError as error:
        # The app's own, on an event of another service: Lambda's client logs it.
        if FAULTS.search(str(error)) is None:
            raise
        answer["refused"] = "the app answered the event with an error"
    finally:
        sys.stderr = sys.__stderr__
    for line in log.getvalue().splitlines():
        fault = json.loads(line)
        if "stackTrace" in fault and FAULTS.search(fault["errorMessage"]) is None:
            app.problems.append(f"a stack trace in the log: {fault['stackTrace']}")
    return {**answer, "problems": app.problems}


def main() -> None:
    os.environ["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
    handlers = make_handlers(json.loads(sys.argv[1]), int(sys.argv[2]))
    for line in sys.stdin:
        try:
            given = json.loads(line)
        except RecursionError:
            # AWS's client cannot read it either.
            print(json.dumps({"refused": "the event is nested too deeply for Python's json"}), flush=True)
            continue
        app, handler = handlers[given["app"]]
        try:
            answer = send(app, handler, given["event"])
        except BaseException as error:
            answer = {"refused": "the event was not handled", "problems": [f"an exception: {type(error).__name__}: {error}"]}
        print(json.dumps(answer), flush=True)
    print(json.dumps({"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}), flush=True)


if __name__ == "__main__":
    main()
