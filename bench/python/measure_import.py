"""Measures once the time that one adapter adds to the start of a process that has loaded the app already."""

from __future__ import annotations

import json
import resource
import sys
import time

import apps

framework, contender, runtime = sys.argv[1:]
sys.path.insert(0, runtime)
app = apps.make_app(framework)

start = time.process_time()
if contender == "ours":
    from wrapped_web_app_runtime import make_lambda_handler

    handler = make_lambda_handler(app)
elif contender == "apig-wsgi":
    from apig_wsgi import make_lambda_handler

    handler = make_lambda_handler(app)
else:
    from mangum import Mangum

    handler = Mangum(app, lifespan="off")
added = time.process_time() - start
print(json.dumps({"added": added * 1000, "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
