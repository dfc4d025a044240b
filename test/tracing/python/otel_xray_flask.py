import os

from opentelemetry import propagate
from opentelemetry.propagators.aws import AwsXRayPropagator
from otel_flask import app

propagate.set_global_textmap(AwsXRayPropagator())
instrumented = app.wsgi_app


def in_trace_of_invocation(environ, start_response):
    environ["HTTP_X_AMZN_TRACE_ID"] = os.environ.get("_X_AMZN_TRACE_ID", "")
    return instrumented(environ, start_response)


app.wsgi_app = in_trace_of_invocation
