"""What an entry can name, and the errors for an entry that names no app."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tables import read_event

from wrapped_web_app_runtime.serve_module import serve_module
from wrapped_web_app_runtime.apps.load_app import AppNotFound, load_app

WSGI = """
def {name}(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"wsgi"]
"""
ASGI = """
async def {name}(scope, receive, send):
    if scope["type"] == "http":
        await send({{"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}})
        await send({{"type": "http.response.body", "body": b"asgi"}})
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: Any) -> Any:
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def write(path: str, source: str) -> None:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)
        importlib.invalidate_caches()

    yield write
    for name in set(sys.modules) - before:
        del sys.modules[name]


Write = Callable[[str, str], None]


def serve(module: str, attribute: str | None, context: Any) -> str:
    handler = serve_module(module, attribute, module.replace(".", "/") + ".py")
    body: str = handler(read_event("alb.json"), context)["body"]
    return body


@pytest.mark.parametrize("name", ["app", "application", "api"])
@pytest.mark.parametrize(("source", "expected"), [(WSGI, "wsgi"), (ASGI, "asgi")], ids=["wsgi", "asgi"])
def test_an_app_is_found_by_its_usual_names(name: str, source: str, expected: str, write: Write, context: Any) -> None:
    write("main.py", source.format(name=name))
    assert serve("main", None, context) == expected


def test_a_named_app_is_taken_even_if_another_has_a_usual_name(write: Write, context: Any) -> None:
    write("main.py", "app = 1" + WSGI.format(name="mine"))
    assert serve("main", "mine", context) == "wsgi"


def test_a_dotted_name_reaches_into_an_object(write: Write, context: Any) -> None:
    write("main.py", "class site: pass" + WSGI.format(name="mine") + "site.wsgi = mine")
    assert serve("main", "site.wsgi", context) == "wsgi"


@pytest.mark.parametrize(("source", "expected"), [(WSGI, "wsgi"), (ASGI, "asgi")], ids=["wsgi", "asgi"])
@pytest.mark.parametrize("prefix", ["", "async "], ids=["plain", "async"])
@pytest.mark.parametrize(("name", "attribute"), [("create_app", None), ("build", "build")])
def test_a_factory_makes_the_app(name: str, attribute: Any, prefix: str, source: str, expected: str, write: Write, context: Any) -> None:
    write("main.py", source.format(name="made") + f"\n{prefix}def {name}(config=None):\n    return made\n")
    assert serve("main", attribute, context) == expected


def test_a_submodule_named_app_is_not_the_app(write: Write, context: Any) -> None:
    write("app/__init__.py", "")
    write("app/app.py", WSGI.format(name="app"))
    write("app/main.py", "from app import app\n" + WSGI.format(name="application"))
    assert serve("app.main", None, context) == "wsgi"


def test_an_entry_may_have_a_handler_that_it_made_itself(write: Write, context: Any) -> None:
    write("main.py", "from wrapped_web_app_runtime import make_lambda_handler" + WSGI.format(name="mine") + "app = make_lambda_handler(mine)")
    assert serve("main", None, context) == "wsgi"


@pytest.mark.parametrize(
    ("source", "attribute", "message"),
    [
        ("def index(): ...", None, "has no app, application, api and no create_app.*it defines index.*'main.py:name'"),
        ("x = 1", None, "it defines nothing that can be called"),
        ("app = 1", None, "main.py:app: app must be a WSGI or ASGI application, got int 1"),
        ("class app: ...", None, "the class app; pass an instance of it"),
        ("def app(one, two, three, four): ...", None, "with 4 required parameters"),
        ("def app(one): ...", None, "with 1 required parameters"),
        ("x = 1", "web", "main.py has no 'web'"),
        ("def create_app(): return None", None, "the factory main.py:create_app must return"),
        ("def create_app(config): ...", None, r"create_app takes arguments, create_app\(config\), which nobody gives; .* as in app = create_app"),
        ("def create_app(config, debug): ...", None, "create_app takes arguments"),
        ("async def make_app(one, two, three): ...", None, "make_app takes arguments"),
        ("def create_app(*, config): ...", "create_app", r"takes arguments, create_app\(\*, config\)"),
        ("def build(config): ...", "build", "with 1 required parameters; if it is a factory, write a variable for the app that it makes"),
        ("def create_app(): return dict", None, "the factory main.py:create_app: app must be a WSGI or ASGI"),
        ("class App:\n  def __call__(self, scope, receive, send): ...\napp = App", None, r"the class App; pass an instance of it, as in app = App\(\)"),
        ("async def app(request): ...", None, r"must take \(scope, receive, send\)"),
        ("import not_installed_anywhere", None, "imports 'not_installed_anywhere', which is not in the bundle"),
        ("from json import no_such_name", None, "failed while it was imported.*no_such_name"),
    ],
)
def test_fails_with_what_the_module_has_and_what_to_write(source: str, attribute: Any, message: str, write: Write, capsys: Any) -> None:
    write("main.py", source)
    with pytest.raises(AppNotFound, match=message):
        serve_module("main", attribute, "main.py")
    line = json.loads(capsys.readouterr().err)
    assert line["message"] == "the app could not be loaded from main.py" and line["errorType"] == "AppNotFound"


@pytest.mark.parametrize("module", ["nowhere", "package.nowhere", "nopackage.main"])
def test_fails_on_a_missing_module_with_another_message_than_on_a_missing_import(module: str, write: Write) -> None:
    write("package/__init__.py", "")
    with pytest.raises(AppNotFound, match="cannot be imported as .* there is no module"):
        load_app(module, None, "app/main.py")


def test_fails_with_the_app_s_own_error_when_its_module_raises(write: Write, capsys: Any) -> None:
    write("main.py", "import os\nos.environ['NOT_SET_ANYWHERE']")
    with pytest.raises(KeyError, match="NOT_SET_ANYWHERE"):
        serve_module("main", None, "main.py")
    assert "main.py" in "".join(json.loads(capsys.readouterr().err)["stackTrace"])


def test_a_start_up_that_fails_at_init_is_logged_and_repeated_by_the_first_request(write: Write, context: Any, capsys: Any) -> None:
    write("main.py", "tries = []\n" + ASGI.format(name="inner") + '''
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        tries.append(1)
        kind = "lifespan.startup.failed" if len(tries) == 1 else "lifespan.startup.complete"
        await send({"type": kind, "message": "no database yet"})
        return
    await inner(scope, receive, send)
''')
    handler = serve_module("main", None, "main.py")
    assert "no database yet" in json.loads(capsys.readouterr().err)["errorMessage"]
    assert handler(read_event("alb.json"), context)["body"] == "asgi"
