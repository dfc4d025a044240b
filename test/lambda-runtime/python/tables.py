"""Reads the tables of cases that both runtimes are tested with (test/fixtures/README.md)."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def read_cases(file: str) -> list[dict[str, Any]]:
    cases = json.loads((FIXTURES / file).read_text("utf-8"))
    return [case for case in cases if case.get("runtime", "python") == "python"]


def read_event(fixture: str) -> dict[str, Any]:
    return json.loads((FIXTURES / "events" / fixture).read_text("utf-8"))


def make_event(spec: dict[str, Any]) -> Any:
    if "inline" in spec:
        return copy.deepcopy(spec["inline"])
    event = read_event(spec["fixture"])
    for path in spec.get("without", []):
        remove(event, path)
    return lay_over(event, spec.get("with", {}))


def remove(value: dict[str, Any], path: str) -> None:
    *folders, last = path.split(".")
    for folder in folders:
        value = value[folder]
    value.pop(last, None)


def lay_over(base: dict[str, Any], top: dict[str, Any]) -> dict[str, Any]:
    for name, value in top.items():
        base[name] = lay_over(base[name], value) if isinstance(value, dict) and isinstance(base.get(name), dict) else value
    return base


def settings_environ(case: dict[str, Any]) -> dict[str, str]:
    environ = {}
    if "doors" in case:
        environ["WRAPPED_WEB_APP_DOORS"] = json.dumps(case["doors"])
    if "options" in case:
        environ["WRAPPED_WEB_APP_OPTIONS"] = json.dumps(case["options"])
    if "cdnSecrets" in case:
        environ["WRAPPED_WEB_APP_CDN_SECRETS"] = " ".join(case["cdnSecrets"])
    return environ
