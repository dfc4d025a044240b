"""Runs a WSGI app: makes an environ of a request, and writes what the app yields to a sink.

https://peps.python.org/pep-3333/
"""

from __future__ import annotations

import sys
from functools import lru_cache
from io import BytesIO

from ..deadline import Deadline
from ..log import log_fault
from ..respond import NameTable, check_status, clean_headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from ..events.web_request import WebRequest
    from ..respond import HeaderList, ResponseSink

    WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class WsgiRunner:
    """Runs one app for every request of the environment, one after the other."""

    __slots__ = ("_app", "pending_work")

    def __init__(self, app: WsgiApp) -> None:
        self._app = app
        #: Where what the app does after its response is added; None to do it before the answer.
        self.pending_work: list[Any] | None = None

    def start(self) -> None:
        """WSGI apps have no start-up."""

    def run(self, request: WebRequest, event: Any, context: Any, multi_value_headers: bool, sink: ResponseSink) -> None:
        """Raises whatever the app raises, before or after it has started its response."""
        environ = make_environ(request)
        environ["apig_wsgi.full_event"] = environ["wrapped_web_app.full_event"] = event
        environ["apig_wsgi.context"] = environ["wrapped_web_app.context"] = context
        environ["apig_wsgi.multi_value_headers"] = environ["wrapped_web_app.multi_value_headers"] = multi_value_headers
        try:
            environ["apig_wsgi.request_context"] = environ["wrapped_web_app.request_context"] = event["requestContext"]
        except (KeyError, TypeError):
            # Not all events have one, and those of other services may be no objects.
            del environ["apig_wsgi.request_context"], environ["wrapped_web_app.request_context"]
        deadline = Deadline(context)
        # `with` would call both through C, which takes longer.
        deadline.begin()
        try:
            _Exchange(sink, context, self.pending_work).run(self._app, environ, deadline)
        finally:
            deadline.end()


def make_environ(request: WebRequest) -> dict[str, Any]:
    headers = request.headers
    environ = _TEMPLATE.copy()
    known = _environ_keys.known
    try:
        for name, value in headers.items():
            environ[known[name]] = value
    except KeyError:
        for name, value in headers.items():
            environ[_environ_keys[name]] = value
    if "" in environ:
        del environ[""]
    environ["REQUEST_METHOD"] = request.method
    environ["PATH_INFO"] = request.path
    environ["QUERY_STRING"] = query = request.query
    environ["SCRIPT_NAME"] = mount_prefix = request.mount_prefix
    target = mount_prefix + request.raw_path
    # Gunicorn's and uWSGI's names for the raw request target: Werkzeug and packages for Django read one or the other.
    environ["RAW_URI"] = environ["REQUEST_URI"] = f"{target}?{query}" if query else target
    environ["REMOTE_ADDR"] = request.client_address
    environ["SERVER_NAME"], port = request.server_address()
    environ["SERVER_PORT"] = str(port)
    environ["wsgi.url_scheme"] = request.scheme
    environ["wsgi.input"] = BytesIO(request.body)
    environ["wsgi.errors"] = sys.stderr
    return environ


class _EnvironKeys(NameTable):
    """The environ's key of each header; empty for a header that gets none."""

    __slots__ = ()

    def convert(self, name: str) -> str:
        key = name.upper().replace("-", "_")
        if "_" in name:
            # `x_real-ip` and `x-real-ip` would have the same key, and a client could replace the platform's header.
            return ""
        return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + key


_environ_keys = _EnvironKeys()


class FileWrapper:
    """`wsgi.file_wrapper`: reads a file in blocks. Without a socket there is no faster way to send it."""

    def __init__(self, filelike: Any, blksize: int = 65_536) -> None:
        self._filelike = filelike
        self._blksize = blksize
        if hasattr(filelike, "close"):
            self.close = filelike.close

    def __iter__(self) -> Iterator[bytes]:
        while block := self._filelike.read(self._blksize):
            yield block


#: What is the same in each environ, and the keys of all that is not: a copy has room for them, and a dict that grows is
#: made anew each time that it has doubled.
_TEMPLATE: dict[str, Any] = {
    "SERVER_PROTOCOL": "HTTP/1.1",
    "wsgi.version": (1, 0),
    "wsgi.input_terminated": True,
    "wsgi.multithread": False,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
    "wsgi.file_wrapper": FileWrapper,
    **dict.fromkeys(
        (
            "REQUEST_METHOD",
            "PATH_INFO",
            "QUERY_STRING",
            "SCRIPT_NAME",
            "RAW_URI",
            "REQUEST_URI",
            "REMOTE_ADDR",
            "SERVER_NAME",
            "SERVER_PORT",
            "wsgi.url_scheme",
            "wsgi.input",
            "wsgi.errors",
            "apig_wsgi.full_event",
            "apig_wsgi.context",
            "apig_wsgi.multi_value_headers",
            "apig_wsgi.request_context",
            "wrapped_web_app.full_event",
            "wrapped_web_app.context",
            "wrapped_web_app.multi_value_headers",
            "wrapped_web_app.request_context",
        )
    ),
}


class _Exchange:
    """One call of the app. The headers are sent with the first byte of the body, as PEP 3333 says."""

    __slots__ = ("_context", "_head", "_pending_work", "_sent", "_sink")

    def __init__(self, sink: ResponseSink, context: Any, pending_work: list[Any] | None) -> None:
        self._sink = sink
        self._context = context
        self._pending_work = pending_work
        self._head: tuple[int, str, HeaderList, int] | None = None
        self._sent = False

    def run(self, app: WsgiApp, environ: dict[str, Any], deadline: Deadline) -> None:
        body = app(environ, self.start_response)
        whole = False
        try:
            is_first = True
            for chunk in body:
                if is_first:
                    is_first = False
                else:
                    # Also where no signal can interrupt the app.
                    deadline.check()
                self.write(chunk)
            if not self._sent:
                self._send_head()
            whole = True
        finally:
            close = getattr(body, "close", None)
            if close is not None and whole and self._pending_work is not None:
                # Servers close when the client has its response, and apps work then, as with Flask's `call_on_close`.
                self._pending_work.insert(0, close)
            elif close is not None:
                self._close(close, whole)

    def start_response(self, status: str, headers: HeaderList, exc_info: Any = None) -> Callable[[bytes], None]:
        try:
            if exc_info is not None:
                if self._sent:
                    raise exc_info[1].with_traceback(exc_info[2])
            elif self._head is not None:
                raise AssertionError("the app called start_response twice without exc_info")
        finally:
            exc_info = None  # PEP 3333 warns of a reference cycle
        code, reason = _read_status(status)
        try:
            self._head = (code, reason, *clean_headers(headers))
        except (AttributeError, TypeError):
            raise TypeError(f"response headers must be pairs of str, got {headers!r:.200}") from None
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

    def _close(self, close: Callable[[], None], whole: bool) -> None:
        try:
            close()
        except Exception as error:
            # The response is whole, or another error has ended it already.
            log_fault("the app's iterable failed to close", error, self._context, responseIsWhole=whole)


@lru_cache(maxsize=64)
def _read_status(status: str) -> tuple[int, str]:
    code, _, reason = status.partition(" ")
    # A line break would begin a header of its own.
    breaks = "\r" in reason or "\n" in reason or "\0" in reason
    if breaks or not (len(code) == 3 and code.isascii() and code.isdecimal() and int(code) >= 200):
        raise ValueError(f"the status must be like '200 OK', got {status!r}")
    return check_status(int(code)), reason.strip()
