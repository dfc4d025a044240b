"""Requests on the routes of an HTTP API that are open for CORS preflight requests.

Such a route has no authorizer, so none of its requests may reach the app. API Gateway answers preflight requests, or
adds the CORS headers to the answer of the integration, which only needs a status of success.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..settings import DoorSettings, Settings
    from .web_request import WebRequest


def status_on_open_route(event: Any, request: WebRequest, settings: Settings) -> int | None:
    """The status with which the runtime answers a request on an open route; None on any other route."""
    if request.method != "OPTIONS" or not any(_is_on_open_route(event, door) for door in settings.doors["http-api"]):
        return None
    return 204 if "origin" in request.headers and "access-control-request-method" in request.headers else 401


def _is_on_open_route(event: Any, door: DoorSettings) -> bool:
    if not door.open_preflight_routes:
        return False
    route_key = event.get("routeKey")
    if not isinstance(route_key, str):
        # Payload format 1.0 has no route key: every OPTIONS request for the path of an open route is on that route.
        route_key = f"OPTIONS {event.get('resource')}"
    prefix = door.mount_prefix
    return route_key in (f"OPTIONS {prefix or '/'}", f"OPTIONS {prefix}/{{proxy+}}")
