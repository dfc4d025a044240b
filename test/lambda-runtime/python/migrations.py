"""Runs the code of the pages of docs/ about moves from other tools, before and after, on live-captured events."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tables import read_event

DOCS = Path(__file__).resolve().parents[3] / "docs"
DOORS = ("function-url", "http-api", "rest-api", "alb")
# Made for each response, or by the front door.
IGNORED = {"content-length", "date", "server"}

Request = tuple[str, str, "str | None", "bytes | None"]
Answer = tuple[int, dict[str, list[str]], bytes]


class Page:
    def __init__(self, name: str) -> None:
        self.path = DOCS / name
        self.text = self.path.read_text("utf-8")

    def file(self, name: str) -> str:
        """The code block that begins with the name of a file."""
        (code,) = re.findall(rf"^```\w+ {re.escape(name)}\n(.*?)^```$", self.text, re.M | re.S)
        return str(code)

    def section(self, name: str) -> str:
        (text,) = re.findall(rf"<!-- {re.escape(name)} -->\n(.*?)<!-- end -->", self.text, re.S)
        return str(text).strip()

    def write(self, name: str, text: str) -> None:
        """Replaces a section, as a maintainer does who has read the differences."""
        pattern = rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end -->)"
        self.text = re.sub(pattern, lambda match: f"{match[1]}{text}\n{match[2]}", self.text, flags=re.S)
        self.path.write_text(self.text, "utf-8")


def make_event(door: str, request: Request) -> dict[str, Any]:
    """A captured event with another method, path and body. Its query, cookies and all other headers stay.

    The program that captured it wrote fields as null or empty that AWS leaves out.
    """
    method, path, content_type, body = request
    event = read_event(f"{door}.json")
    length = None if body is None else str(len(body))
    for name, value in (("content-type", content_type), ("content-length", length)):
        for field in ("headers", "multiValueHeaders"):
            headers = event.get(field)
            if headers is None or (name == "content-length" and door == "rest-api"):
                continue
            if value is None:
                headers.pop(name, None)
            else:
                headers[name] = [value] if field == "multiValueHeaders" else value
    event["body"] = ("" if door == "alb" else None) if body is None else base64.b64encode(body).decode()
    event["isBase64Encoded"] = body is not None
    if door != "rest-api":
        drop_empty(event["requestContext"])
        for name in [name for name, value in event.items() if value is None]:
            del event[name]
    if event.get("version") == "2.0":
        event["rawPath"] = path
        event["requestContext"]["http"].update(method=method, path=path)
    else:
        event.update(path=path, httpMethod=method)
        if door == "rest-api":
            event["requestContext"].update(httpMethod=method, path=f"/{event['requestContext']['stage']}{path}")
            event["pathParameters"] = {"proxy": path[1:]}
    return event


def drop_empty(value: dict[str, Any]) -> None:
    for name, each in list(value.items()):
        if isinstance(each, dict):
            drop_empty(each)
        if each is None or each == "" or each == {}:
            del value[name]


def read_answer(door: str, result: Any) -> Answer:
    """What a client gets, by AWS's documentation of each front door; 502 if the function failed."""
    if isinstance(result, str):
        return (500 if door == "http-api" else 502), {}, result.encode()
    single = [(name, value) for name, value in (result.get("headers") or {}).items()]
    multi = [(name, value) for name, values in (result.get("multiValueHeaders") or {}).items() for value in values]
    if door == "alb":  # with multi-value headers, only these
        pairs = multi
    elif door == "rest-api":  # both, but equal pairs once
        pairs = list(dict.fromkeys(multi + single))
    else:  # no other field but cookies
        pairs = single + [("set-cookie", cookie) for cookie in result.get("cookies") or []]
    headers: dict[str, list[str]] = {}
    for name, value in pairs:
        if name.lower() not in IGNORED:
            headers.setdefault(name.lower(), []).append(value)
    body = result.get("body") or ""
    return result["statusCode"], headers, base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()


PROGRAM = """
import importlib, json, sys
class Context:
    aws_request_id = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
    function_name = "web"
    memory_limit_in_mb = "1024"
    def get_remaining_time_in_millis(self): return 29000
handler = eval(sys.argv[1], {"importlib": importlib})
results = []
for event in json.load(sys.stdin):
    try:
        results.append(handler(event, Context()))
    except Exception as error:
        results.append(repr(error))
print("\\n" + json.dumps(results))
"""


def answers_of(folder: Path, handler: str, requests: list[Request], environ: dict[str, str]) -> dict[str, list[Answer]]:
    """Calls a handler as Lambda does, in a process of its own, and reads its results as each front door does."""
    events = json.dumps([make_event(door, request) for door in DOORS for request in requests])
    child = subprocess.run([sys.executable, "-c", PROGRAM, handler], input=events, capture_output=True, text=True, cwd=folder, env=environ)
    assert child.returncode == 0, child.stderr
    results = iter(json.loads(child.stdout.splitlines()[-1]))
    return {door: [read_answer(door, next(results)) for _ in requests] for door in DOORS}


def table_of_differences(requests: list[Request], before: dict[str, list[Answer]], after: dict[str, list[Answer]]) -> str:
    """A row for each difference. Front doors that differ in the same way share a row."""
    rows: dict[str, list[str]] = {}
    for index, (method, path, *_) in enumerate(requests):
        for door in DOORS:
            for cells in differences(before[door][index], after[door][index]):
                rows.setdefault(" | ".join([f"`{method} {path}`", *cells]), []).append(f"`{door}`")
    if not rows:
        return "No answer differs."
    head = ["| front door | request | what | before | after |", "| --- | --- | --- | --- | --- |"]
    return "\n".join(head + [f"| {', '.join(doors)} | {row} |" for row, doors in rows.items()])


def differences(before: Answer, after: Answer) -> list[list[str]]:
    if before[0] != after[0]:
        return [["status", str(before[0]), str(after[0])]]
    found = [] if before[2] == after[2] else [["body", show_body(before[2]), show_body(after[2])]]
    for name in sorted({*before[1], *after[1]}):
        one, other = (" and ".join(f"`{value}`" for value in headers.get(name, [])) or "none" for headers in (before[1], after[1]))
        if one != other:
            found.append([f"`{name}`", one, other])
    return found


def show_body(body: bytes) -> str:
    if not body:
        return "empty"
    if len(body) <= 200 and re.fullmatch(rb"[\x20-\x7e]+\n?", body):
        return f"`{body.decode().rstrip()}`"
    return f"{len(body)} bytes: `{body[:8].hex()}…`"
