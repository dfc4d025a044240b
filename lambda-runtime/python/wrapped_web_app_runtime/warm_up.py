"""One request before a client's, so that what the app loads lazily is there."""

from __future__ import annotations

from time import monotonic

from .events import detect
from .events.web_request import SOURCE_HEADER
from .log import log_warning
from .respond import BufferedSink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .lambda_handler import LambdaHandler
    from .settings import Settings

_LEAST_SECONDS = 0.5

_HEADERS = {
    "host": "localhost",
    "user-agent": "cdk-wrapped-web-app",
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-port": "443",
    "x-forwarded-proto": "https",
}


class WarmUpContext:
    """The part of Lambda's context object that has a meaning before the first event."""

    aws_request_id = "warm-up"

    def __init__(self, seconds: float) -> None:
        self._ends = monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._ends - monotonic()) * 1000))


def warm_up(handler: LambdaHandler, path: str, seconds: float) -> None:
    """Has the app answer a GET request as it will those of clients: an event of the first front door is read, and the
    response is rendered. A failure is logged, and changes nothing else.

    :param seconds: the time in which the app should answer.
    """
    context = WarmUpContext(seconds)
    subject = {"method": "GET", "path": path}
    if seconds < _LEAST_SECONDS:
        log_warning("the start took so long that there was no time for the warm-up request", context, **subject)
        return
    try:
        event = warm_up_event(handler.settings, path)
        event_format: Any = detect(event, handler.settings)
        request = event_format.parse(event, handler.settings)
        # Only here: the runtime takes this header off all events.
        request.headers[SOURCE_HEADER] = "warm-up"
        sink = BufferedSink(event_format, request.method)
        fault = handler.run(request, event, context, event_format, sink)
        result = handler.render(fault.response if fault else sink, request, event_format, context)
    except Exception as error:
        log_warning(f"the warm-up request failed; the start goes on: {type(error).__name__}: {error}", context, **subject)
        return
    status = result["statusCode"]
    if not 200 <= status <= 299:
        log_warning(f"the app answered the warm-up request with {status}; the start goes on", context, **subject)


def warm_up_event(settings: Settings, app_path: str) -> dict[str, Any]:
    """A GET request for a path of the app, in the format of the first front door, or of a Function URL.

    Fields that no app needs are left out, such as ARNs and IDs, as in the test events of Lambda's console.
    """
    source, doors = next(iter(settings.doors.items()), ("function-url", []))
    path = (doors[0].mount_prefix if doors else "") + app_path
    headers = dict(_HEADERS)
    multi = {name: [value] for name, value in headers.items()}
    event: dict[str, Any] = {"httpMethod": "GET", "path": path, "multiValueHeaders": multi, "isBase64Encoded": False}
    if source == "alb":
        return {**event, "requestContext": {"elb": {}}, "body": ""}
    if source == "rest-api":
        context = {"httpMethod": "GET", "path": path, "resourcePath": "/{proxy+}", "identity": {"sourceIp": "127.0.0.1"}}
        return {**event, "resource": "/{proxy+}", "headers": headers, "requestContext": context, "body": None}
    domain = "localhost.execute-api.localhost" if source == "http-api" else "localhost.lambda-url.localhost"
    http = {"method": "GET", "path": path, "sourceIp": "127.0.0.1"}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {"domainName": domain, "http": http, "stage": "$default"},
        "isBase64Encoded": False,
    }
