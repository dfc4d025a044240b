from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from fastapi import FastAPI
from orders import load_order

logger = Logger(service="shop")
metrics = Metrics(namespace="shop", service="shop")
tracer = Tracer(service="shop")
app = FastAPI()


@app.middleware("http")
async def observe(request, call_next):
    context = request.scope.get("aws.context")
    logger.append_keys(function_request_id=context and context.aws_request_id)
    try:
        return await call_next(request)
    finally:
        metrics.flush_metrics()


@app.get("/orders/{order}")
async def get_order(order: str):
    with tracer.provider.in_subsegment("load order"):
        found = load_order(order)
    logger.info("order loaded", order=order)
    metrics.add_metric(name="orders", unit=MetricUnit.Count, value=1)
    return found
