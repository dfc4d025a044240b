"""A Runtime API that a client of Lambda's can be run against: it hands out events and keeps what comes back."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

RUNTIME = Path(__file__).resolve().parents[3] / "lambda-runtime" / "python"


class Answer:
    """What a client posted for one invocation, with the moment at which each piece of it arrived."""

    def __init__(self, kind: str, headers: Any) -> None:
        self.kind = kind
        self.headers = headers
        self.chunks: list[tuple[float, bytes]] = []
        self.trailers: dict[str, str] = {}

    @property
    def body(self) -> bytes:
        return b"".join(data for _, data in self.chunks)

    def json(self) -> Any:
        return json.loads(self.body)


class RuntimeApiServer:
    def __init__(self) -> None:
        self.events: queue.Queue[tuple[str, Any, dict[str, str]] | None] = queue.Queue()
        self.answers: queue.Queue[Answer] = queue.Queue()
        self.refuse_over = 6_291_556
        self._count = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                given = server.events.get()
                if given is None:
                    self.close_connection = True
                    return
                request_id, event, headers = given
                self.reply(200, json.dumps(event).encode(), {"Lambda-Runtime-Aws-Request-Id": request_id, **headers})

            def do_POST(self) -> None:
                answer = Answer(self.path.rsplit("/", 1)[1], self.headers)
                if "/init/" in self.path:
                    answer.kind = "init"
                if self.headers.get("Transfer-Encoding") == "chunked":
                    self.read_chunks(answer)
                else:
                    answer.chunks.append((time.monotonic(), self.rfile.read(int(self.headers["Content-Length"]))))
                too_large = answer.kind == "response" and not answer.trailers and len(answer.body) > server.refuse_over
                if too_large and self.headers.get("Transfer-Encoding") != "chunked":
                    answer.kind = "refused"
                self.reply(413 if answer.kind == "refused" else 202, b"{}", {})
                server.answers.put(answer)

            def read_chunks(self, answer: Answer) -> None:
                while size := int(self.rfile.readline(), 16):
                    answer.chunks.append((time.monotonic(), self.rfile.read(size)))
                    self.rfile.readline()
                while line := self.rfile.readline().strip():
                    name, _, value = line.decode().partition(": ")
                    answer.trailers[name] = value

            def reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
                self.send_response(status)
                for name, value in {**headers, "Content-Type": "application/json", "Content-Length": len(body)}.items():
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.address = f"127.0.0.1:{self._server.server_address[1]}"

    def invoke(self, event: Any, seconds: float = 20.0, **headers: str) -> Answer:
        """Hands an event to the client and waits for what it posts."""
        self._count += 1
        given = {"Lambda-Runtime-Deadline-Ms": str(int((time.time() + seconds) * 1000))}
        given.update({f"Lambda-Runtime-{name.replace('_', '-')}": value for name, value in headers.items()})
        self.events.put((f"request-{self._count}", event, given))
        return self.answers.get(timeout=20)

    def close(self) -> None:
        self.events.put(None)
        self._server.shutdown()


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
            command, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, pass_fds=fds
        )
        if descriptor is not None:
            os.close(descriptor)

    def stop(self) -> tuple[str, str]:
        """Ends the process; everything that it wrote to stdout and stderr."""
        self.process.terminate()
        try:
            return self.process.communicate(timeout=3)
        except subprocess.TimeoutExpired:
            # AWS's client for Python 3.11 and earlier hears no signal while it waits for an event; Lambda ends it too.
            self.process.kill()
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
