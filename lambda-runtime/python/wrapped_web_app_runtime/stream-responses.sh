#!/bin/sh
# AWS_LAMBDA_EXEC_WRAPPER: Lambda calls this with the interpreter and the arguments of its own runtime.
# https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html#runtime-wrapper
export PYTHONPATH="${LAMBDA_TASK_ROOT:-.}${PYTHONPATH:+:$PYTHONPATH}"
export PYTHONUNBUFFERED=1
exec "$1" -m wrapped_web_app_runtime.streaming.runtime_loop
