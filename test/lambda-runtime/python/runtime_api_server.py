"""Runs a client of Lambda's, AWS's own or ours, against a Runtime API."""

from __future__ import annotations

import base64
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from email.message import Message
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).resolve().parent / "runtime_api_program.mjs"
RUNTIME = Path(__file__).resolve().parents[3] / "lambda-runtime" / "python"


class Answer:
    """What a client posted for one invocation, with the moment at which each piece of it arrived."""

    def __init__(self, kind: str, headers: dict[str, str], trailers: dict[str, str], chunks: list[tuple[float, str]]) -> None:
        #: `response`, `error`, `too large` or `init`.
        self.kind = kind
        #: Letter case does not count in their names.
        self.headers = Message()
        for name, value in headers.items():
            self.headers[name] = value
        self.trailers = trailers
        self.chunks = [(moment, base64.b64decode(data)) for moment, data in chunks]

    @property
    def body(self) -> bytes:
        return b"".join(data for _, data in self.chunks)

    def json(self) -> Any:
        return json.loads(self.body)


class RuntimeApiServer:
    """The Runtime API of `local/`, in a process of its own; `npx projen build:runtime` compiles it."""

    def __init__(self, max_result_bytes: int | None = None) -> None:
        self.answers: queue.Queue[Answer] = queue.Queue()
        self._count = 0
        limit = [] if max_result_bytes is None else [str(max_result_bytes)]
        self._process = subprocess.Popen(["node", str(PROGRAM), *limit], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin and self._process.stdout
        self._input, self._output = self._process.stdin, self._process.stdout
        self.address: str = json.loads(self._output.readline())["address"]
        threading.Thread(target=self._read_answers, daemon=True).start()

    def invoke(self, event: Any, seconds: float = 20.0, **headers: str) -> Answer:
        """Hands an event to the client and waits for what it posts."""
        self.send(event, seconds, **headers)
        return self.answers.get(timeout=20)

    def send(self, event: Any, seconds: float = 20.0, **headers: str) -> None:
        """Hands an event to the client. `answers` gets what it posts."""
        self._count += 1
        invocation = {
            "requestId": f"request-{self._count}",
            "event": json.dumps(event),
            "timeoutMs": seconds * 1000,
            "headers": {name.replace("_", "-"): value for name, value in headers.items()},
        }
        self._input.write(json.dumps(invocation) + "\n")
        self._input.flush()

    def close(self) -> None:
        self._input.close()
        self._process.wait(timeout=10)

    def _read_answers(self) -> None:
        for line in self._output:
            self.answers.put(Answer(**json.loads(line)))


class Client:
    """AWS's client, or our loop started as Lambda starts it, in a process of its own."""

    def __init__(self, server: RuntimeApiServer, kind: str, folder: Path, handler: str, **environ: str) -> None:
        environ = {
            "PATH": os.environ["PATH"],
            "AWS_LAMBDA_RUNTIME_API": server.address,
            "PYTHONPATH": f"{RUNTIME}{os.pathsep}{folder}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LAMBDA_TASK_ROOT": str(folder),
            "_HANDLER": handler,
            "AWS_LAMBDA_FUNCTION_NAME": "web",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/web",
            "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            **environ,
        }
        if kind == "awslambdaric":
            command = [sys.executable, "-m", "awslambdaric", handler]
        else:
            wrapper = RUNTIME / "wrapped_web_app_runtime" / "stream-responses.sh"
            command = [str(wrapper), sys.executable, "-s", "/var/runtime/bootstrap.py"]
        descriptor, self._frames = None, b""
        fds: tuple[int, ...] = ()
        if "_LAMBDA_TELEMETRY_LOG_FD" in environ:
            self._read_end, descriptor = os.pipe()
            environ["_LAMBDA_TELEMETRY_LOG_FD"] = str(descriptor)
            fds = (descriptor,)
        self.process = subprocess.Popen(
            command, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, pass_fds=fds,
            start_new_session=True,
        )
        if descriptor is not None:
            os.close(descriptor)

    def stop(self) -> tuple[str, str]:
        """Ends the process and those that it started; everything that they wrote to stdout and stderr."""
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            return self.process.communicate(timeout=3)
        except subprocess.TimeoutExpired:
            # AWS's client for Python 3.11 and earlier hears no signal while it waits for an event; Lambda ends it too.
            os.killpg(self.process.pid, signal.SIGKILL)
            return self.process.communicate(timeout=10)

    def read_frames(self) -> list[tuple[int, str]]:
        """Type and message of every log frame, once the process is over."""
        with os.fdopen(self._read_end, "rb") as pipe:
            data = pipe.read()
        frames = []
        while data:
            length = int.from_bytes(data[4:8], "big")
            assert abs(int.from_bytes(data[8:16], "big") / 1e6 - time.time()) < 60
            frames.append((int.from_bytes(data[:4], "big"), data[16 : 16 + length].decode()))
            data = data[16 + length :]
        return frames
