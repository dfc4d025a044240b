from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from flask import Flask, request
from orders import load_order

logger = Logger(service="shop")
metrics = Metrics(namespace="shop", service="shop")
tracer = Tracer(service="shop")
app = Flask(__name__)


@app.before_request
def begin():
    context = request.environ.get("apig_wsgi.context")
    logger.append_keys(function_request_id=context and context.aws_request_id)


@app.teardown_request
def end(error):
    metrics.flush_metrics()


@app.get("/orders/<order>")
def get_order(order):
    with tracer.provider.in_subsegment("load order"):
        found = load_order(order)
    logger.info("order loaded", order=order)
    metrics.add_metric(name="orders", unit=MetricUnit.Count, value=1)
    return found
