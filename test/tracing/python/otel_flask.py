from flask import Flask
from opentelemetry import trace
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from orders import load_order
from otel import provider
from wrapped_web_app_runtime import wait_until

app = Flask(__name__)
FlaskInstrumentor().instrument_app(app)


@app.before_request
def flush_spans():
    wait_until(provider.force_flush)


@app.get("/orders/<order>")
def get_order(order):
    with trace.get_tracer("shop").start_as_current_span("load order"):
        return load_order(order)
