"""The pages of docs/ about moves from other tools, for Python: what clients get must be equal, or in the table of the page.

UPDATE_MIGRATIONS=1 writes the tables: read them, and explain them on the page.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from migrations import DOORS, Page, Request, answers_of, table_of_differences

RUNTIME = Path(__file__).resolve().parents[3] / "lambda-runtime" / "python"

REQUESTS: list[Request] = [
    ("GET", "/orders", None, None),
    ("GET", "/login", None, None),
    ("GET", "/page", None, None),
    ("GET", "/pixel.gif", None, None),
    ("GET", "/font.woff2", None, None),
    ("POST", "/notes", "text/plain; charset=utf-8", "two lines\nof text, λ".encode()),
    ("POST", "/upload", "image/gif", bytes(range(256))),
    ("GET", "/empty", None, None),
    ("GET", "/nothing", None, None),
    ("HEAD", "/page", None, None),
    ("GET", "/fails", None, None),
]
STATUSES = [200, 302, 200, 200, 200, 201, 200, 204, 404, 200, 500]


class Move(NamedTuple):
    page: str
    files: list[str]
    table: str


MOVES = [
    Move("migrate-from-mangum.md", ["app/main.py", "app/lambda_function.py"], "mangum"),
    Move("migrate-from-apig-wsgi.md", ["app/main.py", "app/lambda_function.py"], "apig-wsgi"),
]


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.page)
def test_each_answer_is_the_one_before_or_the_page_has_the_difference(move: Move, tmp_path: Path) -> None:
    page = Page(move.page)
    for file in move.files:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(page.file(file), "utf-8")
    environ = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "AWS_LAMBDA_FUNCTION_NAME": "web"}
    ours = environ | {
        "PYTHONPATH": str(RUNTIME),
        "WRAPPED_WEB_APP_DOORS": json.dumps([{"door": door, "responseMode": "buffered"} for door in DOORS]),
    }
    make = "importlib.import_module('wrapped_web_app_runtime').make_lambda_handler(importlib.import_module('app.main').app)"
    before = answers_of(tmp_path, "importlib.import_module('app.lambda_function').handler", REQUESTS, environ)
    after = answers_of(tmp_path, make, REQUESTS, ours)
    assert [[status for status, *_ in after[door]] for door in DOORS] == [STATUSES] * len(DOORS)
    table = table_of_differences(REQUESTS, before, after)
    if "UPDATE_MIGRATIONS" in os.environ and sys.version_info[:2] == (3, 13):
        page.write(f"differences: {move.table}", table)
    assert page.section(f"differences: {move.table}") == table


def test_the_lifespan_runs_once_and_with_mangum_for_each_request(tmp_path: Path) -> None:
    (tmp_path / "counted.py").write_text(
        "from contextlib import asynccontextmanager\n"
        "from fastapi import FastAPI\n"
        "starts = 0\n"
        "@asynccontextmanager\n"
        "async def lifespan(app):\n"
        "    global starts\n"
        "    starts += 1\n"
        "    yield\n"
        "app = FastAPI(lifespan=lifespan)\n"
        "@app.get('/starts')\n"
        "async def count(): return {'starts': starts}\n"
    )
    environ = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(RUNTIME)}
    bodies = {}
    for module, function in (("mangum", "Mangum"), ("wrapped_web_app_runtime", "make_lambda_handler")):
        handler = f"importlib.import_module('{module}').{function}(importlib.import_module('counted').app)"
        answers = answers_of(tmp_path, handler, [("GET", "/starts", None, None)], environ)
        bodies[function] = [body for _, _, body in (answers[door][0] for door in DOORS)]
    assert bodies["Mangum"] == [b'{"starts":1}', b'{"starts":2}', b'{"starts":3}', b'{"starts":4}']
    assert bodies["make_lambda_handler"] == [b'{"starts":1}'] * 4
