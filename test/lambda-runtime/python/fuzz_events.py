"""Sends mutated events to the runtime.

A long run, which prints the seed of each failure:

    PYTHONPATH=lambda-runtime/python python test/lambda-runtime/python/fuzz_events.py --seconds 600
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import time
from collections.abc import Iterator
from typing import Any
from wsgiref.validate import validator

from tables import FIXTURES, read_event

from wrapped_web_app_runtime import make_lambda_handler
from wrapped_web_app_runtime.events import BadEvent

SCALARS: list[Any] = [
    None, True, False, 0, -1, 1e308, "", " ", "/", "//", "/%", "/%zz%2F%00", "/../..", "\x00", "\r\nX-Evil: 1", "é", "東京", "\ud800",
    "x" * 10_000, "%" * 50, "?#&=;+", "GET", "2.0", "1.0", "$default", "[::1]:80", "999.999.999.999", "a" * 300 + ":70000",
    "wrong base64 \xff", "=", "https, http", "constructor", "__proto__", [], {}, [None], ["a", None, 3, ["b"]], {"a": None}, {"": ""},
    {"a": ["b", 1, None, {}]}, {"cookie": "a=1", "Cookie": "b=2", "COOKIE": ["c=3"]}, {"héader": "1", "a b": "2", "a:b": "3", "x\r\ny": "4"},
]
FIELDS = [
    "version", "rawPath", "rawQueryString", "raw_path", "method", "path", "httpMethod", "resource", "headers", "multiValueHeaders", "cookies",
    "queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "requestContext", "body", "isBase64Encoded",
    "query_string_parameters", "is_base64_encoded", "elb", "http", "serviceArn", "domainName", "stage", "apiId", "identity", "sourceIp", "x",
]
FIXTURES_BY_NAME = sorted(file.name for file in (FIXTURES / "events").glob("*.json"))


def mutate(event: Any, source: random.Random) -> Any:
    for _ in range(source.choice([0, 1, 1, 2, 3, 8])):
        event = mutate_once(event, source)
    return event


def mutate_once(value: Any, source: random.Random) -> Any:
    if isinstance(value, dict) and value and source.random() < 0.9:
        name = source.choice(list(value))
        kind = source.randrange(6)
        if kind == 0:
            return {key: kept for key, kept in value.items() if key != name}
        if kind == 1:
            return {**value, source.choice(FIELDS): source.choice(SCALARS)}
        return {**value, name: mutate_once(value[name], source)}
    if isinstance(value, list) and value and source.random() < 0.5:
        return [mutate_once(item, source) for item in value] * source.choice([1, 2])
    if isinstance(value, str) and source.random() < 0.5:
        position = source.randrange(len(value) + 1)
        return value[:position] + str(source.choice(SCALARS)) + value[position:]
    return source.choice(SCALARS)


def wsgi_app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    body = environ["wsgi.input"].read(10_000_000)
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


async def asgi_app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    body = (await receive())["body"]
    assert all(isinstance(part, bytes) for header in scope["headers"] for part in header)
    scope["raw_path"].decode("ascii")
    scope["query_string"].decode("ascii")
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": body})


def fuzz(seeds: Iterator[int]) -> dict[str, int]:
    """Every event must give a whole result or `BadEvent`. Anything else raises an error with the seed."""
    os.environ["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
    # wsgiref.validate refuses other methods than those of RFC 9110, which is a fault of the app.
    handlers = [make_lambda_handler(validator(wsgi_app), binary_support=True), make_lambda_handler(asgi_app, binary_support=True)]
    counts = {"answered": 0, "refused": 0, "faults": 0}
    for seed in seeds:
        source = random.Random(seed)
        event = mutate(read_event(source.choice(FIXTURES_BY_NAME)), source)
        for handler in handlers:
            try:
                with contextlib.redirect_stderr(io.StringIO()) as log:
                    result = handler(event, None)
            except BadEvent:
                counts["refused"] += 1
                continue
            except BaseException as error:
                raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}\n{json.dumps(event)[:2000]}") from error
            json.dumps(result, ensure_ascii=False).encode("utf-8")
            if result["statusCode"] == 200:
                counts["answered"] += 1
                continue
            if result["statusCode"] == 400 and "stackTrace" not in log.getvalue():
                counts["refused"] += 1
                continue
            counts["faults"] += 1
            if handler is handlers[1] or "AssertionError" not in log.getvalue() or "method" not in log.getvalue().lower():
                raise AssertionError(f"seed {seed}: {result['statusCode']} {log.getvalue()}\n{json.dumps(event)[:2000]}")
    return counts


def seeds_until(end: float, seed: int) -> Iterator[int]:
    while time.monotonic() < end:
        yield seed
        seed += 1


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Sends mutated events to the Python runtime")
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seed", type=int, default=int(time.time()))
    given = arguments.parse_args()
    print(f"from seed {given.seed}:", fuzz(seeds_until(time.monotonic() + given.seconds, given.seed)))
