"""Times the adapters of one framework behind every front door, in rounds of short batches. Reads its job from stdin.

All contenders run in one process: CPython has no compiler at run time whose decisions one could change for another.
"""

from __future__ import annotations

import asyncio
import base64
import gc
import io
import json
import logging
import statistics
import sys
import time
from types import SimpleNamespace

import apps

logging.disable(logging.CRITICAL)

#: The number of invocations whose inputs are made together.
GROUP = 10


def main() -> None:
    job = json.load(sys.stdin)
    framework = job["framework"]
    for path, size in job["images"].items():
        apps.IMAGES[path] = apps.image_of(size)
    sys.path.insert(0, job["runtime"])
    app = apps.make_app(framework)
    contenders = make_contenders(framework, app)
    rows = []
    for case in job["cases"]:
        rows += measure(case, contenders, job["rounds"], job["milliseconds"] / 1000)
    print(json.dumps(rows))


def make_contenders(framework: str, app) -> dict:
    from wrapped_web_app_runtime import make_lambda_handler

    contenders = {"ours": LambdaContender(make_lambda_handler(app, binary_support=True))}
    if framework in ("flask", "django"):
        from apig_wsgi import make_lambda_handler as make_apig_wsgi_handler

        contenders["apig-wsgi"] = LambdaContender(make_apig_wsgi_handler(app, binary_support=True))
        contenders["bare"] = BareWsgi(app)
    else:
        from mangum import Mangum

        # Mangum uses the thread's event loop, which its users must make.
        asyncio.set_event_loop(asyncio.new_event_loop())
        contenders["mangum"] = LambdaContender(Mangum(app, lifespan="off"))
        contenders["bare"] = BareAsgi(app)
    return contenders


def measure(case: dict, contenders: dict, rounds: int, seconds: float) -> list[dict]:
    problems = {name: contender.problem(case) for name, contender in contenders.items()}
    estimates = {name: warm_up(contender, case) for name, contender in contenders.items()}
    times: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for turn in range(rounds):
        for i in range(len(names)):
            name = names[(turn + i) % len(names)]
            count = max(2, min(2000, round(seconds / estimates[name])))
            estimates[name] = batch(contenders[name], case, count)
            times[name].append(estimates[name])
    ours, bare = times["ours"], times["bare"]
    return [
        {
            "format": case["format"],
            "scenario": case["scenario"],
            "contender": name,
            "problem": problems[name],
            "microseconds": statistics.median(values) * 1e6,
            "ratio": statistics.median(a / b for a, b in zip(ours, values)),
            "ownMicroseconds": statistics.median(a - b for a, b in zip(values, bare)) * 1e6,
        }
        for name, values in times.items()
    ]


def warm_up(contender, case: dict) -> float:
    estimate = batch(contender, case, 2)
    return batch(contender, case, max(2, min(500, round(0.05 / estimate))))


def batch(contender, case: dict, count: int) -> float:
    """Seconds of processor time of one invocation. Its input is made shortly before, as Lambda's client parses an event
    and then calls the handler: thousands of inputs made ahead would no longer be in the processor's caches."""
    invoke = contender.invoke
    spent = 0.0
    gc.collect()
    for done in range(0, count, GROUP):
        inputs = [contender.input(case) for _ in range(min(GROUP, count - done))]
        start = time.process_time()
        for value in inputs:
            invoke(value)
        spent += time.process_time() - start
    return max(spent, 1e-6) / count


class Context:
    aws_request_id = "request"
    function_name = "bench"

    def get_remaining_time_in_millis(self) -> int:
        return 29_000


CONTEXT = Context()


class LambdaContender:
    def __init__(self, handler) -> None:
        self.handler = handler

    def input(self, case: dict):
        return json.loads(case["event"])

    def invoke(self, event):
        return self.handler(event, CONTEXT)

    def problem(self, case: dict) -> str | None:
        try:
            result = self.invoke(self.input(case))
        except Exception as error:
            return f"{type(error).__name__}: {error}"[:200]
        return problem_with(result, case)


def problem_with(result: dict, case: dict) -> str | None:
    expected = case["expected"]
    if result.get("statusCode") != 200:
        return f"status {result.get('statusCode')}"
    headers: dict[str, list[str]] = {}
    fields = [] if case["format"] == "alb" else list((result.get("headers") or {}).items())
    for name, value in fields:
        headers.setdefault(name.lower(), []).append(value)
    if case["format"] in ("rest-api", "alb"):
        for name, values in (result.get("multiValueHeaders") or {}).items():
            headers.setdefault(name.lower(), []).extend(values)
    else:
        headers.setdefault("set-cookie", []).extend(result.get("cookies") or [])
    if not headers.get("content-type", [""])[0].startswith(expected["type"]):
        return f"content-type {headers.get('content-type')}"
    body = result.get("body") or ""
    content = base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()
    if "image" in expected:
        if content != apps.IMAGES[expected["image"]]:
            return f"body of {len(content)} bytes that are not those of the app"
    elif json.loads(content) != expected["body"]:
        return f"body {content[:100]!r}"
    for name, value in expected.get("headers", []):
        if headers.get(name) != [value]:
            return f"header {name} is {headers.get(name)}"
    if "cookies" in expected and len(headers.get("set-cookie", [])) != len(expected["cookies"]):
        return f"{len(headers.get('set-cookie', []))} cookies of {len(expected['cookies'])}"
    return None


class BareWsgi:
    """The app called with an environ that exists already: the time without any adapter."""

    def __init__(self, app) -> None:
        self.app = app

    def input(self, case: dict) -> dict:
        request = case["request"]
        body = base64.b64decode(request["body"])
        environ = {
            "REQUEST_METHOD": request["method"],
            "SCRIPT_NAME": "",
            "PATH_INFO": request["path"],
            "QUERY_STRING": request["query"],
            "REMOTE_ADDR": "203.0.113.7",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in request["headers"].items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        return environ

    def invoke(self, environ: dict) -> str:
        started = SimpleNamespace(status="")

        def start_response(status, headers, exc_info=None):
            started.status = status

        result = self.app(environ, start_response)
        try:
            for _ in result:
                pass
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()
        return started.status

    def problem(self, case: dict) -> str | None:
        status = self.invoke(self.input(case))
        return None if status.startswith("200") else f"status {status}"


class BareAsgi:
    """The same with a scope, on one event loop for all requests."""

    def __init__(self, app) -> None:
        self.app = app
        self.loop = asyncio.new_event_loop()

    def input(self, case: dict) -> tuple[dict, bytes]:
        request = case["request"]
        headers = [(b"host", b"localhost")] + [(name.lower().encode(), value.encode()) for name, value in request["headers"].items()]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": request["method"],
            "path": request["path"],
            "raw_path": request["path"].encode(),
            "query_string": request["query"].encode(),
            "root_path": "",
            "scheme": "https",
            "headers": headers,
            "client": ("203.0.113.7", 0),
            "server": ("localhost", 443),
        }
        return scope, base64.b64decode(request["body"])

    def invoke(self, value: tuple[dict, bytes]) -> int:
        return self.loop.run_until_complete(self.call(*value))

    async def call(self, scope: dict, body: bytes) -> int:
        status = 0

        async def receive():
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]

        await self.app(scope, receive, send)
        return status

    def problem(self, case: dict) -> str | None:
        status = self.invoke(self.input(case))
        return None if status == 200 else f"status {status}"


if __name__ == "__main__":
    main()
