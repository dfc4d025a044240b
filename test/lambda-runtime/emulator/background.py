"""Works after its answers, as test/lambda-runtime/node/runtime-client/apps/background.cjs does."""

import time

from wrapped_web_app_runtime import wait_until


def work(name):
    time.sleep(0.6)
    print(f"{name} is done at {int(time.time() * 1000)}", flush=True)


def app(environ, start_response):
    _, way, name = environ["PATH_INFO"].split("/")
    if way == "works":
        wait_until(lambda: work(name))
    start_response("200 OK", [("content-type", "text/plain")])
    return [b"answered"]
