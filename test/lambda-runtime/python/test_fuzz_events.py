"""A short run of fuzz_events.py, whose docstring says how to run a long one."""

from __future__ import annotations

import warnings

from fuzz_events import fuzz


def test_hostile_events_are_answered_or_refused() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # wsgiref.validate on methods that it does not know
        counts = fuzz(iter(range(800)))
    assert counts["answered"] > 400 and counts["refused"] > 100


def test_a_stage_beyond_ascii_is_escaped_in_the_mount_prefix() -> None:
    assert fuzz(iter([1795424839])) == {"answered": 2, "refused": 0, "faults": 0}
