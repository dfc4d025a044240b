"""The HTTP interface between a runtime and Lambda.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming
"""

from __future__ import annotations

import base64
import http.client
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_VERSION = "/2018-06-01/runtime"
_USER_AGENT = f"wrapped-web-app-runtime/{platform.python_version()}"
#: A longer header is left out: it could make Lambda refuse the whole request.
_LONGEST_CAUSE = 1_048_576


class RuntimeApiError(Exception):
    """Lambda refused a request. The message has the status and the reason."""

    def __init__(self, path: str, status: int, body: bytes) -> None:
        super().__init__(f"the Runtime API answered {status} to {path}: {body.decode('utf-8', 'replace')}")
        self.status = status


@dataclass(frozen=True)
class Invocation:
    request_id: str
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def echo(self) -> dict[str, str]:
        """The headers of every answer. Lambda tells by this id an answer that comes after the invocation has timed out from
        that of another invocation with the same request id; older versions of Lambda send none.
        """
        invocation_id = self.headers.get("Lambda-Runtime-Invocation-Id")
        return {} if invocation_id is None else {"Lambda-Runtime-Invocation-Id": invocation_id}


class RuntimeApi:
    """Lambda's side of the runtime, over one connection that stays open between invocations."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(address)

    def next(self) -> Invocation:
        """Waits for an invocation without a timeout, since Lambda freezes the environment meanwhile."""
        status, headers, body = self._exchange("GET", f"{_VERSION}/invocation/next", None, {})
        if status != 200:
            raise RuntimeApiError("invocation/next", status, body)
        return Invocation(headers.get("Lambda-Runtime-Aws-Request-Id", ""), headers, body)

    def respond(self, invocation: Invocation, result: bytes) -> None:
        """Sends a buffered result. Raises `RuntimeApiError` when it is refused, as one over 6 MB is."""
        headers = {"Content-Type": "application/json", **invocation.echo}
        self._post(f"invocation/{invocation.request_id}/response", result, headers)

    def fail(self, invocation: Invocation, error: Mapping[str, Any], cause: str = "") -> None:
        headers = {"Lambda-Runtime-Function-Error-Type": str(error["errorType"]), **invocation.echo}
        if cause and len(cause) < _LONGEST_CAUSE:
            headers["Lambda-Runtime-Function-XRay-Error-Cause"] = cause
        self._post(f"invocation/{invocation.request_id}/error", _to_json(error), headers)

    def fail_init(self, error: Mapping[str, Any]) -> None:
        headers = {"Lambda-Runtime-Function-Error-Type": str(error["errorType"])}
        self._post("init/error", _to_json(error), headers)

    def open_stream(self, invocation: Invocation) -> ResponseStream:
        path = f"{_VERSION}/invocation/{invocation.request_id}/response"
        return ResponseStream(self._connection, path, invocation.echo)

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> None:
        status, _, answer = self._exchange("POST", f"{_VERSION}/{path}", body, headers)
        if status != 202:
            raise RuntimeApiError(path, status, answer)

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        try:
            self._connection.request(method, path, body, {"User-Agent": _USER_AGENT, **headers})
            response = self._connection.getresponse()
            return response.status, response.headers, response.read()
        except BaseException:
            # A connection with half an exchange on it cannot be used again.
            self._connection.close()
            raise


class ResponseStream:
    """A response in chunks. What is written is sent to the client at once."""

    def __init__(self, connection: http.client.HTTPConnection, path: str, echo: Mapping[str, str]) -> None:
        self._connection = connection
        self._path = path
        self._echo = echo
        self._opened = False
        #: The head or a chunk has been sent in part. An exception may interrupt it at any byte.
        self._is_cut = False

    def write(self, data: bytes) -> None:
        """Raises `OSError` when Lambda has closed the connection."""
        if self._is_cut:
            raise OSError("the response has broken off within a chunk")
        self._is_cut = True
        if not self._opened:
            self._open()
        if data:
            self._connection.send(b"%x\r\n%b\r\n" % (len(data), data))
        self._is_cut = False

    def close(self) -> None:
        if self._is_cut:
            # The app caught what interrupted it, and went on.
            self._connection.close()
        else:
            self._end(b"")

    def abort(self, error: Mapping[str, Any]) -> None:
        """Breaks off a response that has begun. The client sees an incomplete response, and the invocation fails."""
        if self._is_cut:
            # Trailers would become bytes of the chunk, and Lambda would wait for the rest of it.
            self._connection.close()
            return
        body = base64.b64encode(_to_json(error))
        self._end(
            b"Lambda-Runtime-Function-Error-Type: %b\r\nLambda-Runtime-Function-Error-Body: %b\r\n"
            % (str(error["errorType"]).encode("ascii", "replace"), body)
        )

    def _open(self) -> None:
        self._opened = True
        connection = self._connection
        connection.putrequest("POST", self._path, skip_accept_encoding=True)
        for name, value in (
            ("User-Agent", _USER_AGENT),
            ("Lambda-Runtime-Function-Response-Mode", "streaming"),
            ("Content-Type", "application/vnd.awslambda.http-integration-response"),
            ("Transfer-Encoding", "chunked"),
            ("Trailer", "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body"),
            *self._echo.items(),
        ):
            connection.putheader(name, value)
        connection.endheaders()

    def _end(self, trailers: bytes) -> None:
        if not self._opened:
            self._open()
        try:
            self._connection.send(b"0\r\n%b\r\n" % trailers)
            response = self._connection.getresponse()
            body = response.read()
        except BaseException:
            self._connection.close()
            raise
        if response.status != 202:
            raise RuntimeApiError(self._path, response.status, body)


def _to_json(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8")
