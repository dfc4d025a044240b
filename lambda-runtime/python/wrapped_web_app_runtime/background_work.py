"""Work after the answer: the client has its response, and Lambda does not freeze the environment until the work is done.

With `backgroundWork` or `responseStreaming` the runtime loop of this package does the work between the answer and the next
event. On AWS's own client, which asks for the next event as soon as it has the answer, the client waits for the work.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Any

from .deadline import Deadline, DeadlineExceeded
from .lambda_handler import pending_work
from .log import log_fault, log_warning

_GRACE = 0.3
_is_told = False


def wait_until(work: Callable[[], Any] | Awaitable[Any]) -> None:
    """Does work after the answer to the current request.

    If it fails, the log has the error with the id of the request. Work that has not ended shortly before the function's
    timeout is interrupted. Experimental.

    :param work: a function without parameters, or a coroutine or another awaitable, for which the event loop runs on.
    :raises TypeError: for anything else.
    """
    if not callable(work) and not hasattr(work, "__await__"):
        raise TypeError(
            f"wait_until takes a function without parameters or an awaitable, got {type(work).__name__}; "
            "as in wait_until(functools.partial(send, mail)) or wait_until(send(mail))"
        )
    if "AWS_LAMBDA_RUNTIME_API" in os.environ:
        pending_work.append(work)
    else:
        _begin(work)


def do_pending_work(context: Any) -> None:
    """Does what there is, one after the other, and what that adds. No exception of the work leaves this function."""
    while pending_work:
        work = pending_work.pop(0)
        deadline = Deadline(context, _GRACE)
        try:
            with deadline:
                _do(work, deadline)
        except KeyboardInterrupt:
            raise
        except DeadlineExceeded as error:
            left = len(pending_work)
            pending_work.clear()
            log_fault(
                f"work after the answer did not end before the function's timeout, and was interrupted ({left} more did not begin)",
                error,
                context,
            )
        except BaseException as error:
            # SystemExit too: it would end the environment, and the requests after this one with it.
            log_fault("work after the answer failed", error, context)


def do_before_answer(context: Any) -> None:
    """Where nothing keeps the environment from being frozen."""
    global _is_told
    if not _is_told:
        _is_told = True
        log_warning(
            "wait_until: clients wait until the work is done, because the environment is frozen after the answer; set backgroundWork to true",
            context,
        )
    do_pending_work(context)


def _do(work: Any, deadline: Deadline) -> None:
    result = work if hasattr(work, "__await__") else work()
    if not hasattr(result, "__await__"):
        return
    import asyncio

    from .apps.event_loop import environment_loop

    async def wait() -> None:
        await asyncio.wait_for(result, deadline.seconds_left())

    try:
        environment_loop().run_until_complete(wait())
    except asyncio.TimeoutError as error:
        try:
            deadline.check()
        except DeadlineExceeded as exceeded:
            raise exceeded from error
        raise


def _begin(work: Any) -> None:
    """On a plain server nothing is frozen."""
    if hasattr(work, "__await__"):
        import asyncio

        task = asyncio.ensure_future(work)
        _running.add(task)
        task.add_done_callback(_ended)
        return
    import threading

    def run() -> None:
        try:
            work()
        except Exception as error:
            log_fault("work after the answer failed", error)

    threading.Thread(target=run).start()


#: The event loop itself keeps only weak references.
_running: set[Any] = set()


def _ended(task: Any) -> None:
    _running.discard(task)
    if not task.cancelled() and task.exception() is not None:
        log_fault("work after the answer failed", task.exception())
