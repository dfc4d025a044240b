from aws_xray_sdk.core import xray_recorder
from fastapi import FastAPI
from orders import load_order

app = FastAPI()


@app.get("/orders/{order}")
async def get_order(order: str):
    with xray_recorder.in_subsegment("load order"):
        return load_order(order)
