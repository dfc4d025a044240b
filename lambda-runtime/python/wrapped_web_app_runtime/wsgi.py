"""Runs a WSGI app: a request becomes an environ, and what the app yields goes to a sink.

https://peps.python.org/pep-3333/
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from .deadline import Deadline
from .log import log_fault
from .web_request import WebRequest
from .web_response import Headers, ResponseSink

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_UNPREFIXED = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class WsgiRunner:
    """Runs one app for every request of the environment, one after the other."""

    def __init__(self, app: WsgiApp) -> None:
        self._app = app

    def start(self) -> None:
        """WSGI has no start-up."""

    def run(self, request: WebRequest, event: Any, context: Any, multi_value_headers: bool, sink: ResponseSink) -> None:
        """Raises whatever the app raises, before or after it has started its response."""
        environ = make_environ(request)
        environ["apig_wsgi.full_event"] = environ["wrapped_web_app.full_event"] = event
        environ["apig_wsgi.context"] = environ["wrapped_web_app.context"] = context
        environ["apig_wsgi.multi_value_headers"] = environ["wrapped_web_app.multi_value_headers"] = multi_value_headers
        if isinstance(event, dict) and "requestContext" in event:
            environ["apig_wsgi.request_context"] = environ["wrapped_web_app.request_context"] = event["requestContext"]
        with Deadline(context).enforced():
            _Exchange(sink, context).run(self._app, environ)


def make_environ(request: WebRequest) -> dict[str, Any]:
    server_name, server_port = request.server_address()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": request.mount_prefix,
        "PATH_INFO": request.path,
        "QUERY_STRING": request.query,
        # What Gunicorn and uWSGI call the raw request target: Werkzeug and Django packages read either.
        "RAW_URI": request.raw_uri,
        "REQUEST_URI": request.raw_uri,
        "REMOTE_ADDR": request.client_address,
        "SERVER_NAME": server_name,
        "SERVER_PORT": str(server_port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }
    for name, value in request.headers:
        key = _environ_key(name)
        if key is not None:
            environ[key] = f"{environ[key]}, {value}" if key in environ else value
    return environ


@lru_cache(maxsize=1024)
def _environ_key(name: str) -> str | None:
    # `x_real-ip` and `x-real-ip` would be one key, and a client could pass its own off as the platform's.
    if "_" in name:
        return None
    return _UNPREFIXED.get(name) or "HTTP_" + name.upper().replace("-", "_")


class FileWrapper:
    """`wsgi.file_wrapper`: a file in blocks. There is no descriptor to send it to any faster."""

    def __init__(self, filelike: Any, blksize: int = 65_536) -> None:
        self._filelike = filelike
        self._blksize = blksize
        if hasattr(filelike, "close"):
            self.close = filelike.close

    def __iter__(self) -> Iterator[bytes]:
        while block := self._filelike.read(self._blksize):
            yield block


class _Exchange:
    """One call of the app: the headers wait until the first byte of the body, as PEP 3333 wants."""

    def __init__(self, sink: ResponseSink, context: Any) -> None:
        self._sink = sink
        self._context = context
        self._head: tuple[int, str, Headers] | None = None
        self._sent = False

    def run(self, app: WsgiApp, environ: dict[str, Any]) -> None:
        body = app(environ, self.start_response)
        whole = False
        try:
            for chunk in body:
                self.write(chunk)
            if not self._sent:
                self._send_head()
            whole = True
        finally:
            self._close(body, whole)

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        try:
            if exc_info is not None and self._sent:
                raise exc_info[1].with_traceback(exc_info[2])
            if exc_info is None and self._head is not None:
                raise AssertionError("the app called start_response twice without exc_info")
        finally:
            exc_info = None  # a reference cycle, as PEP 3333 warns
        code, _, reason = status.partition(" ")
        if not (len(code) == 3 and code.isascii() and code.isdecimal() and 200 <= int(code) <= 999):
            raise ValueError(f"the status must be like '200 OK', got {status!r}")
        for pair in headers:
            if not isinstance(pair[0], str) or not isinstance(pair[1], str):
                raise TypeError(f"response headers must be pairs of str, got {pair!r}")
        self._head = (int(code), reason.strip(), [(name, value.strip()) for name, value in headers])
        return self.write

    def write(self, chunk: bytes) -> None:
        if not isinstance(chunk, bytes):
            raise TypeError(f"the app must yield bytes, got {type(chunk).__name__} {chunk!r:.80}")
        if not chunk:
            return
        if not self._sent:
            self._send_head()
        self._sink.write(chunk)

    def _send_head(self) -> None:
        if self._head is None:
            raise AssertionError("the app did not call start_response before its body")
        self._sent = True
        self._sink.start(*self._head)

    def _close(self, body: Any, whole: bool) -> None:
        close = getattr(body, "close", None)
        if close is None:
            return
        try:
            close()
        except Exception as error:
            # The response is whole, or the fault that ended it is on its way already.
            log_fault("the app's iterable failed to close", error, self._context, responseIsWhole=whole)
