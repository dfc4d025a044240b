"""Runs a bundle of the construct on AWS's own client or on the streaming loop, and prints its response to each front door.

    python run_bundle.py awslambdaric <folder of the bundle> <handler> <value of WRAPPED_WEB_APP_DOORS>
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from runtime_api_server import Client, RuntimeApiServer
from tables import read_event

kind, folder, handler, doors = sys.argv[1:]
server = RuntimeApiServer()
# Nothing but the bundle: neither this repository's runtime nor the packages of the tests come first.
client = Client(server, kind, Path(folder), handler, PYTHONPATH=folder, WRAPPED_WEB_APP_DOORS=doors)
answers = []
for fixture in ("function-url.json", "http-api.json", "rest-api.json", "alb.json"):
    answer = server.invoke(read_event(fixture))
    answers.append({"kind": answer.kind, "body": answer.body.decode()})
stdout, stderr = client.stop()
print(json.dumps({"answers": answers, "stderr": stderr}))
