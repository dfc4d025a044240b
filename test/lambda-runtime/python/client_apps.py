"""Apps and handlers that Lambda's clients run in processes of their own, and the events for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tables import read_event

HANDLER = '''
from wrapped_web_app_runtime.serve_module import serve_module

wrapped = serve_module("{module}", None, "{module}.py")
'''
PLAIN = '''
import logging, os

def plain(event, context):
    """A handler of the user's own, for what both clients do with any handler."""
    if event.get("raise"):
        raise ValueError("broken")
    logging.getLogger("app").warning("seen\\ntwice")
    try:
        1 / 0
    except ZeroDivisionError:
        logging.getLogger("app").exception("with a trace", extra={"order": 7})
    return {
        "trace": os.environ.get("_X_AMZN_TRACE_ID"), "tenant": context.tenant_id, "id": context.aws_request_id,
        "arn": context.invoked_function_arn, "function": context.function_name, "group": context.log_group_name,
        "identity": context.identity.cognito_identity_id,
        "client": context.client_context and context.client_context.client.app_title,
        "left": 0 < context.get_remaining_time_in_millis() <= 20_000,
    }
'''
FLASK = '''
import os, time
from flask import Flask, Response, request
app = Flask(__name__)

@app.get("/slow")
def slow():
    def steps():
        for number in range(3):
            yield f"data: {number}\\n\\n"
            time.sleep(0.15)
    return Response(steps(), mimetype="text/event-stream")

@app.get("/breaks")
def breaks():
    def steps():
        yield "half"
        raise ValueError("midway")
    return Response(steps(), mimetype="text/plain")

@app.get("/fails")
def fails():
    raise ValueError("before")

@app.get("/hangs")
def hangs():
    time.sleep(30)

@app.get("/waits/<mark>")
def waits(mark):
    time.sleep(0.1)
    return {"mark": mark, "header": request.headers["x-mark"], "process": os.getpid()}

@app.route("/", methods=["GET", "POST", "HEAD"])
def index():
    response = Response(f"hello {request.path} {len(request.get_data())}")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return response

@app.get("/big")
def big():
    return Response(b"x" * 8_000_000, mimetype="text/plain")

@app.get("/empty")
def empty():
    return "", 204, {"content-length": "5"}

@app.get("/big-headers")
def big_headers():
    return Response(request.args.get("body", ""), headers={"x-big": "a" * 12_000})

@app.get("/big-headers-for-ever")
def big_headers_for_ever():
    def steps():
        while True:
            yield "more"
    return Response(steps(), headers={"x-big": "a" * 12_000})
'''
FASTAPI = '''
import asyncio
from contextlib import asynccontextmanager
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

@asynccontextmanager
async def lifespan(app):
    print("starts up", flush=True)
    yield
    print("shuts down", flush=True)

app = FastAPI(lifespan=lifespan)

async def steps():
    for number in range(3):
        yield f"data: {number}\\n\\n"
        await asyncio.sleep(0.15)

@app.get("/slow")
async def slow():
    return StreamingResponse(steps(), media_type="text/event-stream")

@app.get("/hangs")
async def hangs():
    await asyncio.sleep(30)

@app.get("/big-headers")
async def big_headers():
    return StreamingResponse(steps(), headers={"x-big": "a" * 12_000})

@app.get("/")
async def index():
    return {"hello": "world"}
'''


def write_bundle(path: Path) -> Path:
    for module, source in (("flask_app", FLASK), ("fastapi_app", FASTAPI)):
        (path / f"{module}.py").write_text(source)
        (path / f"{module}_handler.py").write_text(HANDLER.format(module=module))
    (path / "plain.py").write_text(PLAIN)
    (path / "broken.py").write_text("import nothing_of_the_kind\n")
    (path / "broken_handler.py").write_text(HANDLER.format(module="broken"))
    # As Python raises it where everything but /tmp is read-only.
    (path / "writes.py").write_text("import errno, os\nraise OSError(errno.EROFS, os.strerror(errno.EROFS), 'cache')\n")
    (path / "writes_handler.py").write_text(HANDLER.format(module="writes"))
    return path


def get(path: str, fixture: str = "function-url.json", method: str = "GET") -> dict[str, Any]:
    event = read_event(fixture)
    if fixture == "rest-api.json":
        event.update(path=path, httpMethod=method, body=None)
        event["requestContext"]["path"] = "/live" + path
    else:
        event.update(rawPath=path, body=None)
        event["requestContext"]["http"]["method"] = method
    return event


def split_stream(body: bytes) -> tuple[dict[str, Any], bytes]:
    prelude, separator, rest = body.partition(bytes(8))
    assert separator
    return json.loads(prelude), rest
