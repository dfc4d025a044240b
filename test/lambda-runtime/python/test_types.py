"""mypy --strict, for every Python version that the package supports."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[3] / "lambda-runtime" / "python"


@pytest.mark.skipif("SKIP_MYPY" in os.environ, reason="mypy says the same on every interpreter, and runs on another one")
@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13", "3.14"])
def test_mypy_finds_nothing(version: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--python-version", version, "--cache-dir", str(tmp_path)]
    done = subprocess.run([*command, "wrapped_web_app_runtime"], cwd=PACKAGE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
