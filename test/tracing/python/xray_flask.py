from aws_xray_sdk.core import xray_recorder
from flask import Flask
from orders import load_order

app = Flask(__name__)


@app.get("/orders/<order>")
def get_order(order):
    with xray_recorder.in_subsegment("load order"):
        return load_order(order)
