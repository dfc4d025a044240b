"""What apig-wsgi documents, for those who change one line; the wheel, installed where nothing else is."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tables import FIXTURES, read_event

from wrapped_web_app_runtime import make_lambda_handler

PACKAGE = Path(__file__).resolve().parents[3] / "lambda-runtime" / "python"
VERSION_2 = ["function-url.json", "http-api.json"]
VERSION_1_API = ["rest-api.json", "http-api-v1.json"]
ALB = ["alb.json", "alb-single.json"]


def app_of(content_type: str | None, body: bytes, *headers: tuple[str, str]) -> Any:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        named = [("Content-Type", content_type)] if content_type else []
        start_response("200 OK", [*named, *headers])
        return [body]

    return app


def is_base64(fixture: str, app: Any, context: Any, **options: Any) -> bool:
    result = make_lambda_handler(app, **options)(read_event(fixture), context)
    assert result["statusCode"] == 200
    return bool(result["isBase64Encoded"])


@pytest.mark.parametrize("fixture", VERSION_2 + ALB)
def test_binary_support_is_on_by_default_for_version_2_and_an_alb(fixture: str, context: Any) -> None:
    assert is_base64(fixture, app_of("application/octet-stream", b"text"), context)


@pytest.mark.parametrize("fixture", VERSION_1_API)
def test_binary_support_is_off_by_default_for_an_api_gateway_of_version_1(fixture: str, context: Any) -> None:
    assert not is_base64(fixture, app_of("application/octet-stream", b"text"), context)
    assert is_base64(fixture, app_of("application/octet-stream", b"text"), context, binary_support=True)


@pytest.mark.parametrize("fixture", VERSION_2 + ALB)
def test_binary_support_can_be_turned_off(fixture: str, context: Any) -> None:
    assert not is_base64(fixture, app_of("application/octet-stream", b"text"), context, binary_support=False)


@pytest.mark.parametrize("fixture", VERSION_2 + VERSION_1_API + ALB)
@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "text/html; charset=utf-8", "application/json", "application/problem+json", "application/vnd.api+json"],
)
def test_the_documented_text_types_are_text(fixture: str, content_type: str, context: Any) -> None:
    assert not is_base64(fixture, app_of(content_type, b"text"), context, binary_support=True)
    assert is_base64(fixture, app_of(content_type, b"text", ("Content-Encoding", "gzip")), context, binary_support=True)


@pytest.mark.parametrize("prefixes", [["test/custom", "application/vnd.custom"], ("test/custom", "application/vnd.custom")])
def test_the_text_types_can_be_replaced(prefixes: Any, context: Any) -> None:
    options = {"binary_support": True, "non_binary_content_type_prefixes": prefixes}
    assert not is_base64("rest-api.json", app_of("test/custom", b"text"), context, **options)
    assert not is_base64("rest-api.json", app_of("application/vnd.custom", b"text"), context, **options)
    assert is_base64("rest-api.json", app_of("text/plain", b"text"), context, **options)


def test_a_request_context_of_null_is_no_obstacle(context: Any) -> None:
    event = {"httpMethod": "GET", "path": "/", "headers": {}, "requestContext": None}
    assert make_lambda_handler(app_of("text/plain", b"ok"))(event, context)["body"] == "ok"


def test_the_multi_value_headers_key_tells_what_the_door_does(context: Any) -> None:
    seen: list[bool] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        seen.append(environ["apig_wsgi.multi_value_headers"])
        start_response("204 No Content", [])
        return []

    for fixture in ("rest-api.json", "alb.json", "alb-single.json", "function-url.json"):
        make_lambda_handler(app)(read_event(fixture), context)
    assert seen == [True, True, False, False]


def test_the_contract_turns_binary_on_for_a_rest_api(context: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("WRAPPED_WEB_APP_DOORS", '[{"door":"rest-api","responseMode":"buffered"}]')
    result = make_lambda_handler(app_of("image/png", b"\xff"))(read_event("rest-api.json"), context)
    assert (result["isBase64Encoded"], base64.b64decode(result["body"])) == (True, b"\xff")


README_EXAMPLE = """\
from apig_wsgi import make_lambda_handler
from myapp.wsgi import app

# Configure this as your entry point in AWS Lambda
lambda_handler = make_lambda_handler(app)
"""
MYAPP = """\
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [b"Hello " + environ["PATH_INFO"].encode("latin-1")]
"""


def test_the_wheel_runs_apig_wsgi_s_own_example_with_one_line_changed(tmp_path: Path) -> None:
    # setuptools builds in place, and the tree is not ours to write to.
    source = shutil.copytree(PACKAGE, tmp_path / "source", ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    build = "import sys, setuptools.build_meta as backend; print(backend.build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=source, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    assert wheel.name == "wrapped_web_app_runtime-0.0.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read("wrapped_web_app_runtime-0.0.0.dist-info/METADATA").decode()
    assert "Requires-Dist" not in metadata and "Requires-Python: >=3.10" in metadata
    shipped = {str(file.relative_to(PACKAGE)) for file in (PACKAGE / "wrapped_web_app_runtime").rglob("*") if file.suffix in (".py", ".sh", ".typed")}
    assert shipped <= names and "wrapped_web_app_runtime/py.typed" in names

    environment = tmp_path / "empty"
    venv.create(environment, with_pip=False)
    [uv, *_] = Path(__file__).parents[3].glob(".cache/python/uv-*/bin/uv")
    install = [str(uv), "pip", "install", "--offline", "--no-index", "--python", str(environment / "bin" / "python"), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    (tmp_path / "site" / "myapp").mkdir(parents=True)
    (tmp_path / "site" / "myapp" / "wsgi.py").write_text(MYAPP)
    changed = README_EXAMPLE.replace("from apig_wsgi import", "from wrapped_web_app_runtime import")
    assert sum(one != other for one, other in zip(README_EXAMPLE.splitlines(), changed.splitlines())) == 1
    (tmp_path / "site" / "lambda_function.py").write_text(changed)
    run = "import json, sys; from lambda_function import lambda_handler; print(json.dumps(lambda_handler(json.load(open(sys.argv[1])), None)))"
    done = subprocess.run(
        [str(environment / "bin/python"), "-c", run, str(FIXTURES / "events" / "alb.json")],
        cwd=tmp_path / "site", check=True, capture_output=True, text=True,
    )
    assert json.loads(done.stdout) == {
        "statusCode": 200, "statusDescription": "200 OK", "isBase64Encoded": False, "body": "Hello /capture/space value",
        "multiValueHeaders": {"content-type": ["text/plain; charset=utf-8"], "content-length": ["26"]},
    }
