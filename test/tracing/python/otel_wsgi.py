import json

from opentelemetry import trace
from opentelemetry.instrumentation.wsgi import OpenTelemetryMiddleware
from orders import load_order
from otel import provider
from wrapped_web_app_runtime import wait_until


def application(environ, start_response):
    wait_until(provider.force_flush)
    with trace.get_tracer("shop").start_as_current_span("load order"):
        order = load_order(environ["PATH_INFO"].rpartition("/")[2])
    start_response("200 OK", [("content-type", "application/json")])
    return [json.dumps(order).encode()]


app = OpenTelemetryMiddleware(application)
