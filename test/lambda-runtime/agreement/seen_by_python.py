"""Prints what an ASGI app sees of each event on standard input and what the door gets, one JSON document per line."""

import base64
import json
import os
import sys

from wrapped_web_app_runtime import LambdaHandler
from wrapped_web_app_runtime.events import BadEvent
from wrapped_web_app_runtime.settings import DOORS_VARIABLE, OPTIONS_VARIABLE, settings_from_environment


def see(case):
    seen = {}

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            return
        mount = scope["root_path"]
        seen.update(
            method=scope["method"],
            target=scope["raw_path"].decode("latin-1")[len(mount) :] + ("?" if scope["query_string"] else "") + scope["query_string"].decode("latin-1"),
            mountPrefix=mount,
            headers=sorted([name.decode("latin-1"), value.decode("latin-1")] for name, value in scope["headers"]),
            body=base64.b64encode((await receive())["body"]).decode(),
            clientAddress=scope["client"][0],
            scheme=scope["scheme"],
        )
        answer = case["response"]
        headers = [(name.encode(), value.encode("latin-1")) for name, value in answer["headers"]]
        await send({"type": "http.response.start", "status": answer["status"], "headers": headers})
        await send({"type": "http.response.body", "body": base64.b64decode(answer["body"])})

    variables = {OPTIONS_VARIABLE: json.dumps(case["options"])}
    if "doors" in case:
        variables[DOORS_VARIABLE] = json.dumps(case["doors"])
    try:
        result = LambdaHandler(app, settings_from_environment(variables))(case["event"])
    except BadEvent:
        return {"refused": True}
    return {"request": seen or None, "result": result}


sys.stderr = open(os.devnull, "w")
for line in sys.stdin:
    print(json.dumps(see(json.loads(line))))
