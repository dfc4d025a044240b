"""Apps that do not answer before the function's timeout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import wrapped_web_app_runtime


def test_a_deadline_that_passes_while_the_interpreter_ends_does_no_harm() -> None:
    program = """
import sys, time
from wrapped_web_app_runtime.deadline import Deadline

class Context:
    def get_remaining_time_in_millis(self):
        return 300

class EndsSlowly:
    def __del__(self, time=time.time):
        started = time()
        while time() - started < 0.5:
            pass

with Deadline(Context()):
    pass
sys.modules["ends slowly"] = EndsSlowly()
"""
    path = str(Path(wrapped_web_app_runtime.__file__).parents[1])
    assert subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": path}).returncode == 0
