import time


def load_order(order):
    time.sleep(0.02)
    return {"id": order}
