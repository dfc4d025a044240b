"""A Lambda runtime that can stream. The construct starts it in place of AWS's client for `responseStreaming`.

AWS's own Python client sends a response only when it is whole. This one streams to the front doors whose settings say
so, and does everything else as AWS's client does. `stream-responses.sh` starts it. It is an implementation detail: it
will be removed when AWS's client can stream.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from typing import Any

from ..lambda_handler import LambdaHandler, pending_work
from ..log import log_fault
from .lambda_context import LambdaContext
from .log_sink import LogSink, set_up_logging
from .runtime_api import Invocation, RuntimeApi, RuntimeApiError
from .streamed_response import StreamedSink

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..events.event_format import EventFormat


def main() -> None:
    """Loads the handler that `_HANDLER` names, and serves invocations until the environment ends."""
    _prepare_import_path()
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    log = LogSink()
    set_up_logging(log)
    try:
        handler = load_handler(os.environ.get("_HANDLER", ""))
    except BaseException as error:
        described = describe_error(error)
        log.write_error(described)
        api.fail_init(described)
        sys.exit(1)
    if isinstance(handler, LambdaHandler):
        handler.defer_work()
    while True:
        serve(api, log, handler, api.next())


def load_handler(name: str) -> Any:
    """The object that `module.attribute` names. Raises whatever the import raises."""
    module_name, dot, attribute = name.rpartition(".")
    if not dot:
        raise RuntimeError(f"_HANDLER must be like 'module.attribute', got {name!r}")
    module = importlib.import_module(module_name.replace("/", "."))
    handler = getattr(module, attribute, None)
    if not callable(handler):
        raise RuntimeError(f"_HANDLER names {attribute!r}, but {module_name} defines no callable of that name")
    return handler


def serve(api: RuntimeApi, log: LogSink, handler: Any, invocation: Invocation) -> None:
    """Answers one invocation, or reports its error. No exception of the handler ends the loop."""
    log.request_id = invocation.request_id
    log.tenant_id = invocation.headers.get("Lambda-Runtime-Aws-Tenant-Id")
    _set_trace_id(invocation.headers.get("Lambda-Runtime-Trace-Id"))
    context = LambdaContext(invocation.headers)
    try:
        event = json.loads(invocation.body)
        event_format = handler.streaming_format(event) if isinstance(handler, LambdaHandler) else None
        if event_format is None:
            _respond(api, invocation, handler(event, context))
        else:
            _stream(api, invocation, handler, event_format, event, context)
    except RuntimeApiError as error:
        log_fault("Lambda refused the response", error, context)
    except KeyboardInterrupt:
        raise
    except Exception as error:
        described = describe_error(error, invocation.request_id)
        log.write_error(described)
        try:
            api.fail(invocation, described, _describe_for_xray(error))
        except RuntimeApiError as refusal:
            log_fault("Lambda refused the error", refusal, context)
    if pending_work:
        _work_after_answer(context)


def _work_after_answer(context: LambdaContext) -> None:
    """The environment is not frozen before the loop asks for the next event."""
    from ..background_work import do_pending_work

    do_pending_work(context)


def _respond(api: RuntimeApi, invocation: Invocation, result: Any) -> None:
    api.respond(invocation, json.dumps(result, ensure_ascii=False).encode("utf-8"))


def _stream(
    api: RuntimeApi,
    invocation: Invocation,
    handler: LambdaHandler,
    event_format: EventFormat,
    event: Any,
    context: LambdaContext,
) -> None:
    event, request = handler.parse(event, event_format)
    stream = api.open_stream(invocation)
    sink = StreamedSink(stream, event_format, request.method)
    fault = handler.run(request, event, context, event_format, sink)
    if fault is not None and sink.sent:
        stream.abort(describe_error(fault.error or RuntimeError(fault.message), context.aws_request_id))
        return
    if fault is not None:
        sink.replace(fault.response)
    stream.close()


def describe_error(error: BaseException, request_id: str = "") -> dict[str, Any]:
    """An error in the form that Lambda and CloudWatch take."""
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": request_id,
        "stackTrace": traceback.format_list(_user_frames(error)),
    }


def _describe_for_xray(error: BaseException) -> str:
    frames = _user_frames(error)
    exception = {
        "message": str(error),
        "type": type(error).__name__,
        "stack": [{"label": frame.name, "path": frame.filename, "line": frame.lineno} for frame in frames],
    }
    paths = sorted({frame.filename for frame in frames})
    return json.dumps({"working_directory": os.getcwd(), "exceptions": [exception], "paths": paths})


def _user_frames(error: BaseException) -> traceback.StackSummary:
    """The traceback without the frames of this file."""
    frames = traceback.extract_tb(error.__traceback__)
    start = next((index for index, frame in enumerate(frames) if frame.filename != __file__), 0)
    return traceback.StackSummary.from_list(frames[start:])


def _set_trace_id(trace_id: str | None) -> None:
    # The X-Ray SDK reads the variable for each request.
    if trace_id is None:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    else:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id


def _prepare_import_path() -> None:
    """Puts the function's own files first, then its layers. PYTHONPATH has the AWS SDK.

    https://docs.aws.amazon.com/lambda/latest/dg/python-package.html#python-package-searchpath
    """
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    layers = [path for path in (f"/opt/python/lib/{version}/site-packages", "/opt/python") if os.path.isdir(path)]
    root = os.environ.get("LAMBDA_TASK_ROOT", os.getcwd())
    sys.path[:] = [root, *layers] + [path for path in sys.path if path not in (root, "", *layers)]


if __name__ == "__main__":
    main()
