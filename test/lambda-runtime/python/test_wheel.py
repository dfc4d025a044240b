"""The wheel, installed in an environment that has nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

from tables import FIXTURES

PACKAGE = Path(__file__).resolve().parents[3] / "lambda-runtime" / "python"
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
    # setuptools writes into the folder that it builds.
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
