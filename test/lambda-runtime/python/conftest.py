from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "lambda-runtime" / "python")]


class LambdaContext:
    """The attributes of Lambda's context object that apps use."""

    aws_request_id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"
    function_name = "web"
    memory_limit_in_mb = "1024"

    def __init__(self, seconds: float = 29.0) -> None:
        self._ends = time.time() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return max(int((self._ends - time.time()) * 1000), 0)


@pytest.fixture
def context() -> LambdaContext:
    return LambdaContext()


@pytest.fixture
def short_context() -> LambdaContext:
    return LambdaContext(seconds=2.0)


@pytest.fixture(autouse=True)
def log_in_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the log has in plain text is in test_log.py."""
    monkeypatch.setenv("AWS_LAMBDA_LOG_FORMAT", "JSON")
