"""The Lambda handler of an app: event to request, request to app, response to result."""

from __future__ import annotations

from .app_kind import is_asgi
from .contract import read_contract
from .deadline import DeadlineExceeded
from .events import BadEvent, NotAnHttpEvent, load_doors, recognize_door
from .log import log_fault, log_warning
from .responses import (
    TEXT_PREFIXES,
    BinaryNotSupported,
    BodyEncoding,
    BufferedSink,
    ResponseTooLarge,
    render_response,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .asgi import AsgiRunner
    from .contract import Contract
    from .events.door import Door
    from .events.request import WebRequest
    from .responses import ResponseSink
    from .wsgi import WsgiRunner


def make_lambda_handler(
    app: Any,
    binary_support: bool | None = None,
    non_binary_content_type_prefixes: Sequence[str] | None = None,
) -> LambdaHandler:
    """Wraps a WSGI or ASGI app in a Lambda handler.

    :param app: the application; which of the two it is is told by what it is.
    :param binary_support: whether the front door takes binary responses. Default: yes, but for version 1
        events of an API Gateway, unless the construct says that it takes them.
    :param non_binary_content_type_prefixes: content types that are sent as text, in place of `text/`,
        `application/json`, `application/problem+json` and `application/vnd.api+json`.
    :raises TypeError: when `app` is neither a WSGI nor an ASGI application.
    """
    return LambdaHandler(app, read_contract(), binary_support, non_binary_content_type_prefixes)


class Fault:
    """What went wrong with a request, already logged, and what its client is told."""

    __slots__ = ("error", "message", "response")

    def __init__(self, message: str, error: BaseException | None, response: BufferedSink) -> None:
        self.message = message
        self.error = error
        self.response = response


class LambdaHandler:
    """Call it with an event and a context, as Lambda does. Faults of the app become 5xx answers."""

    def __init__(
        self,
        app: Any,
        contract: Contract,
        binary_support: bool | None = None,
        non_binary_content_type_prefixes: Sequence[str] | None = None,
    ) -> None:
        self.contract = contract
        self._runner = _make_runner(app)
        self._names = self._runner.names
        self._binary_support = contract.binary_support if binary_support is None else binary_support
        prefixes = non_binary_content_type_prefixes
        if prefixes is None:
            prefixes = contract.non_binary_content_type_prefixes
        self._text_prefixes = TEXT_PREFIXES if prefixes is None else tuple(prefixes)
        self._encodings = {binary: BodyEncoding(binary, self._text_prefixes) for binary in (False, True)}
        self._mount_prefixes: dict[Door, str] = {}
        load_doors(contract)

    def start(self) -> None:
        """Starts the app up ahead of the first request, while Lambda's init phase lasts."""
        self._runner.start()

    def __call__(self, event: Any, context: Any = None) -> Any:
        """Raises `BadEvent` for an event that is no HTTP request, unless the contract has a path for those."""
        try:
            door, request = self.read(event, context)
        except NotAnHttpEvent:
            if self.contract.event_path is None:
                raise
            return self._handle_other_event(event, context, self.contract.event_path)
        sink = BufferedSink()
        fault = self.run(request, event, context, door, sink)
        if fault is not None:
            return self._render(fault.response, request, door)
        try:
            return self._render(sink, request, door)
        except BinaryNotSupported as error:
            fault = self._fail(500, str(error), None, request, door, context)
        except ResponseTooLarge as error:
            fault = self._fail(502, str(error), None, request, door, context, body=f"Bad Gateway: {error}\n")
        except Exception as error:
            fault = self._fail(500, "the app's response is not a valid one", error, request, door, context)
        return self._render(fault.response, request, door)

    def streams(self, event: Any) -> bool:
        """Whether the construct made the door that this event came through a streaming one."""
        try:
            said = self.contract.doors.get(recognize_door(event, self.contract).name)
        except BadEvent:
            return False
        return said is not None and said.response_mode == "streaming"

    def read(self, event: Any, context: Any) -> tuple[Door, WebRequest]:
        """The door that the event came through, and the request in it."""
        door = recognize_door(event, self.contract)
        prefix = self._mount_prefixes.get(door)
        if prefix is None:
            prefix = self._mount_prefixes[door] = self._meet(door, context)
        return door, door.parse(event, self._names, prefix, self.contract.trust_forwarded_host)

    def _meet(self, door: Door, context: Any) -> str:
        """Where the app is mounted on a door that an event has come through for the first time."""
        doors = self.contract.doors
        said = doors.get(door.name)
        if said is None and doors and all(door.name != met.name for met in self._mount_prefixes):
            known = ", ".join(doors)
            log_warning(f"an event came through {door.name}, but the stack has only {known}", context)
        return said.mount_prefix if said else ""

    def run(
        self, request: WebRequest, event: Any, context: Any, door: Door, sink: ResponseSink
    ) -> Fault | None:
        """Runs the app into the sink. What it failed with is logged and returned."""
        if self.contract.event_path is not None and self._is_event_path(request.path):
            # Only events of other services reach this path: nobody can pose as a queue.
            return self._fail(404, "a client asked for the path of events", None, request, door, context)
        try:
            self._runner.run(request, event, context, door.multi_value_headers, sink)
            return None
        except DeadlineExceeded as error:
            return self._fail(504, str(error), error, request, door, context)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            # SystemExit too: an app that exits would take the environment and its next requests with it.
            return self._fail(500, "the app failed", error, request, door, context)

    def encoding(self, door: Door) -> BodyEncoding:
        binary = self._binary_support
        if binary is None:
            # The construct sets binaryMediaTypes on every REST API of its own.
            binary = door.takes_binary or door.name in self.contract.doors
        return self._encodings[binary]

    def _is_event_path(self, path: str) -> bool:
        from .events.other_event import is_event_path

        return is_event_path(path, self.contract.event_path or "")

    def _handle_other_event(self, event: Any, context: Any, event_path: str) -> Any:
        """The app's answer as the invocation's result. What goes wrong fails the invocation, and Lambda's client logs it."""
        from .events.other_event import EventNotHandled, make_event_request, read_result

        sink = BufferedSink()
        try:
            self._runner.run(make_event_request(event, self._runner.names, event_path), event, context, False, sink)
        except (DeadlineExceeded, SystemExit) as error:
            raise EventNotHandled(f"the app failed on the event: {error}") from error
        return read_result(sink)

    def _render(self, response: BufferedSink, request: WebRequest, door: Door) -> dict[str, Any]:
        return render_response(response, request.method, door, self.encoding(door))

    def _fail(
        self,
        status: int,
        message: str,
        error: BaseException | None,
        request: WebRequest,
        door: Door,
        context: Any,
        body: str = "",
    ) -> Fault:
        log_fault(message, error, context, status=status, door=door.name, method=request.method, path=request.raw_path)
        text = body or {404: "Not Found\n", 500: "Internal Server Error\n", 504: "Gateway Timeout\n"}[status]
        response = BufferedSink()
        response.start(status, "", [("content-type", "text/plain; charset=utf-8")])
        response.write(text.encode())
        return Fault(message, error, response)


def _make_runner(app: Any) -> WsgiRunner | AsgiRunner:
    if not is_asgi(app):
        from .wsgi import WsgiRunner

        return WsgiRunner(app)
    # asyncio takes longer to import than all of this package; WSGI apps need none of it.
    from .asgi import AsgiRunner

    return AsgiRunner(app)
