from fastapi import FastAPI
from opentelemetry import trace
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from orders import load_order
from otel import provider
from wrapped_web_app_runtime import wait_until

app = FastAPI()
FastAPIInstrumentor.instrument_app(app)


@app.middleware("http")
async def flush_spans(request, call_next):
    wait_until(provider.force_flush)
    return await call_next(request)


@app.get("/orders/{order}")
async def get_order(order: str):
    with trace.get_tracer("shop").start_as_current_span("load order"):
        return load_order(order)
