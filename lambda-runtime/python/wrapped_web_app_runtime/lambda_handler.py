"""The Lambda handler of an app: event to request, request to app, response to result."""

from __future__ import annotations

from . import log
from .apps import make_runner
from .deadline import DeadlineExceeded
from .events import NotAnHttpEvent, detect, load_formats
from .log import log_fault, log_warning
from .respond import (
    TEXT_PREFIXES,
    BinaryNotSupported,
    BodyEncoding,
    BufferedSink,
    ResponseTooLarge,
    clean_headers,
    render_response,
)
from .settings import settings_from_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .events.behind_cdn import BehindCdn
    from .events.event_format import EventFormat
    from .events.event_path import EventPath
    from .events.other_event import OtherEvent
    from .events.web_request import WebRequest
    from .respond import ResponseSink
    from .settings import Settings


#: What the app gave to `wait_until` during the current request, and what is left of its own work. Most requests add nothing.
pending_work: list[Any] = []


def make_lambda_handler(
    app: Any,
    binary_support: bool | None = None,
    non_binary_content_type_prefixes: Sequence[str] | None = None,
) -> LambdaHandler:
    """Wraps a WSGI or ASGI app in a Lambda handler.

    :param app: the application; whether it is WSGI or ASGI is detected.
    :param binary_support: whether the front door takes binary responses. Default: yes, except for version 1 events of
        an API Gateway, unless the construct says that it takes them.
    :param non_binary_content_type_prefixes: content types that are sent as text, in place of `text/`,
        `application/json`, `application/problem+json` and `application/vnd.api+json`.
    :raises TypeError: when `app` is neither a WSGI nor an ASGI application.
    """
    return LambdaHandler(app, settings_from_environment(), binary_support, non_binary_content_type_prefixes)


_TEXT_TYPE = ("content-type", "text/plain; charset=utf-8")

#: The problem of a request that came past the CDN.
PAST_CDN = "a request came past the CDN, or its secret is not one of the function's; others like it are not logged"


class Fault:
    """What went wrong with a request, which is in the log already, and the response that its client gets."""

    __slots__ = ("error", "message", "response")

    def __init__(self, message: str, error: BaseException | None, response: BufferedSink) -> None:
        self.message = message
        self.error = error
        self.response = response


class LambdaHandler:
    """Lambda calls it with an event and a context. A fault of the app becomes a 5xx response."""

    def __init__(
        self,
        app: Any,
        settings: Settings,
        binary_support: bool | None = None,
        non_binary_content_type_prefixes: Sequence[str] | None = None,
    ) -> None:
        self.settings = settings
        self._runner = make_runner(app)
        self._binary_support = settings.binary_support if binary_support is None else binary_support
        prefixes = non_binary_content_type_prefixes
        if prefixes is None:
            prefixes = settings.non_binary_content_type_prefixes
        self._text_prefixes = TEXT_PREFIXES if prefixes is None else tuple(prefixes)
        self._encodings: dict[EventFormat, BodyEncoding] = {}
        self._has_open_routes = any(door.open_preflight_routes for door in settings.doors.get("http-api", ()))
        self._event_path = self._load_event_path()
        self._behind_cdn = self._load_behind_cdn()
        #: Whether there are requests that the app must not get, though nothing is wrong with them.
        self._is_guarded = self._has_open_routes or self._event_path is not None
        self._has_refused = False
        self._defers = False
        load_formats(settings)

    def start(self) -> None:
        """Starts the app before the first request, during Lambda's init phase."""
        self._runner.start()

    def defer_work(self) -> None:
        """From now on, who calls the handler does `pending_work` after the answer."""
        self._defers = True
        self._runner.pending_work = pending_work

    def __call__(self, event: Any, context: Any = None) -> Any:
        """Raises `NotAnHttpEvent` for an event of another service, unless the settings have a path for those."""
        event_format = detect(event, self.settings)
        if event_format.reply == "event-result":
            result = self._handle_other_event(event_format, event, context)
        else:
            if self._behind_cdn is None:
                request = event_format.parse(event, self.settings)
            else:
                event, request = self.parse(event, event_format)
            sink = BufferedSink(event_format, request.method)
            fault = self.run(request, event, context, event_format, sink)
            result = self.render(sink if fault is None else fault.response, request, event_format, context)
        if pending_work and not self._defers:
            from .background_work import do_before_answer

            do_before_answer(context)
        return result

    def parse(self, event: Any, event_format: EventFormat) -> tuple[Any, WebRequest]:
        """The event as the app may see it, and its request."""
        behind_cdn = self._behind_cdn
        if behind_cdn is None:
            return event, event_format.parse(event, self.settings)
        of_viewer = behind_cdn.event_of_viewer(event)
        if of_viewer is None:
            request = event_format.parse(event, self.settings)
            if behind_cdn.guards(event_format.source):
                request.problem = PAST_CDN
            return event, request
        request = event_format.parse(of_viewer, self.settings)
        request.mount_prefix = behind_cdn.mount_of_viewer(request, event_format.source)
        return of_viewer, request

    def streaming_format(self, event: Any) -> EventFormat | None:
        """The format of an event whose front door takes a stream, or None."""
        try:
            event_format = detect(event, self.settings)
        except NotAnHttpEvent:
            return None
        if event_format.reply == "event-result":
            return None
        # All doors of a function have the same mode.
        doors = self.settings.doors.get(event_format.source)
        return event_format if doors and doors[0].response_mode == "streaming" else None

    def run(
        self, request: WebRequest, event: Any, context: Any, event_format: EventFormat, sink: ResponseSink
    ) -> Fault | None:
        """Runs the app into the sink. Logs and returns the fault, if there is one."""
        log.request = event_format.source, request.method, request.raw_path
        if self._is_guarded or request.problem is not None:
            is_answered, fault = self._guard(request, event, context, event_format, sink)
            if is_answered:
                return fault
        try:
            self._runner.run(request, event, context, event_format.multi_value_headers, sink)
            if sink.refusal is None:
                sink.end()
                return None
            # The app caught the refusal and went on.
            return self._refuse(sink.refusal, request, event_format, context)
        except DeadlineExceeded as error:
            return self._fail(504, str(error), error, request, event_format, context)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            # The app may have caught the refusal and raised an error of its own.
            if sink.refusal is not None:
                return self._refuse(sink.refusal, request, event_format, context)
            # SystemExit too: it would end the environment, and the requests after this one with it.
            return self._fail(500, "the app failed", error, request, event_format, context)

    def _guard(
        self, request: WebRequest, event: Any, context: Any, event_format: EventFormat, sink: ResponseSink
    ) -> tuple[bool, Fault | None]:
        """Whether the request is answered without the app, and the fault, if there is one."""
        problem = request.problem
        if problem is PAST_CDN:
            return True, self._refuse_past_cdn(request, event_format, context)
        if self._has_open_routes and event_format.source == "http-api" and self._answers_on_open_route(request, event, sink):
            return True, None
        if problem is not None:
            return True, self._fail(400, problem, None, request, event_format, context)
        if self._event_path is not None and self._event_path.is_target_of(request):
            # Clients must not be able to send a forged event of another service.
            return True, self._fail(404, "a client requested the event path", None, request, event_format, context)
        return False, None

    def _load_behind_cdn(self) -> BehindCdn | None:
        doors = [door for same in self.settings.doors.values() for door in same if door.behind_cdn]
        if not doors:
            return None
        from .events.behind_cdn import BehindCdn

        return BehindCdn(doors, self.settings.cdn_secrets)

    def _refuse_past_cdn(self, request: WebRequest, event_format: EventFormat, context: Any) -> Fault:
        """Logged once: anyone can send such requests, but if the CDN itself sends them, its secret and the function's differ."""
        if not self._has_refused:
            self._has_refused = True
            return self._fail(403, PAST_CDN, None, request, event_format, context)
        return Fault(PAST_CDN, None, _text_response(403, "Forbidden"))

    def _load_event_path(self) -> EventPath | None:
        if self.settings.event_path is None:
            return None
        from .events.event_path import EventPath

        return EventPath(self.settings.event_path)

    def _begin_format(self, event_format: EventFormat, context: Any) -> BodyEncoding:
        """Called for the first response of each format. Warns of a front door that the construct did not make: its settings
        are the defaults."""
        source, doors = event_format.source, self.settings.doors
        if doors and source not in doors:
            log_warning(f"an event came through {source}, but the stack has only {', '.join(doors)}", context)
        binary = self._binary_support
        if binary is None:
            # The construct sets binaryMediaTypes on every REST API that it makes.
            binary = event_format.takes_base64 or source in doors
        self._encodings[event_format] = encoding = BodyEncoding(binary, self._text_prefixes)
        return encoding

    def _answers_on_open_route(self, request: WebRequest, event: Any, sink: ResponseSink) -> bool:
        from .events.open_preflight_routes import status_on_open_route

        status = status_on_open_route(event, request, self.settings)
        if status is None:
            return False
        # Not logged: anyone can send such requests, and the access log of the API has them.
        sink.start(status, "", *clean_headers([] if status == 204 else [_TEXT_TYPE]))
        if status == 401:
            sink.write(b"Unauthorized")
        sink.end()
        return True

    def _handle_other_event(self, event_format: OtherEvent, event: Any, context: Any) -> Any:
        """The app's response as the invocation's result. An error fails the invocation, and Lambda's client logs it."""
        from .respond.other_event_reply import EventNotHandled, read_result

        sink = BufferedSink()
        request = event_format.parse(event, self.settings)
        log.request = event_format.source, request.method, request.raw_path
        try:
            self._runner.run(request, event, context, False, sink)
        except (DeadlineExceeded, SystemExit) as error:
            raise EventNotHandled(f"the app failed on the event: {error}") from error
        if sink.refusal is not None:
            raise EventNotHandled(str(sink.refusal))
        return read_result(sink)

    def render(self, response: BufferedSink, request: WebRequest, event_format: EventFormat, context: Any) -> dict[str, Any]:
        """The result for Lambda. A response that cannot be sent is logged, and becomes a 5xx response."""
        encoding = self._encodings.get(event_format) or self._begin_format(event_format, context)
        try:
            return render_response(response, request.method, event_format, encoding)
        except BinaryNotSupported as error:
            fault = self._fail(500, str(error), None, request, event_format, context)
        except ResponseTooLarge as error:
            fault = self._refuse(error, request, event_format, context)
        except Exception as error:
            fault = self._fail(500, "the app's response is not a valid one", error, request, event_format, context)
        return render_response(fault.response, request.method, event_format, encoding)

    def _refuse(self, error: ResponseTooLarge, request: WebRequest, event_format: EventFormat, context: Any) -> Fault:
        return self._fail(502, str(error), None, request, event_format, context, body=str(error))

    def _fail(
        self,
        status: int,
        message: str,
        error: BaseException | None,
        request: WebRequest,
        event_format: EventFormat,
        context: Any,
        body: str = "",
    ) -> Fault:
        subject = {"door": event_format.source, "method": request.method, "path": request.raw_path}
        if status < 500:
            # A client's mistakes are no faults of the app, and should wake nobody up.
            log_warning(message, context, status=status, **subject)
        else:
            log_fault(message, error, context, status=status, **subject)
        text = body or {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 500: "Internal Server Error", 504: "Gateway Timeout"}[status]
        return Fault(message, error, _text_response(status, text))


def _text_response(status: int, text: str) -> BufferedSink:
    response = BufferedSink()
    response.start(status, "", *clean_headers([_TEXT_TYPE]))
    response.write(text.encode())
    return response
