"""What SnapStart breaks: environments are copies of one that was started before.

https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks.html
"""

from __future__ import annotations

import sys

from .log import log_warning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def prepare_for_snapshot() -> None:
    """Registers what has to be done before the snapshot and after each restore. Without SnapStart there is neither."""
    from importlib import import_module

    try:
        # It has no types.
        hooks: Any = import_module("snapshot_restore_py")
    except ImportError:
        # It is part of Lambda's Python runtimes.
        log_warning("snapshot_restore_py is missing, so all copies of this environment have the same random numbers")
        return
    hooks.register_before_snapshot(close_connections)
    hooks.register_after_restore(seed_random_numbers)


def close_connections() -> None:
    """Closes the database connections that the start and the warm-up request have left open, for the copies to open
    their own: nobody answers on them after a restore, and the server would see one client many times.
    """
    for close in _closers():
        try:
            close()
        except Exception as error:
            log_warning(f"a connection could not be closed before the snapshot: {type(error).__name__}: {error}")


def _closers() -> Iterator[Any]:
    django = sys.modules.get("django.db")
    if django is not None:
        yield django.connections.close_all
    sqlalchemy = sys.modules.get("sqlalchemy.engine")
    if sqlalchemy is not None:
        import gc

        for found in gc.get_objects():
            if isinstance(found, sqlalchemy.Engine):
                # The connections of an async engine can be closed on its loop only. They are left behind.
                yield (lambda engine=found: engine.dispose(close=not engine.dialect.is_async))


def seed_random_numbers() -> None:
    """Without this, every copy would go on with the same random numbers. `secrets` and `uuid` ask the system."""
    import random

    random.seed()
    numpy = sys.modules.get("numpy.random")
    if numpy is not None:
        numpy.seed()
