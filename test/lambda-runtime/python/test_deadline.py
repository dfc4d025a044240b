"""Apps that do not answer before the function's timeout."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import LambdaContext
from tables import read_event

import wrapped_web_app_runtime
from wrapped_web_app_runtime import make_lambda_handler

EVENT = read_event("function-url.json")


def answers(body: Callable[[], None]) -> Any:
    """A WSGI app that runs this for every path but `/fine`."""

    def app(environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"] != "/fine":
            body()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"fine"]

    return app


def is_fine(handler: Any) -> bool:
    result = handler({**EVENT, "rawPath": "/fine"}, LambdaContext())
    return (result["statusCode"], result["body"]) == (200, "fine")


def with_a_timeout_of_its_own(action: Callable[[], None]) -> None:
    """What the package timeout-decorator does."""

    def ring(number: int, frame: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 5)
    try:
        action()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def hang() -> None:
    time.sleep(5)


@pytest.mark.parametrize(
    "app",
    [
        lambda: with_a_timeout_of_its_own(hang),
        lambda: (with_a_timeout_of_its_own(lambda: None), hang()),
    ],
    ids=["within it", "after it"],
)
def test_an_app_that_sets_alarms_itself_is_interrupted(app: Any, capsys: Any) -> None:
    handler = make_lambda_handler(answers(app))
    for _ in range(2):
        assert handler(EVENT, LambdaContext(0.5))["statusCode"] == 504
        assert is_fine(handler)
    # On a busy machine there may be a warning that the app goes on.
    assert capsys.readouterr().err.count('"status": 504') == 2


def test_the_next_request_of_an_app_that_used_an_alarm_is_interrupted(capsys: Any) -> None:
    calls: list[int] = []

    def app() -> None:
        calls.append(1)
        hang() if len(calls) == 2 else with_a_timeout_of_its_own(lambda: None)

    handler = make_lambda_handler(answers(app))
    assert handler(EVENT, LambdaContext(0.5))["statusCode"] == 200
    assert handler(EVENT, LambdaContext(0.5))["statusCode"] == 504


class Hangs:
    """Python discards an exception that is raised in `__del__`."""

    def __del__(self) -> None:
        hang()


def swallow(times: int) -> None:
    for _ in range(times):
        try:
            hang()
        except:  # noqa: E722
            pass


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("app", [lambda: (Hangs(), hang()), lambda: (swallow(1), hang())], ids=["__del__", "bare except"])
def test_an_app_that_swallows_an_interruption_is_interrupted_again(app: Any, capsys: Any) -> None:
    handler = make_lambda_handler(answers(app))
    # On a busy machine two interruptions that follow close on each other may become one.
    assert handler(EVENT, LambdaContext(1.6))["statusCode"] == 504
    assert is_fine(handler)
    assert "504" in capsys.readouterr().err


def test_the_log_says_where_an_app_is_that_swallows_every_interruption(capsys: Any) -> None:
    def never_ends() -> None:
        until = time.monotonic() + 0.7
        while time.monotonic() < until:
            try:
                time.sleep(0.01)
            except:  # noqa: E722
                pass

    handler = make_lambda_handler(answers(never_ends))
    context = LambdaContext(0.5)
    assert handler(EVENT, context)["statusCode"] == 200
    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert "goes on after its deadline" in line["message"] and "in never_ends" in "".join(line["stackTrace"])
    assert line["requestId"] == context.aws_request_id
    assert is_fine(handler)


def test_an_app_that_resets_all_signal_handlers_does_not_lose_the_process(capsys: Any) -> None:
    kept = {number: signal.getsignal(number) for number in (signal.SIGALRM, signal.SIGRTMAX)}

    def resets() -> None:
        for number in kept:
            signal.signal(number, signal.SIG_DFL)
        time.sleep(0.7)

    handler = make_lambda_handler(answers(resets))
    assert handler(EVENT, LambdaContext(0.5))["statusCode"] == 200
    assert "goes on after its deadline" in json.loads(capsys.readouterr().err)["message"]
    for _ in range(2):
        assert is_fine(handler)
    assert make_lambda_handler(answers(hang))(EVENT, LambdaContext(0.5))["statusCode"] == 504


def test_an_app_in_another_thread_is_stopped_where_it_writes(capsys: Any) -> None:
    from threading import Thread

    def app(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain")])
        while True:
            yield b""

    results: list[Any] = []
    thread = Thread(target=lambda: results.append(make_lambda_handler(app)(EVENT, LambdaContext(0.5))))
    thread.start()
    thread.join(5)
    assert results[0]["statusCode"] == 504


def test_requests_that_are_answered_at_once_do_not_wake_the_thread_that_watches_the_clock() -> None:
    program = """
import time
from wrapped_web_app_runtime import deadline

class Context:
    def get_remaining_time_in_millis(self):
        return 30_000

wakes = []
wake = deadline._Watch.wake
deadline._Watch.wake = lambda *args: (wakes.append(1), wake(*args))
for _ in range(50):
    with deadline.Deadline(Context()):
        pass
    # Lambda's client waits for the next event, and the thread may run.
    time.sleep(0.001)
print(len(wakes))
"""
    path = str(Path(wrapped_web_app_runtime.__file__).parents[1])
    run = subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("1\n", "")


def test_a_shorter_deadline_than_the_one_before_is_kept(capsys: Any) -> None:
    handler = make_lambda_handler(answers(hang))
    assert is_fine(handler)
    assert handler(EVENT, LambdaContext(0.5))["statusCode"] == 504


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
