"""The handler of commands."""

from __future__ import annotations

import json

import time
from pathlib import Path
from typing import Any

import pytest
from conftest import LambdaContext
from runtime_api_server import Client, RuntimeApiServer
from wrapped_web_app_runtime.commands.command_handler import CommandFailed, handler


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the app's code."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "settings.py").write_text("COLOUR = 'blue'\n")
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "load.py").write_text("import sys, settings\nprint(settings.COLOUR, sys.argv[1:])\n")
    (tmp_path / "plain.sh").write_text("echo plain\n")
    info = tmp_path / "migrator-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: migrator\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[console_scripts]\nmigrator = migrator:Program.main\n")
    (tmp_path / "migrator.py").write_text(
        "import sys\nclass Program:\n    @staticmethod\n    def main():\n        print(sys.argv)\n        return 'bad' in sys.argv and 4\n"
    )
    return tmp_path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    def run(words: list[str], event: Any = None, seconds: float = 20.0) -> Any:
        monkeypatch.setenv("WRAPPED_WEB_APP_COMMAND", json.dumps(words))
        return handler(event, LambdaContext(seconds))

    return run


@pytest.fixture(autouse=True)
def log_in_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """In plain text the log has the lines of the command as they are."""
    monkeypatch.delenv("AWS_LAMBDA_LOG_FORMAT", raising=False)


def script(text: str) -> list[str]:
    return ["python", "-c", text]


def test_a_script_imports_what_the_app_can_import_and_has_the_arguments_of_the_payload(run: Any, capsys: Any) -> None:
    result = run(["python", "scripts/load.py", "--plan"], {"args": ["--to", "7"]})
    assert {**result, "durationMs": 0} == {"exitCode": 0, "durationMs": 0, "output": "blue ['--plan', '--to', '7']\n", "omittedBytes": 0}
    first, last = capsys.readouterr().out.splitlines()
    assert first == "blue ['--plan', '--to', '7']"
    assert last.startswith("[wrapped-web-app] the command python scripts/load.py --plan --to 7 succeeded after ")


def test_in_a_json_log_each_line_has_the_id_of_its_request(run: Any, capfd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_LOG_FORMAT", "JSON")
    run(script("print('one'); print('two')"))
    entries = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert [(entry["level"], entry["message"], entry["requestId"]) for entry in entries[:2]] == [
        ("INFO", "one", LambdaContext.aws_request_id),
        ("INFO", "two", LambdaContext.aws_request_id),
    ]


@pytest.mark.parametrize("event", [None, {}, {"version": "0", "detail-type": "Scheduled Event"}, "text"])
def test_other_payloads_have_no_arguments(event: Any, run: Any) -> None:
    assert run(script("import sys; print(len(sys.argv))"), event)["output"] == "1\n"


def test_the_command_of_a_package_is_found_by_its_name(run: Any) -> None:
    assert run(["migrator", "up"])["output"] == "['migrator', 'up']\n"
    with pytest.raises(CommandFailed, match="the command migrator bad ended with exit code 4"):
        run(["migrator", "bad"])


def test_both_outputs_are_kept_in_their_order(run: Any) -> None:
    text = "import sys\nfor n in range(3): print('out', n); print('err', n, file=sys.stderr)"
    assert run(script(text))["output"] == "out 0\nerr 0\nout 1\nerr 1\nout 2\nerr 2\n"


def test_nobody_can_answer_a_question_and_no_shell_reads_the_words(run: Any) -> None:
    with pytest.raises(CommandFailed, match="EOFError"):
        run(script("input('sure? ')"))
    assert run(script("import sys; print(sys.argv[1])"), {"args": ["$HOME; rm *"]})["output"] == "$HOME; rm *\n"


def test_of_ten_megabytes_all_are_in_the_log_and_the_last_one_is_in_the_answer(run: Any, capsys: Any) -> None:
    result = run(script("for _ in range(100_000): print('x' * 99)"))
    assert (len(result["output"]), result["omittedBytes"]) == (1_000_000, 9_000_000)
    assert len(capsys.readouterr().out.splitlines()) == 100_001


def test_ten_megabytes_in_one_line_are_logged_in_pieces(run: Any, capsys: Any) -> None:
    result = run(script("import sys; sys.stdout.write('\\0' * 10_000_000)"))
    out = capsys.readouterr().out
    assert len(out) > 10_000_000
    assert max(map(len, out.split("\n"))) == 64_000
    assert len(json.dumps(result)) < 6_291_556


@pytest.mark.parametrize(
    ("words", "event", "message"),
    [
        (
            script("print('applying 0007'); raise SystemExit(3)"),
            None,
            "ended with exit code 3; the log has its whole output, which ends with:\napplying 0007",
        ),
        (script("raise ValueError('broken')"), None, "ValueError: broken"),
        (script("raise SystemExit(1)"), None, "ended with exit code 1; it wrote nothing"),
        (script("import os; os.kill(os.getpid(), 9)"), None, "was ended by the signal SIGKILL; it wrote nothing"),
        (
            ["alembic-of-nobody", "upgrade"],
            None,
            "the command alembic-of-nobody upgrade could not be started: there is no program alembic-of-nobody on Lambda, and no package",
        ),
        (["./migrate.sh"], None, "could not be started: there is no file ./migrate.sh in the code of the function"),
        (["./plain.sh"], None, "./plain.sh is not executable; name the program that runs it, as in ['sh', 'migrate.sh']"),
        (["python", "nowhere.py"], None, "can't open file"),
        (script(""), {"args": [7]}, 'args must be a list of strings, e.g. {"args": ["--plan"]}, got [7]'),
        (script(""), {"args": "--plan"}, 'got "--plan"'),
    ],
)
def test_a_command_that_fails_says_why(words: list[str], event: Any, message: str, run: Any) -> None:
    with pytest.raises(CommandFailed) as failure:
        run(words, event)
    assert message in str(failure.value)


def test_the_last_lines_are_what_cloudformation_takes(run: Any) -> None:
    with pytest.raises(CommandFailed) as failure:
        run(script("for i in range(100_000): print(f'line {i} with \"quotes\" and é')\nraise SystemExit(1)"))
    assert str(failure.value).endswith('line 99999 with "quotes" and é')
    assert "line 99985" in str(failure.value)
    assert len(json.dumps(str(failure.value), ensure_ascii=False).encode()) < 2_000


@pytest.mark.parametrize(
    "text",
    [
        "import time; print('waiting'); time.sleep(60)",
        "import signal, time; signal.signal(15, lambda *_: print('no')); print('waiting'); [time.sleep(1) for _ in range(60)]",
        "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(0)); print('waiting'); time.sleep(60)",
        "import subprocess; print('waiting'); subprocess.run(['sleep', '60'])",
        "import os; print('waiting', flush=True); os.close(1); os.close(2); __import__('time').sleep(60)",
    ],
)
def test_a_command_is_stopped_before_the_timeout(text: str, run: Any) -> None:
    began = time.monotonic()
    with pytest.raises(CommandFailed) as failure:
        run(script(text), seconds=1.5)
    assert time.monotonic() - began < 1.5
    assert "was stopped after 1.2 s, shortly before the function's timeout; set timeout to a longer time" in str(failure.value)
    assert "\nwaiting" in str(failure.value)


def test_a_program_in_the_background_does_not_keep_the_command_running(run: Any) -> None:
    began = time.monotonic()
    pid = int(run(["sh", "-c", "sleep 60 & echo $!"])["output"])
    assert time.monotonic() - began < 5
    time.sleep(0.05)
    assert not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes()


def test_on_awss_client_a_failure_is_the_error_of_the_invocation(folder: Path) -> None:
    server = RuntimeApiServer()
    client = Client(
        server,
        "awslambdaric",
        folder,
        "wrapped_web_app_runtime.commands.command_handler.handler",
        WRAPPED_WEB_APP_COMMAND=json.dumps(["python", "scripts/load.py"]),
    )
    try:
        assert server.invoke({"args": ["x"]}).json()["output"] == "blue ['x']\n"
        answer = server.invoke({"args": [1]})
        assert (answer.kind, answer.json()["errorType"]) == ("error", "CommandFailed")
    finally:
        client.stop()
        server.close()
