"""Finds the program of a command."""

from __future__ import annotations

import shutil
import sys
from importlib.metadata import entry_points


def find_program(words: list[str]) -> list[str]:
    """The words with which the operating system can start the command.

    A bundle has no commands of packages, such as `alembic` and `flask`, because they contain the path of the machine
    that installed them. The packages say which function each of them calls.
    https://packaging.python.org/en/latest/specifications/entry-points/
    """
    program, *args = words
    if program in ("python", "python3"):
        return [sys.executable, *args]
    if "/" not in program and shutil.which(program) is None:
        for entry_point in entry_points(group="console_scripts", name=program):
            function = f"{entry_point.module}:{entry_point.attr}"
            code = (
                "import importlib, operator, sys; "
                f"module, name = {function!r}.split(':'); sys.argv[0] = {program!r}; "
                "sys.exit(operator.attrgetter(name)(importlib.import_module(module))())"
            )
            return [sys.executable, "-c", code, *args]
    return words


def explain_missing(program: str) -> str:
    """What to do about a program that does not exist."""
    if "/" in program:
        return f"there is no file {program} in the code of the function"
    return (
        f"there is no program {program} on Lambda, and no package in the code of the function has a command of that name; "
        "add its package to the dependencies of the app, or run a file of the app, as in ['python', 'manage.py']"
    )
