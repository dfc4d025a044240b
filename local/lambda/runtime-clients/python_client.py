"""A runtime client for Python, as Lambda has one: loads the handler, asks the Runtime API
for one event after another, and posts the answers. It runs in a process of its own.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import errno
import http.client
import importlib
import json
import os
import sys
import time
import traceback


class LambdaContext:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None
        self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


class RuntimeApi:
    """One connection that stays open, since an environment handles one event at a time."""

    def __init__(self, address):
        self.connection = http.client.HTTPConnection(address)

    def next(self):
        return self._call("GET", "/invocation/next")

    def post(self, path, payload):
        return self._call("POST", path, json.dumps(payload, ensure_ascii=False).encode("utf-8"))

    def _call(self, method, path, body=None):
        self.connection.request(method, "/2018-06-01/runtime" + path, body)
        response = self.connection.getresponse()
        return response.headers, response.read()


def load_handler(name):
    """`app/main.handler` is the attribute `handler` of the module `app.main`."""
    module_name, dot, attribute = name.rpartition(".")
    if not dot:
        raise ValueError(f"Runtime.MalformedHandlerName: expected a handler of the form module.function, got '{name}'")
    module = importlib.import_module(module_name.replace("/", "."))
    if not hasattr(module, attribute):
        raise AttributeError(f"Runtime.HandlerNotFound: handler '{attribute}' is missing on module '{module_name}'")
    return getattr(module, attribute)


def describe(error):
    return {
        "errorType": type(error).__name__,
        "errorMessage": str(error),
        "stackTrace": traceback.format_tb(error.__traceback__),
    }


# Audit events of calls that change something, and which of their arguments is the path.
# https://docs.python.org/3/library/audit_events.html
WRITERS = {
    "os.chmod": 0,
    "os.chown": 0,
    "os.link": 1,
    "os.mkdir": 0,
    "os.remove": 0,
    "os.rename": 0,
    "os.rmdir": 0,
    "os.symlink": 1,
    "os.truncate": 0,
    "os.utime": 0,
}


def make_read_only(root):
    """Makes the function's folder as read-only as on Lambda, where it is a file system that even its owner cannot write to."""
    prefix = os.path.join(os.path.realpath(root), "")
    told = set()

    def refuse(event, arguments):
        if event == "open":
            path, _, flags = arguments
            if not isinstance(flags, int) or not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND):
                return
        elif event in WRITERS:
            path = arguments[WRITERS[event]]
        else:
            return
        if not isinstance(path, (str, bytes, os.PathLike)):
            return
        file = os.path.abspath(os.fsdecode(path))
        if not (file + os.sep).startswith(prefix):
            return
        if file not in told:
            told.add(file)
            print(
                f"{event} {file}: the code is read-only, as on Lambda, where this fails with EROFS; "
                "write to tempfile.gettempdir() instead",
                file=sys.stderr,
                flush=True,
            )
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), file)

    sys.addaudithook(refuse)


def main():
    root = os.environ["LAMBDA_TASK_ROOT"]
    # On Lambda, the path does not contain the folder of the client.
    sys.path[0] = root
    # The code is read-only on Lambda.
    sys.dont_write_bytecode = True
    make_read_only(root)
    sys.stdout.reconfigure(line_buffering=True)
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except BaseException as error:
        traceback.print_exc()
        api.post("/init/error", describe(error))
        sys.exit(1)
    while True:
        headers, body = api.next()
        request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("Lambda-Runtime-Trace-Id", "")
        try:
            result = handler(json.loads(body), LambdaContext(headers))
            json.dumps(result)
        except Exception as error:
            traceback.print_exc()
            api.post(f"/invocation/{request_id}/error", describe(error))
        else:
            api.post(f"/invocation/{request_id}/response", result)


if __name__ == "__main__":
    try:
        main()
    except (ConnectionError, http.client.HTTPException):
        # The Runtime API has closed the connection: `serve` has ended.
        sys.exit(0)
